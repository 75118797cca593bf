/* SPDX-License-Identifier: MIT */
/* A file without a name, for what one process hands to another. */
#ifndef BASE_NAMELESS_H
#define BASE_NAMELESS_H

struct err;

/*
 * Returns the descriptor of a new, empty one, open for reading and writing and
 * close-on-exec, which the caller closes; or -1. It is a memfd, and `name` shows in
 * /proc/PID/fd. Where memfd_create(2) is refused (a seccomp filter, an old kernel) it is
 * an unlinked file in /dev/shm, /run or, where neither can be used, /tmp. A process that
 * has the descriptor can open it again by /proc/self/fd, also as another user.
 */
int nameless_open(const char *name, struct err *err);

#endif
