/* SPDX-License-Identifier: MIT */
/*
 * The env_files of [app]: reading them, and who has what they set.
 *
 * As root, one that others than root can change is the application's alone: no step, no
 * setting and no [env] sees its variables (asking for one is an error), and env_from_file
 * follows no path in it. It must be the file of the user that the application runs as, or
 * in a directory that others may write, of that user or of root; else it is an error.
 */
#ifndef PLAN_ENV_GIVEN_H
#define PLAN_ENV_GIVEN_H

struct bootstrap;
struct env;
struct err;
struct log;

/*
 * Sets the variables of an env_file in `env`, for the application. What is odd goes to
 * `log`, or nowhere. Returns 0, also where the file is missing and `path` begins with a
 * "-", or -1; what no retry mends is ERR_CONFIG.
 */
int env_given_read(struct bootstrap *bootstrap, const char *path, const struct log *log,
	struct env *env, struct err *err);

/*
 * The same for steps: what they are not to see goes to bootstrap->apps, with why. As far
 * as the files can be read by now; what is wrong with one is for env_given_read().
 */
void env_given_begin(struct bootstrap *bootstrap);

/*
 * Says of each that is the application's alone that commands of steps do not see what it
 * sets: a warning, if there are commands. For when the steps are decided.
 */
void env_given_note(struct bootstrap *bootstrap);

/* For `check`: warns of each that others can change, as far as it exists by now. */
void env_given_check(struct bootstrap *bootstrap);

#endif
