/* SPDX-License-Identifier: MIT */
/*
 * Watching the worker: stop signals are forwarded to it, it is killed where it misses its
 * deadline, and the log says how it ended.
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
	int event_fd; /* the worker's events (proc/worker.h), non-blocking */
	int signal_fd;
	int64_t grace_ms; /* between a stop, or the deadline, and KILL */
	const struct log *log;
	struct children_spared spared;

	int stop; /* the first stop signal that arrived, or 0 */
	bool ended;
	bool overdue;       /* killed: the deadline, or the grace of a stop, had passed */
	int status;         /* of wait(2), once it has ended */
	int64_t kill_at_ms; /* 0: neither a stop nor a deadline is known */
	char step[WORKER_STEP_MAX];
};

/*
 * Waits for the worker's end, and reaps whatever else ends. Returns the exit code: the
 * worker's own, 111 if a signal ended it, 128+n if a stop signal came meanwhile; 0 to go
 * on to the launch.
 */
int watch_worker(struct watch *watch);

/*
 * Takes what waits at the signalfd: stop signals are forwarded to the worker, others are
 * dropped. Returns the stop signal that came first of all, or 0.
 */
int watch_stopped(struct watch *watch);

#endif
