/* SPDX-License-Identifier: MIT */
/*
 * What steps and settings see, and what the application gets, made in one order, where
 * what comes later wins: ours, env_file, env_from_file, [env].
 *
 * The application gets besides: HOME of the user that it runs as behind ours (which
 * clear_env leaves out), then `env` of [app] and what steps export; without what
 * unset_env matches. Where the command runs as it was given (bootstrap->as_given), it
 * gets ours.
 *
 * As root, steps and settings do not see an env_file that others can change, and [env]
 * is made without it.
 *
 *	environment_begin()	when the configuration was read: what steps see
 *	environment_read()	before the first step: env_file and env_from_file
 *	environment_make()	after the last: the whole
 *	environment_release()	in the end
 *
 * So a file that cannot be read is found before anything is touched. Only files that a
 * step makes (its path, or what lies below) are left for the end; and if a step has
 * changed something, all files are read again then.
 */
#ifndef PLAN_ENVIRONMENT_H
#define PLAN_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

struct bootstrap;
struct env;
struct err;
struct section;

/*
 * Makes bootstrap->env. What is wrong with [env] goes to bootstrap->application.early. A
 * file that cannot be read yet gives nothing: a step may make it, and else
 * environment_read() says so. `check` and `list` read no file.
 */
void environment_begin(struct bootstrap *bootstrap);

/* What modules hand on is a secret, too: their sections are `first` and all behind it. */
void environment_add_modules(struct bootstrap *bootstrap, const struct section *first);

/*
 * Before steps are decided: adds to bootstrap->problems where a variable of env_from_file
 * has a value besides. `check` is warned of env_files that others can change
 * (plan/env_given.h).
 */
void environment_check(struct bootstrap *bootstrap);

/*
 * When steps are decided, so that it is known which files they make: adds what is wrong
 * in env_files. Where there are more problems than `before`, which end the start ahead of
 * environment_read(), a file that cannot be read is another one: steps were judged
 * without it.
 */
void environment_check_files(struct bootstrap *bootstrap, size_t before);

/*
 * Is all that is wrong that files of env_from_file could not be read? They may be mounted
 * later: it is no error of the configuration, then.
 */
bool environment_may_come(struct bootstrap *bootstrap);

/*
 * Keeps what it reads in bootstrap->given. Returns 0, or -1; a wrong line is ERR_CONFIG.
 */
int environment_read(struct bootstrap *bootstrap, struct err *err);

/*
 * The PATH in it, as far as it is known behind environment_read(). Returns 0 with `ret`,
 * which is NULL where there is none, or 1 where it is not known yet: a file that a step
 * makes may set it, or [app] has names that steps export.
 */
int environment_path(const struct bootstrap *bootstrap, const char **ret);

/*
 * Makes it in `env`, which is empty before and which the caller releases. With `strict`
 * (exec), an export that has no value yet is an error. Returns 0, or -1.
 */
int environment_make(
	struct bootstrap *bootstrap, bool strict, struct env *env, struct err *err);

/* Lets go of all of them. */
void environment_release(struct bootstrap *bootstrap);

#endif
