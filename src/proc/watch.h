/* SPDX-License-Identifier: MIT */
/*
 * The worker, the process that does the work, and watching it. Where it is the parent
 * knows (proc/activity.h) and names in its messages: the step that takes long, crashed or
 * hangs. A stop signal ends it, it is killed where it misses its deadline, and the log
 * says how it ended.
 *
 * What a signal is follows from `signals` and `stop_signals` of [app], which the worker
 * makes known; what comes before waits for that, for as long as a stop may take. TERM,
 * INT, QUIT and HUP end the start, and what is rewritten to one of them, and whatever
 * stops the application; not what is dropped, and not what was inherited as ignored.
 * Every other signal is kept, once each, for the application.
 */
#ifndef PROC_WATCH_H
#define PROC_WATCH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "proc/children.h"

struct activity;
struct launch_record;
struct log;

/* ---- for the worker ---- */

/* What the work (parent_job.work) is given. */
struct worker {
	struct launch_record *record; /* left empty: nothing is launched */
	struct activity *activity;    /* of which the parent knows */
	int stop_fd; /* readable once a stop is asked for: for struct stop */
	bool again;  /* a run of `reload`: nothing is launched, and there is no record */
	bool launched;  /* and the application has been */
	int inotify_fd; /* of that; else -1: who makes one passes it (fd_pass()) */
	mode_t umask;   /* as found; the worker's own is 022 */
	uint64_t
		stack; /* the soft limit as found (stack.h); the worker's own is higher */
};

/* ---- for the parent ---- */

#define WATCH_WHY_MAX 512

struct watch {
	pid_t worker;
	struct activity *activity; /* the worker's; NULL: there is none */
	bool again; /* a run of `reload`: signals mean themselves, no end is reported */
	int signal_fd;
	int stop_fd;      /* the other end of the worker's */
	int64_t grace_ms; /* between a stop, or the deadline, and KILL */
	struct log *log;  /* its level and form become the configuration's */
	struct children_spared spared;

	int stop;         /* the first stop signal that arrived, or 0 */
	uint64_t arrived; /* signals whose meaning is not known yet: a bit each */
	uint64_t kept;    /* what the application gets */
	bool ended;
	bool overdue; /* killed: the deadline, or the grace of a stop, had passed */
	int status;   /* of wait(2), once it has ended */
	char why[WATCH_WHY_MAX]; /* of watch_say_end(); or "" */
	int64_t judge_at_ms;     /* when `arrived` waits no longer */
	int64_t kill_at_ms;      /* 0: neither a stop nor a deadline is known */
	int64_t step_ms;         /* when the step when it was last inspected began */
	int64_t line_ms;         /* when the next line of it is due */
};

/*
 * Waits for the worker's end, and reaps whatever else ends. Returns the exit code: the
 * worker's own, 111 if a signal ended it, 128+n if a stop signal came meanwhile; 0 to go
 * on to the launch.
 */
int watch_worker(struct watch *watch);

/*
 * What ends the start, kept in `why`: for the log, and, but in a run of `reload`, for
 * whoever asks why the container has ended.
 */
__attribute__((format(printf, 2, 3))) void watch_say_end(
	struct watch *watch, const char *format, ...);

/*
 * Takes what waits at the signalfd: the worker is asked to stop, or the signal is kept.
 * Returns the stop signal, or 0; of several that came at once the one with the lowest
 * number.
 */
int watch_stopped(struct watch *watch);

#endif
