/* SPDX-License-Identifier: MIT */
/*
 * Supervising the application: every signal goes on to it, every orphan is reaped, the
 * terminal is its own while it runs, its exit code is ours. Nothing wakes up while idle.
 *
 * From the fork of the application on nothing here gives up.
 */
#ifndef PROC_SUPERVISE_H
#define PROC_SUPERVISE_H

struct children_spared;
struct launch;
struct launch_head;
struct log;
struct parent;

struct supervise {
	const struct parent
		*parent; /* what the application gets back: mask and SIGCHLD */
	const struct launch_head *head;
	const struct launch *at_once; /* NULL: it is in launch_fd */
	int launch_fd;
	int signal_fd; /* of all signals, all of which are blocked */
	struct children_spared *spared;
	const struct log *log;
};

/*
 * Launches the application and returns its exit code, when it and all that it left behind
 * have ended. Closes every descriptor but stderr and its own.
 */
int supervise(const struct supervise *order);

#endif
