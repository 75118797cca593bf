/* SPDX-License-Identifier: MIT */
/*
 * A request to stop, and the deadline: to be checked wherever a process waits, and
 * between pieces of its work. All signals are blocked in it, and another process, which
 * gets them, asks it by memory that both see and a descriptor that wakes it. So nothing
 * is interrupted in the middle, nothing waits without noticing a stop, and who does not
 * wait looks for one without a system call.
 *
 * After a request, every further call returns -1 for it.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct err;

struct stop {
	const atomic_int *asked; /* the stop signal, or 0; NULL: nobody asks */
	int fd;                  /* readable once it is there; -1: nobody asks */
	int signal;              /* the same signal, once it was seen, or 0 */
	int64_t deadline_ms;     /* on clock_ms(); 0: none */
	int64_t timeout_ms;      /* the deadline is the end of this one; 0: it is not */
	const char
		*deadline; /* of the whole: "of 5s (--deadline)", for errors; or NULL */
};

#define STOP_INIT \
	{ \
		.fd = -1 \
	}

/*
 * For who asks: stores the signal, and wakes who polls the other end of `fd`, to which
 * nothing else is written. What is asked afterwards changes nothing.
 */
void stop_ask(atomic_int *asked, int fd, int signal);

/*
 * Brings the deadline nearer, to `timeout_ms` from now; -1 and what is later than the
 * deadline change nothing. Returns what stop_widen() sets again.
 */
struct stop stop_narrow(struct stop *stop, int64_t timeout_ms);
void stop_widen(struct stop *stop, const struct stop *before);

/* Is it time to end, for a signal or the deadline? NULL: it never is. */
bool stop_is_due(struct stop *stop);

/*
 * Returns 0 to go on, or -1: with ERR_INTERRUPTED after a stop signal, which is in
 * `code`, or with ERR_FAILED past the deadline.
 */
int stop_check(struct stop *stop, struct err *err);

/*
 * poll(2) on up to 64 descriptors and on the stop signal at once. `timeout_ms` -1 waits
 * without a limit of its own. Returns poll's count, 0 after the timeout, or -1 as
 * stop_check() does, or where poll(2) fails.
 */
int stop_poll(struct stop *stop, struct pollfd *fds, nfds_t count, int64_t timeout_ms,
	struct err *err);

/* Waits `ms` milliseconds. Returns 0, or -1 as stop_poll() does. */
int stop_sleep(struct stop *stop, int64_t ms, struct err *err);

#endif
