/* SPDX-License-Identifier: MIT */
/* Requests to stop, a deadline, and waiting for both. */
#include "base/stop.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/signal_name.h"

#define FDS_MAX 64

void stop_ask(atomic_int *asked, int fd, int signal)
{
	int none = 0;

	if (!atomic_compare_exchange_strong(asked, &none, signal))
		return;
	/* Nothing else is ever written to it; without a reader nobody is to be woken. */
	if (write(fd, "", 1) < 0)
		return;
}

struct stop stop_narrow(struct stop *stop, int64_t timeout_ms)
{
	const struct stop before = *stop;
	int64_t own = timeout_ms < 0 ? 0 : clock_ms() + timeout_ms;

	if (own && (!before.deadline_ms || own < before.deadline_ms)) {
		stop->deadline_ms = own;
		stop->timeout_ms = timeout_ms;
	}
	return before;
}

void stop_widen(struct stop *stop, const struct stop *before)
{
	stop->deadline_ms = before->deadline_ms;
	stop->timeout_ms = before->timeout_ms;
}

static int raise_timeout(int64_t timeout_ms, struct err *err)
{
	char text[CLOCK_TEXT_MAX];

	clock_duration(timeout_ms * 1000, text);
	return err_fail(err, "it took longer than its timeout of %s", text);
}

bool stop_is_due(struct stop *stop)
{
	if (stop && !stop->signal && stop->asked)
		stop->signal = atomic_load(stop->asked);
	return stop &&
		(stop->signal || (stop->deadline_ms && clock_ms() >= stop->deadline_ms));
}

int stop_check(struct stop *stop, struct err *err)
{
	char name[SIGNAL_NAME_SIZE];

	if (!stop_is_due(stop))
		return 0;
	if (stop->signal)
		return err_raise(err, ERR_INTERRUPTED, stop->signal, "interrupted by %s",
			signal_name(stop->signal, name));
	if (stop->timeout_ms)
		return raise_timeout(stop->timeout_ms, err);
	return err_fail(err, "the deadline%s%s has passed", stop->deadline ? " " : "",
		stop->deadline ? stop->deadline : "");
}

int stop_poll(struct stop *stop, struct pollfd *fds, nfds_t count, int64_t timeout_ms,
	struct err *err)
{
	struct pollfd all[FDS_MAX + 1];
	int64_t until = timeout_ms < 0 ? INT64_MAX : clock_ms() + timeout_ms;
	int64_t end = until;

	if (count > FDS_MAX)
		return err_fail(err, "poll: too many descriptors");
	if (stop->deadline_ms && stop->deadline_ms < end)
		end = stop->deadline_ms;
	if (count)
		memcpy(all, fds, count * sizeof *fds);
	for (;;) {
		int n;

		if (stop_check(stop, err) < 0)
			return -1;
		all[count] = (struct pollfd){.fd = stop->fd, .events = POLLIN};
		n = poll(all, count + 1, clock_wait(end));
		if (n < 0 && errno != EINTR)
			return err_sys(err, "poll");
		if (n > 0 && all[count].revents)
			n--;
		if (n > 0 && count) {
			memcpy(fds, all, count * sizeof *fds);
			return n;
		}
		if (clock_ms() >= until)
			return stop_check(stop, err);
	}
}

int stop_sleep(struct stop *stop, int64_t ms, struct err *err)
{
	return stop_poll(stop, NULL, 0, ms, err) < 0 ? -1 : 0;
}
