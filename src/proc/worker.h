/* SPDX-License-Identifier: MIT */
/*
 * The worker's beginning, and the pipe on which it tells the parent where it is. What the
 * worker itself sees of this is in proc/parent.h.
 */
#ifndef PROC_WORKER_H
#define PROC_WORKER_H

#include <stdint.h>
#include <sys/types.h>

struct launch_record;
struct parent_job;

#define WORKER_STEP_MAX 240

/* One message; shorter than PIPE_BUF, so it is never torn. */
struct worker_event {
	int64_t deadline_ms;        /* 0: a step is told */
	char step[WORKER_STEP_MAX]; /* "" : none */
};

struct worker_pipes {
	struct launch_record *record;
	int event_fds[2];
	int signal_fd; /* the parent's: closed in the worker */
};

/*
 * Forks the worker, which does the job and exits: its pid, or -1 with errno set. It keeps
 * every signal blocked, dies with us, and has the standard descriptors open.
 */
pid_t worker_start(const struct parent_job *job, const struct worker_pipes *pipes);

#endif
