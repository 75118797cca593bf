/* SPDX-License-Identifier: MIT */
/* The signal of `reload`, which must not end an application that is still starting. */
#include <poll.h>
#include <signal.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "proc/handling.h"
#include "proc/launch.h"
#include "proc/reloader.h"
#include "proc/signals.h"
#include "proc/supervise_internal.h"

#define WAIT_MS     10000
#define PERHAPS_MAX 5
#define INSPECT_MS  100 /* there is no event for it */

/* Until then it is a process of ours, in which all are blocked. */
static bool is_executed(struct supervisor *s)
{
	struct pollfd gate = {.fd = s->gate[1]};

	if (s->gate[1] < 0)
		return true;
	if (poll(&gate, 1, 0) <= 0)
		return false;
	close_fd(&s->gate[1]);
	return true;
}

/*
 * In its group there may be what comes and goes, as the commands of a script, and never
 * handles it: that is waited for only while the application is young.
 */
static enum handling inspect(struct supervisor *s)
{
	int signal = s->order->launch->reload;
	enum handling handling =
		is_executed(s) ? handling_of(s->child, signal) : HANDLES_NOT;

	if (handling == HANDLES && child_takes_group(s) &&
		clock_ms() < s->launched_ms + WAIT_MS)
		return handling_of_group(s->child, signal);
	return handling;
}

/* Does it, so that the signal can be sent? What blocks it all the time takes it. */
static bool is_handled(struct supervisor *s)
{
	struct reload_signal *waiting = &s->reload;
	enum handling handling = inspect(s);
	char name[SIGNAL_NAME_SIZE];

	waiting->perhaps = handling == HANDLES_PERHAPS ? waiting->perhaps + 1 : 0;
	if (handling == HANDLES || waiting->perhaps == PERHAPS_MAX || waiting->survived)
		return true;
	if (handling == HANDLES_NOT && !waiting->said)
		log_info(s->order->log,
			"reload: %s waits until the application handles it",
			signal_name(s->order->launch->reload, name));
	waiting->said |= handling == HANDLES_NOT;
	return false;
}

static void send_it(struct supervisor *s, bool handled)
{
	struct reload_signal *waiting = &s->reload;
	int signal = s->order->launch->reload;
	char name[SIGNAL_NAME_SIZE];

	(void)signal_name(signal, name);
	if (handled)
		log_info(s->order->log, "reload: %s is sent to the application", name);
	else
		log_warn(s->order->log,
			"reload: %s is sent to the application, which after %d s "
			"does not handle it yet, and may end by it",
			name, WAIT_MS / 1000);
	waiting->until_ms = 0;
	waiting->survived |= !handled; /* or there is no next one */
	child_forward(s, signal);
}

void reload_signal_turn(struct supervisor *s)
{
	struct reload_signal *waiting = &s->reload;
	int64_t now;

	if (!waiting->until_ms && !waiting->due)
		return;
	now = clock_ms();
	if (!waiting->until_ms)
		*waiting = (struct reload_signal){
			.until_ms = now + WAIT_MS, .survived = waiting->survived};
	waiting->due = false;
	if (s->order->reloader->stopped) {
		waiting->until_ms = 0;
	} else if (now >= waiting->inspect_ms && is_handled(s)) {
		send_it(s, true);
	} else if (now >= waiting->until_ms) {
		send_it(s, false);
	} else if (now >= waiting->inspect_ms) {
		waiting->inspect_ms = now + INSPECT_MS;
	}
}

int64_t reload_signal_next(const struct supervisor *s)
{
	const struct reload_signal *waiting = &s->reload;

	if (!waiting->until_ms)
		return INT64_MAX;
	return waiting->inspect_ms < waiting->until_ms ? waiting->inspect_ms
						       : waiting->until_ms;
}
