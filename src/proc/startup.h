/* SPDX-License-Identifier: MIT */
/*
 * How the process was started: what was found is kept, for the subcommand or the
 * application that gets it back.
 *
 *	struct startup startup;
 *	startup_begin(&startup);	first statement of main
 *	…
 *	startup_restore_signals(&startup);
 */
#ifndef PROC_STARTUP_H
#define PROC_STARTUP_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct startup {
	sigset_t mask;     /* all 64 signals */
	bool chld_ignored; /* SIGCHLD was ignored */
	bool dumpable;
	pid_t starter; /* our parent process */
};

/*
 * Blocks all 64 signals (32 and 33 too), sets SIGCHLD to default, and closes this process
 * and those that it forks to others of our own user, helpers above all: neither
 * /proc/PID/environ, mem and fd nor ptrace(2) let them in (prctl(2), PR_SET_DUMPABLE).
 * Cannot fail. Nothing may come before.
 */
void startup_begin(struct startup *ret);

/*
 * Put back what was found: both for subcommands that launch nothing. The second need not
 * be called before an execve(2), which makes the process dumpable by itself.
 */
void startup_restore_signals(const struct startup *startup);
void startup_restore_dumpable(const struct startup *startup);

/*
 * The calling process gets `signal` when its parent, `expected`, dies, and at once where
 * it has another parent by now. 0: nothing is asked for.
 */
void startup_death_signal(int signal, pid_t expected);

#endif
