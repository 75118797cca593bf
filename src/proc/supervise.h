/* SPDX-License-Identifier: MIT */
/*
 * Supervising the application: signals are forwarded to it, orphans are reaped, the
 * terminal is its own while it runs, and its exit code is ours. Nothing wakes up while
 * idle. SIGCHLD, KILL, STOP and what the application's settings drop are not forwarded.
 *
 * From the fork of the application on nothing here gives up: nothing is allocated, no
 * failure ends it, and a log that is not read delays it by a second at the most.
 */
#ifndef PROC_SUPERVISE_H
#define PROC_SUPERVISE_H

#include <stdint.h>

struct children_spared;
struct launch;
struct launch_record;
struct log;
struct reloader;
struct startup;

struct supervise {
	const struct startup *startup; /* what the application gets back */
	const struct launch *launch;
	struct launch_record *record; /* launch_execute()'s; unmapped after the fork */
	int signal_fd;                /* of all signals, all of which are blocked */
	uint64_t kept; /* received before, and to be forwarded: a bit each */
	struct children_spared *spared;
	const struct log *log;     /* with a fixed buffer */
	struct reloader *reloader; /* NULL: nothing is reloaded */
	int workdir_fd;            /* that this needs: it stays open; -1: none */
};

/*
 * Launches the application and waits for its end, then ends what it has left behind:
 * TERM, leftover_timeout_ms (a stop signal cuts that short), KILL; what cannot be killed
 * within 5 s is left. Returns the application's exit code, rewritten as its settings say,
 * or EXIT_FAILED if it could not be started; and the signal that has ended it, 0 for none
 * and where the code was rewritten.
 *
 * Once it has started, every descriptor is closed but stderr, our own, and stdout if we
 * are PID 1 (images log to /proc/1/fd/1), the working directory is /, and the process is
 * dumpable again if it was.
 */
int supervise(const struct supervise *order, int *ret_signal);

#endif
