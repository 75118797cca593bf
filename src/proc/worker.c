/* SPDX-License-Identifier: MIT */
/* The worker: how it begins, and what it reports to the parent. */
#include "proc/worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/exit_code.h"
#include "base/fd.h"
#include "base/log.h"
#include "proc/descriptors.h"
#include "proc/parent.h"
#include "proc/signals.h"

void worker_step(const struct worker *worker, const char *id)
{
	struct worker_event event = {0};

	/* The tail of an id that is longer than any real one is not worth a failure. */
	(void)snprintf(event.step, sizeof event.step, "%s", id ? id : "");
	/* A parent that is gone takes us with it: a failure has no one to report to. */
	(void)fd_write_all(worker->event_fd, &event, sizeof event);
}

void worker_deadline(const struct worker *worker, int64_t deadline_ms)
{
	struct worker_event event = {.deadline_ms = deadline_ms};

	(void)fd_write_all(worker->event_fd, &event, sizeof event); /* as above */
}

static _Noreturn void work(const struct parent_job *job, const struct worker_pipes *pipes)
{
	int event_read = pipes->event_fds[0];
	int signal_fd = pipes->signal_fd;
	struct worker worker = {
		.record = pipes->record,
		.event_fd = pipes->event_fds[1],
	};

	close_fd(&event_read);
	close_fd(&signal_fd);
	fds_fill_standard();
	worker.umask = umask(022);
	worker.stop_fd = signals_open_stop();
	if (worker.stop_fd < 0) {
		log_error(job->log, "signalfd of the worker: cannot be opened");
		exit(EXIT_FAILED);
	}
	exit(job->work(job->user, &worker));
}

pid_t worker_start(const struct parent_job *job, const struct worker_pipes *pipes)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	/*
	 * Cannot fail with a valid signal. If the parent has ended before it, there is
	 * another one now.
	 */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILED);
	work(job, pipes);
}
