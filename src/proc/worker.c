/* SPDX-License-Identifier: MIT */
/* What the worker reports to the parent. */
#include "proc/worker.h"

#include <stdio.h>

#include "base/fd.h"

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
