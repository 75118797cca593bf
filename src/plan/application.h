/* SPDX-License-Identifier: MIT */
/*
 * What the application is started with: command, environment, identity, working
 * directory.
 */
#ifndef PLAN_APPLICATION_H
#define PLAN_APPLICATION_H

#include "base/env.h"
#include "plan/bootstrap.h"
#include "proc/launch.h"

/*
 * Fills `ret`, whose environment lives in `env`. `init` (enum launch_init) beats the
 * configuration's unless it is LAUNCH_AUTO. With `strict` (exec), a value that is to be
 * exported and is not there is an error.
 */
int application_make(struct bootstrap *bootstrap, int init, bool strict, struct env *env,
	struct launch *ret, struct err *err);

#endif
