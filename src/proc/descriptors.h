/* SPDX-License-Identifier: MIT */
/*
 * Descriptors of our own. A process may be started with stdin, stdout or stderr closed;
 * what we open for ourselves must then not land there, where a log line would end up in
 * it.
 */
#ifndef PROC_DESCRIPTORS_H
#define PROC_DESCRIPTORS_H

/*
 * Moves `fd` to 3 or above where it is lower, and returns it; one that is moved is
 * CLOEXEC. Returns -1 with errno set where that fails, or `fd` is -1, so that a call that
 * opens can stand in the argument.
 */
int fd_above_stderr(int fd);

/* pipe2(2) with O_CLOEXEC, both ends above stderr. Returns 0, or -1 with errno set. */
int pipe_above_stderr(int ret_fds[2]);

/*
 * The same of a socket's two ends, through which descriptors can be passed, or of a pipe
 * where none is to be had. What is written to the second is read from the first.
 */
int socket_pair_above_stderr(int ret_fds[2]);

/* Passes a descriptor through the first end. Returns 0, or -1 with errno set. */
int fd_pass(int socket, int fd);

/* Takes one from the second end: it is CLOEXEC and above stderr; -1: none was passed. */
int fd_take(int socket);

/*
 * Opens /dev/null on each of 0, 1 and 2 that is closed; without one, what can neither be
 * read nor written.
 */
void fds_fill_standard(void);

#endif
