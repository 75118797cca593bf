/* SPDX-License-Identifier: MIT */
/* What the application has left running. */
#include "proc/leftovers.h"

#include <signal.h>
#include <stdbool.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/privilege.h"
#include "base/signal_name.h"
#include "proc/children.h"
#include "proc/tally.h"

#define LEFT "what the application left running"

/* How long the killed may take to go; a process in the kernel's hands may never. */

/* Without a timeout, after this it is said who is waited for. */
#define SAID_MS 1000

static void report_ended(const struct log *log, const struct tally *ended)
{
	char text[TALLY_TEXT_MAX];

	if (ended->count)
		log_info(log, LEFT " was ended: %s", tally_text(ended, text));
}

/* `stop`: what has cut the wait short, or 0. */
static void report_killed(
	const struct log *log, const struct tally *killed, int64_t after_ms, int stop)
{
	char text[TALLY_TEXT_MAX], after[CLOCK_TEXT_MAX], name[SIGNAL_NAME_SIZE];

	clock_duration(after_ms * 1000, after);
	if (killed->count)
		log_warn(log, LEFT " did not end in time: killed %s%s%s%s: %s",
			after_ms ? "after " : "at once", after_ms ? after : "",
			stop ? ", by " : "", stop ? signal_name(stop, name) : "",
			tally_text(killed, text));
}

/* What KILL has not ended; `refused`: it could not be sent. */
static void report_alive(const struct leftovers *leftovers, bool refused)
{
	struct tally alive;
	char text[TALLY_TEXT_MAX];

	if (!children_count(leftovers->spared, &alive)) {
		if (getpid() != 1)
			log_warn(leftovers->log,
				LEFT " is not ended: without /proc it cannot be found");
		return;
	}
	if (alive.count)
		log_warn(leftovers->log, LEFT " %s%s, and %s: %s",
			refused ? "may not be signalled by us" : "did not end by KILL",
			refused && geteuid() == 0
				? " (root needs CAP_KILL: docker run --cap-add KILL)"
				: "",
			getpid() == 1 ? "ends with PID 1" : "is left",
			tally_text(&alive, text));
}

/* TERM, and the time that there is. Returns whether all have ended. */
static bool ask(
	const struct leftovers *leftovers, struct children_ending *ending, int *ret_stop)
{
	int64_t timeout_ms = leftovers->timeout_ms;
	int64_t first_ms = timeout_ms < 0 ? SAID_MS : timeout_ms;
	char text[TALLY_TEXT_MAX];
	struct tally alive;

	if (children_end_rounds(ending, leftovers->rules, leftovers->signal_fd,
		    clock_ms() + first_ms, ret_stop))
		return true;
	if (timeout_ms >= 0 || *ret_stop)
		return false;
	if (children_count(leftovers->spared, &alive))
		log_info(leftovers->log, LEFT " is waited for: %s",
			tally_text(&alive, text));
	return children_end_rounds(
		ending, leftovers->rules, leftovers->signal_fd, INT64_MAX, ret_stop);
}

void leftovers_end(const struct leftovers *leftovers)
{
	struct tally ended = {0}, killed = {0};
	struct children_ending ending = {.signal = SIGTERM,
		.spared = leftovers->spared,
		.user = leftovers->user,
		.ended = &ended};
	int64_t began_ms = clock_ms(), after_ms;
	int stop = 0;
	bool done = ask(leftovers, &ending, &stop);

	report_ended(leftovers->log, &ended);
	after_ms = stop ? clock_ms() - began_ms : leftovers->timeout_ms;
	if (!done) {
		ending = (struct children_ending){.signal = SIGKILL,
			.spared = leftovers->spared,
			.user = leftovers->user,
			.ended = &killed};
		done = children_end_rounds(&ending, NULL, leftovers->signal_fd,
			clock_ms() + CHILDREN_KILLED_MS, &stop);
		report_killed(leftovers->log, &killed, after_ms, stop);
	}
	if (children_any())
		report_alive(leftovers, done);
}
