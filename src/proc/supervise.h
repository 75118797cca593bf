/* SPDX-License-Identifier: MIT */
/*
 * Supervising the application: every signal goes on to it, every orphan is reaped, the
 * terminal is its own while it runs, its exit code is ours. Nothing wakes up while idle.
 *
 * From the fork of the application on nothing here gives up: nothing is allocated, no
 * failure ends it, and a log that nobody reads holds it up for a second at the most.
 */
#ifndef PROC_SUPERVISE_H
#define PROC_SUPERVISE_H

struct children_spared;
struct launch;
struct launch_record;
struct log;
struct startup;

struct supervise {
	const struct startup *startup; /* what the application gets back */
	const struct launch *launch;
	struct launch_record *record; /* launch_execute()'s; unmapped after the fork */
	int signal_fd;                /* of all signals, all of which are blocked */
	struct children_spared *spared;
	const struct log *log; /* with a fixed buffer */
};

/*
 * Launches the application and returns its exit code, when it and all that it left behind
 * have ended. Closes every descriptor but stderr, its own, and stdout where it is PID 1
 * (images log to /proc/1/fd/1), and lets others of our user look at this process again.
 */
int supervise(const struct supervise *order);

#endif
