/* SPDX-License-Identifier: MIT */
/*
 * The application's environment, made in this order, where what comes later wins: ours
 * (unless clear_env), HOME of a dropped user, env_file, file_env, env, what key steps
 * export; less unset_env.
 *
 *	environment_read()	before the first step: env_file and file_env
 *	environment_make()	after the last: the whole
 *
 * A file that cannot be read is found before anything is touched. Only what a step of the
 * configuration makes (its path, or what lies below) is left for the end; and once a step
 * has done something, all files are read again then.
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

/* Keeps what it reads in bootstrap->given. A file with a wrong line is ERR_CONFIG. */
int environment_read(struct bootstrap *bootstrap, struct err *err);

/* With `strict` (exec), a value that is to be exported and is not there is an error. */
int environment_make(
	struct bootstrap *bootstrap, bool strict, struct env *env, struct err *err);

#endif
