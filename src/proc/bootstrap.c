/* SPDX-License-Identifier: MIT */
/* Watching the worker. */
#include "proc/bootstrap.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "proc/exit_code.h"
#include "proc/signals.h"

/* Others than stop signals are dropped: nobody is there yet. */
int bootstrap_stopped(struct bootstrap *b)
{
	struct signalfd_siginfo info;

	while (signals_next(b->signal_fd, &info)) {
		int signal = (int)info.ssi_signo;

		if (!signal_is_stop(signal) || signal_ignored(signal))
			continue;
		if (!b->ended)
			(void)kill(b->worker, signal); /* not reaped: its pid is taken */
		if (b->stop)
			continue;
		b->stop = signal;
		b->stop_until_ms = clock_ms() + b->grace_ms;
	}
	return b->stop;
}

static void read_events(struct bootstrap *b)
{
	struct worker_event event;

	for (;;) {
		/* Messages are whole; the end, and EAGAIN, are the ends of the loop. */
		if (read(b->event_fd, &event, sizeof event) != (ssize_t)sizeof event)
			return;
		event.step[sizeof event.step - 1] = '\0';
		if (event.deadline_ms)
			b->deadline_ms = event.deadline_ms;
		else
			memcpy(b->step, event.step, sizeof b->step);
	}
}

static void reap(struct bootstrap *b)
{
	int status;
	pid_t pid;

	while ((pid = children_reap(&b->spared, 0, &status)) > 0)
		if (pid == b->worker && !b->ended) {
			b->ended = true;
			b->status = status;
		}
}

static int64_t kill_at(const struct bootstrap *b)
{
	int64_t deadline = b->deadline_ms ? b->deadline_ms + b->grace_ms : INT64_MAX;
	int64_t stop = b->stop_until_ms ? b->stop_until_ms : INT64_MAX;

	return deadline < stop ? deadline : stop;
}

/* How long poll may sleep. */
static int time_left(const struct bootstrap *b)
{
	int64_t at = kill_at(b);
	int64_t left = at - clock_ms();

	if (at == INT64_MAX)
		return -1;
	if (left < 0)
		return 0;
	return left < INT_MAX ? (int)left : INT_MAX;
}

/* "step 'exec:slow'", for messages. */
static const char *place(const struct bootstrap *b, char *room, size_t size)
{
	if (!*b->step)
		return "the bootstrap";
	/* WORKER_STEP_MAX and a few more: it fits. */
	(void)snprintf(room, size, "step '%s'", b->step);
	return room;
}

static void kill_late(struct bootstrap *b)
{
	char room[WORKER_STEP_MAX + 16];
	char name[SIGNAL_NAME_SIZE];

	if (b->stop)
		log_error(b->log, "%s did not end in time after %s: killed",
			place(b, room, sizeof room), signal_name(b->stop, name));
	else
		log_error(b->log, "the deadline has passed and %s did not end: killed",
			place(b, room, sizeof room));
	b->overdue = true;
	(void)kill(b->worker, SIGKILL); /* not reaped: its pid is taken */
	b->deadline_ms = 0;
	b->stop_until_ms = 0;
}

static int verdict(struct bootstrap *b)
{
	char room[WORKER_STEP_MAX + 16];
	char name[SIGNAL_NAME_SIZE];

	if (bootstrap_stopped(b))
		return EXIT_SIGNAL + b->stop;
	if (!WIFSIGNALED(b->status))
		return WEXITSTATUS(b->status);
	if (!b->overdue)
		log_error(b->log, "%s %s %s%s", place(b, room, sizeof room),
			WTERMSIG(b->status) == SIGKILL ? "was killed with"
						       : "crashed with",
			signal_name(WTERMSIG(b->status), name),
			WTERMSIG(b->status) == SIGKILL ? " (out of memory?)" : "");
	return EXIT_FAILED;
}

int bootstrap_watch(struct bootstrap *b)
{
	/* Whoever ended before the mask was set has left no SIGCHLD. */
	reap(b);
	while (!b->ended) {
		struct pollfd fds[] = {
			{.fd = b->signal_fd, .events = POLLIN},
			{.fd = b->event_fd, .events = POLLIN},
		};

		/* Nothing is lost where it fails: all three are looked at in any case. */
		(void)poll(fds, 2, time_left(b));
		if (fds[1].revents & POLLIN)
			read_events(b);
		else if (fds[1].revents)
			b->event_fd = -1;
		(void)bootstrap_stopped(b); /* asked again when it has ended */
		reap(b);
		if (!b->ended && clock_ms() >= kill_at(b))
			kill_late(b);
	}
	read_events(b);
	return verdict(b);
}
