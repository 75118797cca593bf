/* SPDX-License-Identifier: MIT */
/*
 * Watching the worker: handing stop signals on, holding the deadline, reaping, and saying
 * what became of it.
 */
#ifndef PROC_WATCH_H
#define PROC_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "proc/children.h"
#include "proc/worker.h"

struct log;

struct watch {
	pid_t worker;
	int event_fd; /* non-blocking */
	int signal_fd;
	int64_t grace_ms; /* between a stop, or the deadline, and KILL */
	const struct log *log;
	struct children_spared spared;

	int stop; /* the first stop signal that arrived, or 0 */
	bool ended;
	bool overdue;          /* killed: the deadline had passed */
	int status;            /* of wait(2), once it has ended */
	int64_t deadline_ms;   /* 0: none */
	int64_t stop_until_ms; /* 0: no stop */
	char step[WORKER_STEP_MAX];
};

/*
 * Waits for the worker's end. The exit code to leave with, or 0 to go on to the launch.
 */
int watch_worker(struct watch *watch);

/* Takes what waits at the signalfd: the stop signal that came first of all, or 0. */
int watch_stopped(struct watch *watch);

#endif
