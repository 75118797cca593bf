/* SPDX-License-Identifier: MIT */
/* The worker: what it reports, and what the parent makes of that. */
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
#include "base/fd.h"
#include "base/log.h"
#include "proc/signals.h"
#include "proc/stack.h"

/* One message; shorter than PIPE_BUF, so it is never torn. */
struct event {
	int64_t deadline_ms; /* 0: `step` is reported */
	char step[240];      /* "" : none */
};

void worker_step(const struct worker *worker, const char *id)
{
	struct event event = {0};

	/* The tail of an id that is longer than any real one is not worth a failure. */
	(void)snprintf(event.step, sizeof event.step, "%s", id ? id : "");
	/* A parent that is gone takes us with it: a failure has no one to report to. */
	(void)fd_write_all(worker->event_fd, &event, sizeof event);
}

void worker_deadline(const struct worker *worker, int64_t deadline_ms)
{
	struct event event = {.deadline_ms = deadline_ms};

	(void)fd_write_all(worker->event_fd, &event, sizeof event); /* as above */
}

/* ---- the parent ---- */

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

/* Messages are whole; false at the end, and where there is none (EAGAIN). */
static bool read_event(struct watch *watch)
{
	struct event event;

	if (read(watch->event_fd, &event, sizeof event) != (ssize_t)sizeof event)
		return false;
	event.step[sizeof event.step - 1] = '\0';
	if (event.deadline_ms)
		kill_by(watch, event.deadline_ms + watch->grace_ms);
	else if (*event.step)
		(void)snprintf(watch->place, sizeof watch->place, "step '%s'",
			event.step); /* it fits */
	else
		*watch->place = '\0';
	return true;
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

static const char *place(const struct watch *watch)
{
	return *watch->place ? watch->place : "the bootstrap";
}

static void kill_late(struct watch *watch)
{
	char name[SIGNAL_NAME_SIZE];

	if (watch->stop)
		log_error(watch->log, "%s did not end in time after %s: killed",
			place(watch), signal_name(watch->stop, name));
	else
		log_error(watch->log,
			"the deadline has passed and %s did not end: killed",
			place(watch));
	watch->overdue = true;
	(void)kill(watch->worker, SIGKILL); /* not reaped: its pid is taken */
	watch->kill_at_ms = 0;
}

static int verdict(struct watch *watch)
{
	char name[SIGNAL_NAME_SIZE];
	int signal;

	if (watch_stopped(watch))
		return EXIT_SIGNAL(watch->stop);
	if (!WIFSIGNALED(watch->status))
		return WEXITSTATUS(watch->status);
	if (watch->overdue)
		return EXIT_FAILED;
	signal = WTERMSIG(watch->status);
	if (signal == SIGKILL)
		log_error(watch->log, "%s was killed with SIGKILL (out of memory?)",
			place(watch));
	else
		log_error(watch->log, "%s crashed with %s%s", place(watch),
			signal_name(signal, name), stack_hint(signal));
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
		int count = poll(fds, 2,
			clock_wait(watch->kill_at_ms ? watch->kill_at_ms : INT64_MAX));
		bool message = count == 1 && fds[1].revents == POLLIN;

		if (fds[1].revents & POLLIN)
			(void)read_event(watch); /* a further one is polled for again */
		else if (fds[1].revents)
			watch->event_fd = -1;
		/*
		 * A message alone, as each step sends one, is no signal: the end of the
		 * worker is one. In any other case, also where poll() failed, all are
		 * looked for.
		 */
		if (!message) {
			(void)watch_stopped(watch); /* asked again when it has ended */
			reap(watch);
		}
		if (!watch->ended && watch->kill_at_ms && clock_ms() >= watch->kill_at_ms)
			kill_late(watch);
	}
	while (read_event(watch)) {
	}
	return verdict(watch);
}
