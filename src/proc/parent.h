/* SPDX-License-Identifier: MIT */
/*
 * The parent. It is small and always awake: it blocks every signal with its first
 * statement, forks the worker, forwards signals, reaps, and then launches the
 * application: becomes it, or supervises it. It opens no database, parses no file and
 * touches no key.
 *
 *	struct parent parent;
 *	parent_begin(&parent);			first statement of main
 *	… read the command line …
 *	return parent_run(&parent, &job);	or parent_restore(&parent) and go on alone
 *
 * A stop signal while the worker runs is handed to it (base/stop.h); it rolls back and
 * ends; after 5 s it is killed, and whatever it left with it. The application is then
 * never started; the exit code is 128+n.
 */
#ifndef PROC_PARENT_H
#define PROC_PARENT_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct err;
struct launch;
struct launch_record;
struct log;

struct parent {
	sigset_t mask;     /* as found, all 64 */
	bool chld_ignored; /* SIGCHLD was found ignored */
	bool dumpable;     /* as found */
	pid_t starter;     /* who started us */
};

/*
 * Blocks all 64 signals (32 and 33 too), sets SIGCHLD to default, and closes this process
 * and the worker to others of our own user, helpers above all: neither /proc/PID/environ,
 * mem and fd nor ptrace(2) let them in (prctl(2), PR_SET_DUMPABLE). Nothing may come
 * before.
 */
void parent_begin(struct parent *parent);

/* Puts it all back as it was found: for subcommands that launch nothing. */
void parent_restore(const struct parent *parent);

/* Its two halves. Of the second execve(2) takes care, where we become the application. */
void parent_restore_signals(const struct parent *parent);
void parent_restore_dumpable(const struct parent *parent);

/*
 * The calling process gets `signal` when its parent, `expected`, dies, and at once where
 * that one is gone already. 0: nothing is asked for.
 */
void parent_death_signal(int signal, pid_t expected);

/* What the worker has of the parent. */
struct worker {
	struct launch_record *record; /* left empty: nothing is launched */
	int event_fd;                 /* pipe to the parent */
	int stop_fd;  /* signalfd of the stop signals, non-blocking: for struct stop */
	mode_t umask; /* as found; the worker's own is 022 */
};

/* Tells the parent which step runs now, so that a crash can be named. NULL: none. */
void worker_step(const struct worker *worker, const char *id);

/* Tells it when the whole must have ended (clock_ms()); it kills the worker 5 s later. */
void worker_deadline(const struct worker *worker, int64_t deadline_ms);

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
int parent_run(struct parent *parent, const struct parent_job *job);

#endif
