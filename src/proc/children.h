/* SPDX-License-Identifier: MIT */
/*
 * The processes below us: sparing, signalling and reaping them, without allocating but in
 * children_spare().
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

struct signal_rules;
struct tally;

#define CHILDREN_SIGNALLED_MAX 256
#define CHILDREN_REAPED_MAX    256
#define CHILDREN_KILLED_MS     5000 /* after KILL; what lives on then is left */

/*
 * Children that were started before us, as by `sidecar & exec groundwork …` in a script:
 * they are neither signalled nor waited for. All zero: there are none.
 */
struct children_spared {
	pid_t *pids;
	size_t count;
	int reaped; /* children.c's own: how many in a row */
};

/* Finds those that we have now; to be called before the first fork. */
void children_spare(struct children_spared *ret);
void children_spared_release(struct children_spared *spared);

/*
 * Reaps a child that has ended, or, by waitpid(2)'s `flags`, has stopped or continued.
 * Returns its pid, 0 if there is none now, -1 if no child is left at all. A spared child
 * that ends is forgotten. After each CHILDREN_REAPED_MAX it returns 0, and SIGCHLD, which
 * must be blocked, is raised: where orphans end without end, the caller still comes to
 * all else that it waits for.
 */
pid_t children_reap(struct children_spared *spared, int flags, int *ret_status);

/* Have we any child, one that has ended and waits to be reaped included? */
bool children_any(void);

/* Counts those that live but the spared. Returns false where there is no /proc. */
bool children_count(const struct children_spared *spared, struct tally *ret);

/*
 * A signal that is on its way to all of them, once to each: of those that live, to
 * CHILDREN_SIGNALLED_MAX; those beyond get it in each round.
 */
struct children_ending {
	int signal;
	struct children_spared *spared;
	pid_t group;         /* got the signal as a whole already; 0: none did */
	uid_t user;          /* whose they are, for root without CAP_KILL */
	struct tally *ended; /* counts those that end meanwhile; NULL: nobody */

	/* children.c's own */
	pid_t signalled[CHILDREN_SIGNALLED_MAX];
	size_t signalled_count;
	int64_t again_ms; /* as PID 1: the next time, of clock_ms(); 0: not yet sent */
	bool not_all; /* as PID 1: there may be some that we have no right to signal */
};

/*
 * One round of children_end(), without waiting: reaps, and signals those that are new.
 * Returns whether none is left, or, of KILL, only what we have no right to signal. To be
 * called again when a child has ended.
 */
bool children_end_round(struct children_ending *ending);

/*
 * Rounds until none is left, as above, to `until_ms` of clock_ms(), INT64_MAX for ever,
 * or to a stop by these rules at `signal_fd`, which is then in `ret_stop`; without rules,
 * NULL, all that arrives there is dropped. Returns whether none is left.
 */
bool children_end_rounds(struct children_ending *ending, const struct signal_rules *rules,
	int signal_fd, int64_t until_ms, int *ret_stop);

/*
 * Sends a signal to every process below us but the spared (and CONT, so that the stopped
 * get it) and reaps, in rounds as above. As PID 1 KILL goes to all again now and then,
 * since processes may come from outside, too. Without /proc none but all of PID 1 can be
 * found.
 */
bool children_end(
	int signal, struct children_spared *spared, int signal_fd, int64_t until_ms);

#endif
