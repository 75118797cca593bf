/* SPDX-License-Identifier: MIT */
/*
 * The application's environment, made in this order, where what comes later wins: ours
 * (unless clear_env), HOME of a dropped user, env_file, file_env, env, what key steps
 * export; less unset_env.
 *
 * An env_file has NAME=value lines; blank lines and lines that begin with # are passed
 * over, and one pair of quotes around a value is taken off. Nothing in it is expanded.
 */
#ifndef PLAN_ENVIRONMENT_H
#define PLAN_ENVIRONMENT_H

#include <stdbool.h>

struct bootstrap;
struct env;
struct err;

/* With `strict` (exec), a value that is to be exported and is not there is an error. */
int environment_make(
	struct bootstrap *bootstrap, bool strict, struct env *env, struct err *err);

#endif
