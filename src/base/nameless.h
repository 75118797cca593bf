/* SPDX-License-Identifier: MIT */
/* A file without a name, for what one process hands to another. */
#ifndef BASE_NAMELESS_H
#define BASE_NAMELESS_H

struct err;

/*
 * An empty one, for reading and writing, close-on-exec; the caller closes it. It lies in
 * memory: a memfd; where that is refused (a seccomp filter, an old kernel) an unlinked
 * file in /dev/shm or /run, and in /tmp only where there is neither. Whoever is given the
 * descriptor may open it again by /proc/self/fd, whoever they have become. -1 on error.
 */
int nameless_open(const char *name, struct err *err);

#endif
