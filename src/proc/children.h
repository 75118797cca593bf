/* SPDX-License-Identifier: MIT */
/*
 * The processes below us: counting, signalling and reaping them, without allocating.
 *
 * As PID 1 that is every process: kill(-1). Else it is our children, found in /proc; the
 * caller must be a child subreaper, so that theirs become ours when they end, and the
 * whole tree ends with the last. No pid is ever signalled that could belong to another
 * process by now: a child's number stays taken until we reap it.
 */
#ifndef PROC_CHILDREN_H
#define PROC_CHILDREN_H

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

/* Children that were signalled already. */
struct children_signalled {
	pid_t pids[CHILDREN_SIGNALLED_MAX];
	size_t count;
};

/*
 * Sends a signal, and CONT, to every process below us but the spared and those in `done`,
 * to which it adds the others; `done` may be NULL. Returns how many there are, those in
 * `done` included; 0 if none is left or they cannot be found.
 */
int children_signal(int signal, const struct children_spared *spared,
	struct children_signalled *done);

/*
 * Sends KILL and reaps until only the spared are left, or `patience_ms` have passed. What
 * arrives at `signal_fd` meanwhile is dropped.
 */
void children_end(struct children_spared *spared, int signal_fd, int64_t patience_ms);

#endif
