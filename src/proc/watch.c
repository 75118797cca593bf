/* SPDX-License-Identifier: MIT */
/* Watching the worker. */
#include "proc/watch.h"

#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit_code.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/stop.h"
#include "proc/activity.h"
#include "proc/signals.h"
#include "proc/stack.h"
#include "proc/termination.h"

/* Real-time signals are queued. A sender without end does not keep us. */
#define FIRST_QUEUED 32
#define QUEUE_MAX    1000

#define INSPECT_MS    1000
#define KNOWN_MS      5     /* the same for the meaning of a signal that has arrived */
#define FIRST_LINE_MS 1000  /* after this a step is said to be at work */
#define NEXT_LINES_MS 10000 /* and at each multiple of this */

static void kill_by(struct watch *watch, int64_t ms)
{
	if (!watch->kill_at_ms || ms < watch->kill_at_ms)
		watch->kill_at_ms = ms;
}

/* ---- signals ---- */

/* As the kernel has it: one that stops and one that continues cancel each other. */
static void arrive(struct watch *watch, int signal)
{
	uint64_t bit = signal_bit(signal);
	uint64_t cancelled = 0;

	if (signal == SIGCONT)
		cancelled = SIGNALS_SUSPENDING;
	else if (bit & SIGNALS_SUSPENDING)
		cancelled = signal_bit(SIGCONT);
	watch->kept &= ~cancelled;
	watch->arrived = (watch->arrived & ~cancelled) | bit;
}

/* What ends the start where this signal is received: itself, or what it becomes; or 0. */
static int stop_of(const struct signal_rules *rules, int received)
{
	int becomes = rewriting_get(&rules->becomes, received);

	if (!becomes || (becomes == received && signal_ignored(received)))
		return 0;
	if (signal_is_stop(becomes) && !signal_is_stop(received))
		return becomes;
	return signal_is_stop(becomes) || signal_rules_stop(rules, received) ? received
									     : 0;
}

static void stop_by(struct watch *watch, int signal, int64_t grace_ms)
{
	if (watch->stop)
		return;
	watch->stop = signal;
	if (watch->ended)
		return;
	stop_ask(activity_stop(watch->activity), watch->stop_fd, signal);
	kill_by(watch, clock_ms() + grace_ms);
}

static const struct signal_rules no_rules;

/* NULL: the worker has yet to find out. */
static const struct signal_rules *find_rules(const struct watch *watch)
{
	const struct signal_rules *known =
		watch->activity ? activity_known_signals(watch->activity) : NULL;

	return watch->again || (!known && watch->ended) ? &no_rules : known;
}

/*
 * Decides what has arrived, once its meaning is known. Who has not read a configuration
 * when the grace of a stop is over does not look for one either.
 */
static void judge(struct watch *watch)
{
	const struct signal_rules *rules = find_rules(watch);
	bool late = !rules && watch->judge_at_ms && clock_ms() >= watch->judge_at_ms;
	char name[SIGNAL_NAME_SIZE], as[SIGNAL_NAME_SIZE];

	if (!watch->judge_at_ms)
		watch->judge_at_ms = clock_ms() + watch->grace_ms;
	if (!rules && !late)
		return;
	for (int i = 1; i <= SIGNALS_MAX; i++) {
		int stop = watch->arrived & signal_bit(i)
			? stop_of(rules ? rules : &no_rules, i)
			: 0;

		if (stop && stop != i && !watch->stop)
			log_info(watch->log, "%s was received: it is a %s (`signals`)",
				signal_name(i, name), signal_name(stop, as));
		if (stop)
			stop_by(watch, stop, late ? 0 : watch->grace_ms);
	}
	watch->kept |= watch->arrived; /* nothing is launched after a stop */
	watch->arrived = 0;
	watch->judge_at_ms = 0;
}

/* Returns whether one of those was taken of which many may wait. */
static bool take_signals(struct watch *watch)
{
	uint64_t left = SIGNALS_ALL;
	bool queued = false;
	siginfo_t info;

	while (signals_next(&left, &info)) {
		queued |= info.si_signo >= FIRST_QUEUED;
		if (!signals_are_ours(&info))
			arrive(watch, info.si_signo);
	}
	return queued;
}

int watch_stopped(struct watch *watch)
{
	/* The application gets each once; what were left would come besides. */
	for (int i = 0; i < QUEUE_MAX && take_signals(watch); i++)
		continue;
	if (watch->arrived)
		judge(watch);
	return watch->stop;
}

/* ---- the worker ---- */

static void reap(struct watch *watch)
{
	int status;
	pid_t pid;

	while ((pid = children_reap(&watch->spared, 0, &status)) > 0)
		if (pid == watch->worker && !watch->ended) {
			watch->ended = true;
			watch->status = status;
		}
}

/* Where it is, for messages: in `room`, or a constant. */
#define PLACE_MAX (ACTIVITY_TEXT_MAX + sizeof "step ''")

static const char *place(const struct watch *watch, char room[PLACE_MAX])
{
	struct activity_now now;

	(void)activity_read(watch->activity, &now); /* it may have died in a change */
	if (!*now.step)
		return "the bootstrap";
	(void)snprintf(room, PLACE_MAX, "step '%s'", now.step); /* it fits */
	return room;
}

/* As the configuration says. */
static void log_as(struct watch *watch, const struct activity_now *now)
{
	if (!now->log_known)
		return;
	watch->log->level = now->log_level;
	watch->log->json = now->log_json;
}

/* ---- what takes long ---- */

static void report_step(struct watch *watch, const struct activity_now *now, int64_t ms)
{
	char text[CLOCK_TEXT_MAX];
	char message[ACTIVITY_TEXT_MAX + 64];
	struct log_event event = {.level = LOG_INFO, .subject = now->step};

	/* On a terminal the worker itself shows what it can show. */
	if (watch->log->terminal && !watch->log->json && *now->detail)
		return;
	clock_duration((ms - now->began_ms) / 1000 * 1000000, text);
	(void)snprintf(message, sizeof message, "is still at work%s%s, %s",
		*now->detail ? ": " : "", now->detail, text); /* it fits */
	event.message = message;
	log_event(watch->log, &event);
}

/* Once a second: the deadline, and a line of a step that takes long. */
static void inspect(struct watch *watch)
{
	struct activity_now now;
	int64_t ms = clock_ms();

	if (!activity_read(watch->activity, &now))
		return;
	log_as(watch, &now);
	if (now.deadline_ms)
		kill_by(watch, now.deadline_ms + watch->grace_ms);
	if (!*now.step)
		return;
	if (now.began_ms != watch->step_ms) {
		watch->step_ms = now.began_ms;
		watch->line_ms = now.began_ms + FIRST_LINE_MS;
	}
	if (ms < watch->line_ms)
		return;
	report_step(watch, &now, ms);
	watch->line_ms =
		now.began_ms + ((ms - now.began_ms) / NEXT_LINES_MS + 1) * NEXT_LINES_MS;
}

void watch_say_end(struct watch *watch, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(watch->why, sizeof watch->why, format, args); /* it fits */
	va_end(args);
	log_error(watch->log, "%s", watch->why);
	if (!watch->again)
		termination_write(watch->why);
}

static void kill_late(struct watch *watch)
{
	char name[SIGNAL_NAME_SIZE];
	char room[PLACE_MAX];

	if (watch->stop)
		watch_say_end(watch, "%s did not end in time after %s: killed",
			place(watch, room), signal_name(watch->stop, name));
	else
		watch_say_end(watch, "the deadline has passed and %s did not end: killed",
			place(watch, room));
	watch->overdue = true;
	(void)kill(watch->worker, SIGKILL); /* not reaped: its pid is taken */
	watch->kill_at_ms = 0;
}

static int verdict(struct watch *watch)
{
	struct activity_now now;
	char name[SIGNAL_NAME_SIZE];
	char room[PLACE_MAX];
	int signal;

	(void)activity_read(watch->activity, &now); /* as above */
	log_as(watch, &now);
	if (watch_stopped(watch))
		return EXIT_SIGNAL(watch->stop);
	if (!WIFSIGNALED(watch->status))
		return WEXITSTATUS(watch->status);
	if (watch->overdue)
		return EXIT_FAILED;
	signal = WTERMSIG(watch->status);
	if (signal == SIGKILL)
		watch_say_end(watch, "%s was killed with SIGKILL (out of memory?)",
			place(watch, room));
	else
		watch_say_end(watch, "%s crashed with %s%s", place(watch, room),
			signal_name(signal, name), stack_hint(signal));
	return EXIT_FAILED;
}

int watch_worker(struct watch *watch)
{
	/* What ended before the mask was set has left no SIGCHLD. */
	reap(watch);
	while (!watch->ended) {
		struct pollfd fd = {.fd = watch->signal_fd, .events = POLLIN};
		int64_t now = clock_ms();
		int64_t next = now + INSPECT_MS;

		if (watch->line_ms > now && watch->line_ms < next)
			next = watch->line_ms;
		if (watch->kill_at_ms && watch->kill_at_ms < next)
			next = watch->kill_at_ms;
		if (watch->arrived && now + KNOWN_MS < next)
			next = now + KNOWN_MS;
		/* It fails for want of memory alone; all that may be is asked for. */
		(void)poll(&fd, 1, clock_wait(next));
		(void)watch_stopped(watch); /* asked again when it has ended */
		reap(watch);
		if (watch->ended)
			break;
		inspect(watch);
		if (watch->kill_at_ms && clock_ms() >= watch->kill_at_ms)
			kill_late(watch);
	}
	return verdict(watch);
}
