/* SPDX-License-Identifier: MIT */
/*
 * The parent. It is small and always awake: it forks the worker, forwards signals, reaps,
 * and then launches the application: becomes it, or supervises it. It opens no database,
 * parses no file and touches no key.
 *
 *	struct startup startup;
 *	startup_begin(&startup);	first statement of main
 *	… read the command line …
 *	return parent_run(&startup, &job);
 *
 * A stop signal while the worker runs is handed to it (base/stop.h); it rolls back and
 * ends; after 5 s it is killed, and whatever it left with it. The application is then
 * never started; the exit code is 128+n.
 */
#ifndef PROC_PARENT_H
#define PROC_PARENT_H

#include <stdint.h>

struct launch;
struct log;
struct startup;
struct worker;

struct parent_job {
	/* Runs in the worker; returns the exit code, 0 to go on to the launch. */
	int (*work)(void *user, const struct worker *worker);
	void *user;
	const struct log *log;
	/*
	 * Where there is no work: what is launched at once, as it was found, without a
	 * worker. Of it count the head, argv and env. NULL: the work tells.
	 */
	const struct launch *at_once;
	/* Ours, in which values that the launch record calls secret are overwritten. */
	char *const *environment;
	int64_t grace_ms; /* between a stop, or the deadline, and KILL; 0: 5 s */
};

/*
 * Runs the worker, then the launch. Returns the exit code; does not return where it
 * becomes the application.
 */
int parent_run(const struct startup *startup, const struct parent_job *job);

#endif
