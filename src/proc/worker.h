/* SPDX-License-Identifier: MIT */
/*
 * The worker: the process that does the work, and the pipe on which it reports to the
 * parent where it is, so that the parent can name the step that crashed or hangs.
 */
#ifndef PROC_WORKER_H
#define PROC_WORKER_H

#include <stdint.h>
#include <sys/types.h>

struct launch_record;

/* What the work (parent_job.work) is given. */
struct worker {
	struct launch_record *record; /* left empty: nothing is launched */
	int event_fd;                 /* pipe to the parent */
	int stop_fd;  /* signalfd of the stop signals, non-blocking: for struct stop */
	mode_t umask; /* as found; the worker's own is 022 */
};

/* Reports which step runs now; NULL: none. */
void worker_step(const struct worker *worker, const char *id);

/*
 * Reports when the whole must have ended (clock_ms()). The parent kills a worker that has
 * not ended after a grace of 5 s more (parent_job.grace_ms).
 */
void worker_deadline(const struct worker *worker, int64_t deadline_ms);

/* ---- for the parent ---- */

#define WORKER_STEP_MAX 240

/* One message; shorter than PIPE_BUF, so it is never torn. */
struct worker_event {
	int64_t deadline_ms;        /* 0: `step` is reported */
	char step[WORKER_STEP_MAX]; /* "" : none */
};

#endif
