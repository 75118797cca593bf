/* SPDX-License-Identifier: MIT */
/*
 * A request to stop, and the deadline: asked at every place where we wait, and between
 * pieces of work. Every signal is blocked in the worker; a stop signal waits in the
 * kernel until one of these functions takes it from the signalfd. So nothing is ever
 * interrupted in the middle, and nothing waits without listening.
 *
 * Once a stop was seen, every later question answers the same.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <poll.h>
#include <stdint.h>

struct err;

struct stop {
	int fd;              /* signalfd (non-blocking) of the stop signals; -1: none */
	int signal;          /* the stop signal that arrived, or 0 */
	int64_t deadline_ms; /* on clock_ms(); 0: none */
};

#define STOP_INIT {.fd = -1}

/*
 * 0, or -1 with ERR_INTERRUPTED (`code` is the signal) or, past the deadline, ERR_FAILED.
 */
int stop_check(struct stop *stop, struct err *err);

/*
 * poll(2) on up to 8 descriptors and the stop signal at once; `timeout_ms` -1 waits for
 * ever. Returns poll's count (0: timed out), or -1 as stop_check() does.
 */
int stop_poll(struct stop *stop, struct pollfd *fds, nfds_t count, int64_t timeout_ms,
	struct err *err);

/* Waits `ms` milliseconds: 0, or -1 as stop_check() does. */
int stop_sleep(struct stop *stop, int64_t ms, struct err *err);

#endif
