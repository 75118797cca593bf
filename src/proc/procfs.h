/* SPDX-License-Identifier: MIT */
/* /proc, which may be missing, or that of another pid namespace. Nothing is allocated. */
#ifndef PROC_PROCFS_H
#define PROC_PROCFS_H

#include <stdbool.h>
#include <sys/types.h>

/* Are its numbers those that the kernel gives us? */
bool procfs_is_ours(void);

/*
 * Calls `found` for each number in it: those of all processes, also of what has ended and
 * is not reaped. Returns 0, or -1 where there is none.
 */
int procfs_each(void (*found)(void *user, pid_t pid), void *user);

#endif
