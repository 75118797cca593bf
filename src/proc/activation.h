/* SPDX-License-Identifier: MIT */
/*
 * Variables that name a process by its pid and mean the application: a service manager
 * has set them for the process that it started (sd_listen_fds(3),
 * sd_watchdog_enabled(3)).
 */
#ifndef PROC_ACTIVATION_H
#define PROC_ACTIVATION_H

#include <sys/types.h>

struct env;

/*
 * The environment of the calling process, which becomes the application: where LISTEN_PID
 * or WATCHDOG_PID is `started_as`, the process that was started in its place, it names
 * the caller. The pid of another process stays. Returns `environment`, or a copy in
 * `room`, which is empty before and the caller's to release.
 */
char *const *activation_env(char *const *environment, pid_t started_as, struct env *room);

#endif
