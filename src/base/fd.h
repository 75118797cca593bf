/* SPDX-License-Identifier: MIT */
/*
 * Descriptors: closing them when a scope ends, reading and writing all of something.
 *
 *	CLEANUP_FD int fd = open(…);
 *	…
 *	keeper->fd = steal_fd(&fd);	now it is the keeper's
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stddef.h>

struct buf;

void close_fd(int *fd);
int steal_fd(int *fd);
#define CLEANUP_FD __attribute__((cleanup(close_fd)))

/* Writes all of it, going on after EINTR and short writes. -1 with errno set. */
int fd_write_all(int fd, const void *data, size_t size);

/*
 * Reads to the end and appends it to `ret`. More than `limit` bytes is an error (EFBIG).
 * -1 with errno set; what was read by then stays in `ret`.
 */
int fd_read_all(int fd, size_t limit, struct buf *ret);

/* Writes all that `from` holds, from its beginning, to `to`. -1 with errno set. */
int fd_copy(int from, int to);

#endif
