/* SPDX-License-Identifier: MIT */
/* /proc, which may be missing, or that of another pid namespace. Nothing is allocated. */
#ifndef PROC_PROCFS_H
#define PROC_PROCFS_H

#include <stdbool.h>
#include <sys/types.h>

/* Are its numbers those that the kernel gives us? */
bool procfs_is_ours(void);

/*
 * How far below the pid namespace of /proc ours is: 0 where it is the same, -1 where it
 * is not below it, or /proc is missing. What the number of a process there is here: 0
 * where it is none of our namespace.
 */
int procfs_level(void);
pid_t procfs_number(pid_t pid, int level);

/*
 * Calls `line` for each line of /proc/PID/status, which is cut where it is longer than
 * PROCFS_LINE_MAX: that of a user with many groups. Returns 0, or -1 without that file.
 */
#define PROCFS_LINE_MAX 400
int procfs_status(pid_t pid, void (*line)(void *user, const char *text), void *user);

/*
 * Calls `found` for each number in it: those of all processes, also of what has ended and
 * is not reaped. Returns 0, or -1 where there is none.
 */
int procfs_each(void (*found)(void *user, pid_t pid), void *user);

#endif
