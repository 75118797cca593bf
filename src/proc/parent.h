/* SPDX-License-Identifier: MIT */
/*
 * The parent. It forks the worker, forwards signals and reaps, and then launches the
 * application: becomes it, or supervises it. It opens no database, parses no file and
 * touches no key.
 *
 *	struct startup startup;
 *	startup_begin(&startup);	first statement of main
 *	… read the command line …
 *	return parent_run(&startup, &job);
 *
 * A stop signal while the worker runs is forwarded to it (base/stop.h); it rolls back and
 * ends, or is killed after 5 s, with whatever it has left. Then the application is not
 * started, and the exit code is 128+n.
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
	/*
	 * Runs in a process of its own, for at most 5 s, when the worker was ended by a
	 * signal, with what was logged of that: it reports what the worker could not. May
	 * be NULL.
	 */
	void (*lost)(void *user, const char *why);
	void *user;
	const struct log *log;
	/*
	 * Where there is no work: what is launched at once, without a worker. NULL: what
	 * the worker has written to its record.
	 */
	const struct launch *at_once;
	/* Our own, in which values that the record calls secret are overwritten. */
	char **environment;
	int64_t grace_ms; /* between a stop, or the deadline, and KILL; 0: 5 s */
};

/*
 * Runs the worker, then the launch. Returns the exit code. Does not return where it
 * becomes the application, unless that fails.
 */
int parent_run(const struct startup *startup, const struct parent_job *job);

#endif
