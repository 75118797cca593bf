/* SPDX-License-Identifier: MIT */
/*
 * Signals as the kernel counts them: all 64. The C library's functions leave out 32 and
 * 33, and musl's 34, which it keeps for itself; a mask that is made with them lets those
 * through, and one that is asked for with them lacks those.
 */
#ifndef PROC_SIGNALS_H
#define PROC_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/signal_name.h"

struct log;

/* Blocks every signal, and says which were blocked before. Cannot fail. */
void signals_block(sigset_t *ret_before);

/* Unblocks one, and says which were blocked before. Cannot fail. */
void signals_unblock(int signal, sigset_t *ret_before);

/* Sets the mask as it is, those of the library included. Cannot fail. */
void signals_set_mask(const sigset_t *mask);

/* Sets every signal to its default, those of the library included. */
void signals_default(void);

/* Returns whether its disposition is SIG_IGN. */
bool signal_ignored(int signal);

/* Returns whether it asks us to end: TERM, INT, QUIT and HUP do. */
bool signal_is_stop(int signal);

/*
 * Open a signalfd (non-blocking, above stderr): of these, and of every signal. Return -1
 * with errno set.
 */
int signals_open(const sigset_t *set);
int signals_open_all(void);

/* TSTP, TTIN and TTOU, which stop a job from its terminal. */
#define SIGNALS_SUSPENDING \
	(signal_bit(SIGTSTP) | signal_bit(SIGTTIN) | signal_bit(SIGTTOU))

#define SIGNALS_ALL UINT64_MAX /* every signal, for signals_next() */

/*
 * Takes one of the signals that wait for us, and are blocked, and removes it from `left`,
 * the set of those that may be taken, SIGNALS_ALL at first. So each comes once a turn: a
 * sender without end neither hides other signals nor keeps us in this loop. Returns 1, or
 * 0 if none is waiting.
 */
int signals_next(uint64_t *left, siginfo_t *ret);

/*
 * Sends a signal with the value, and in the name of the sender, of one that came by
 * sigqueue(3). Returns whether it did: of others the kernel lets us give no such account.
 */
bool signal_queue_as(pid_t pid, int signal, const siginfo_t *received);

/* At the level debug: what came, and as which it was sent on; 0: it was dropped. */
void signals_log(const struct log *log, int received, int becomes);

/*
 * Is it for us alone? CHLD is, and what we sent to our own group was for the others (what
 * we sigqueue(3) to ourselves is received as from anyone);
 * SIGPIPE for a log line that is not read any more is for us, too.
 */
bool signals_are_ours(const siginfo_t *info);

#endif
