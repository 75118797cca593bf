/* SPDX-License-Identifier: MIT */
/*
 * Descriptors of our own. A process may be started with stdin, stdout or stderr closed;
 * what we open for ourselves must then not land there, where a log line would end up in
 * it.
 */
#ifndef PROC_DESCRIPTORS_H
#define PROC_DESCRIPTORS_H

#include <stddef.h>

/*
 * Takes `fd` and gives it back at 3 or above, CLOEXEC; -1 stays -1 (errno kept), so that
 * a call that opens can stand in the argument.
 */
int fd_above_stderr(int fd);

/* pipe2(2) with O_CLOEXEC, both ends above stderr: 0, or -1 with errno set. */
int pipe_above_stderr(int ret_fds[2]);

/*
 * Opens /dev/null on each of 0, 1 and 2 that is closed; where there is none it stays so.
 */
void fds_fill_standard(void);

/* Closes all descriptors but stderr and `keep` (-1 among them is passed over). */
void fds_close_others(const int *keep, size_t count);

#endif
