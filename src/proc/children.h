/* SPDX-License-Identifier: MIT */
/*
 * The processes below us: sparing, signalling and reaping them, without allocating.
 *
 * As PID 1 that is every process: kill(-1). Else it is our children, found in /proc; the
 * caller must be a child subreaper, so that theirs become ours when they end, and the
 * whole tree ends with the last. No pid is ever signalled that could belong to another
 * process by now: a child's number stays taken until we reap it.
 */
#ifndef PROC_CHILDREN_H
#define PROC_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CHILDREN_SPARED_MAX    64
#define CHILDREN_SIGNALLED_MAX 256

/*
 * Children that were started before us, as by `sidecar & exec groundwork …` in a script:
 * they are neither signalled nor waited for.
 */
struct children_spared {
	pid_t pids[CHILDREN_SPARED_MAX];
	size_t count;
};

/*
 * Finds those that we have now; to be called before the first fork. Those beyond
 * CHILDREN_SPARED_MAX are not spared.
 */
void children_spare(struct children_spared *ret);

/*
 * Reaps a child that has ended, or, by waitpid(2)'s `flags`, has stopped or continued.
 * Returns its pid, 0 if there is none now, -1 if no child is left at all. A spared child
 * that ends is forgotten.
 */
pid_t children_reap(struct children_spared *spared, int flags, int *ret_status);

/* Have we any child, one that has ended and waits to be reaped included? */
bool children_any(void);

/*
 * A signal that is on its way to all of them, once to each: of those that live, to
 * CHILDREN_SIGNALLED_MAX; those beyond get it in each round.
 */
struct children_ending {
	int signal;
	struct children_spared *spared;
	pid_t group; /* got the signal as a whole already; 0: none did */

	/* children.c's own */
	pid_t signalled[CHILDREN_SIGNALLED_MAX];
	size_t signalled_count;
	int64_t again_ms; /* as PID 1: the next time, of clock_ms(); 0: not yet sent */
};

/*
 * One round of children_end(), without waiting: reaps, and signals those that are new.
 * Returns whether none is left. To be called again when a child has ended.
 */
bool children_end_round(struct children_ending *ending);

/*
 * Ends every process below us but the spared: TERM, `timeout_ms` to end (-1: without
 * end), KILL; what cannot be killed within 5 s is left. As children_end().
 */
void children_end_all(struct children_spared *spared, int signal_fd, int64_t timeout_ms);

/*
 * Sends a signal to every process below us but the spared (and CONT, so that the stopped
 * get it) and reaps, until none is left, or to `until_ms` of clock_ms(), INT64_MAX for
 * ever. As PID 1 KILL goes to all again now and then, since processes may come from
 * outside, too. Returns whether none is left; other than KILL a stop signal at
 * `signal_fd` cuts it short. What arrives there is dropped. Without /proc none but all of
 * PID 1 can be found.
 */
bool children_end(
	int signal, struct children_spared *spared, int signal_fd, int64_t until_ms);

#endif
