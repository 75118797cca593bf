/* SPDX-License-Identifier: MIT */
/*
 * The application's environment, made in this order, where what comes later wins: ours
 * (unless clear_env), HOME of the user that it runs as, env_file, file_env, env, and what
 * steps export; without what unset_env matches. Where the command runs as it was given
 * (bootstrap->as_given), it is ours.
 *
 *	environment_read()	before the first step: env_file and file_env
 *	environment_make()	after the last: the whole
 *
 * So a file that cannot be read is found before anything is touched. Only files that a
 * step makes (its path, or what lies below) are left for the end; and if a step has
 * changed something, all files are read again then.
 */
#ifndef PLAN_ENVIRONMENT_H
#define PLAN_ENVIRONMENT_H

#include <stdbool.h>

struct bootstrap;
struct env;
struct err;

/*
 * Keeps what it reads in bootstrap->given. Returns 0, or -1; a wrong line is ERR_CONFIG.
 */
int environment_read(struct bootstrap *bootstrap, struct err *err);

/*
 * The PATH in it, as far as it is known behind environment_read(). Returns 0 with `ret`,
 * which is NULL where there is none, or 1 where it is not known yet: a file that a step
 * makes may set it.
 */
int environment_path(const struct bootstrap *bootstrap, const char **ret);

/*
 * Makes it in `env`, which is empty before and which the caller releases. With `strict`
 * (exec), an export that has no value yet is an error. Returns 0, or -1.
 */
int environment_make(
	struct bootstrap *bootstrap, bool strict, struct env *env, struct err *err);

#endif
