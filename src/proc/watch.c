/* SPDX-License-Identifier: MIT */
/* Watching the worker. */
#include "proc/watch.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/exit_code.h"
#include "base/log.h"
#include "proc/signals.h"

static void kill_by(struct watch *watch, int64_t ms)
{
	if (!watch->kill_at_ms || ms < watch->kill_at_ms)
		watch->kill_at_ms = ms;
}

/* Others than stop signals are dropped: there is no application yet. */
int watch_stopped(struct watch *watch)
{
	struct signalfd_siginfo info;

	while (signals_next(watch->signal_fd, &info)) {
		int signal = (int)info.ssi_signo;

		if (!signal_is_stop(signal) || signal_ignored(signal))
			continue;
		if (!watch->ended)
			(void)kill(
				watch->worker, signal); /* not reaped: its pid is taken */
		if (watch->stop)
			continue;
		watch->stop = signal;
		kill_by(watch, clock_ms() + watch->grace_ms);
	}
	return watch->stop;
}

static void read_events(struct watch *watch)
{
	struct worker_event event;

	for (;;) {
		/* Messages are whole; the end, and EAGAIN, are the ends of the loop. */
		if (read(watch->event_fd, &event, sizeof event) != (ssize_t)sizeof event)
			return;
		event.step[sizeof event.step - 1] = '\0';
		if (event.deadline_ms)
			kill_by(watch, event.deadline_ms + watch->grace_ms);
		else
			memcpy(watch->step, event.step, sizeof watch->step);
	}
}

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

/* "step 'exec:slow'", for messages. */
static const char *place(const struct watch *watch, char *room, size_t size)
{
	if (!*watch->step)
		return "the bootstrap";
	/* WORKER_STEP_MAX and a few more: it fits. */
	(void)snprintf(room, size, "step '%s'", watch->step);
	return room;
}

static void kill_late(struct watch *watch)
{
	char room[WORKER_STEP_MAX + 16];
	char name[SIGNAL_NAME_SIZE];

	if (watch->stop)
		log_error(watch->log, "%s did not end in time after %s: killed",
			place(watch, room, sizeof room), signal_name(watch->stop, name));
	else
		log_error(watch->log,
			"the deadline has passed and %s did not end: killed",
			place(watch, room, sizeof room));
	watch->overdue = true;
	(void)kill(watch->worker, SIGKILL); /* not reaped: its pid is taken */
	watch->kill_at_ms = 0;
}

static int verdict(struct watch *watch)
{
	char room[WORKER_STEP_MAX + 16];
	char name[SIGNAL_NAME_SIZE];

	if (watch_stopped(watch))
		return EXIT_SIGNAL(watch->stop);
	if (!WIFSIGNALED(watch->status))
		return WEXITSTATUS(watch->status);
	if (!watch->overdue)
		log_error(watch->log, "%s %s %s%s", place(watch, room, sizeof room),
			WTERMSIG(watch->status) == SIGKILL ? "was killed with"
							   : "crashed with",
			signal_name(WTERMSIG(watch->status), name),
			WTERMSIG(watch->status) == SIGKILL ? " (out of memory?)" : "");
	return EXIT_FAILED;
}

int watch_worker(struct watch *watch)
{
	/* What ended before the mask was set has left no SIGCHLD. */
	reap(watch);
	while (!watch->ended) {
		struct pollfd fds[] = {
			{.fd = watch->signal_fd, .events = POLLIN},
			{.fd = watch->event_fd, .events = POLLIN},
		};

		/* Nothing is lost where it fails: all three are checked in any case. */
		(void)poll(fds, 2,
			clock_wait(watch->kill_at_ms ? watch->kill_at_ms : INT64_MAX));
		if (fds[1].revents & POLLIN)
			read_events(watch);
		else if (fds[1].revents)
			watch->event_fd = -1;
		(void)watch_stopped(watch); /* asked again when it has ended */
		reap(watch);
		if (!watch->ended && watch->kill_at_ms && clock_ms() >= watch->kill_at_ms)
			kill_late(watch);
	}
	read_events(watch);
	return verdict(watch);
}
