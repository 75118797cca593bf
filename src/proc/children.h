/* SPDX-License-Identifier: MIT */
/*
 * The processes below us that are not ours to keep: counting, ending and reaping them,
 * without a byte of memory.
 *
 * As PID 1 that is everybody: kill(-1). Else it is our children, found in /proc; as a
 * child subreaper (which who calls this must be) we get theirs when they end, so that
 * going on until there is none ends the whole tree. No pid is ever signalled that could
 * have become somebody else's: a child's number is taken until we reap it.
 */
#ifndef PROC_CHILDREN_H
#define PROC_CHILDREN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CHILDREN_SPARED_MAX 64
#define CHILDREN_TOLD_MAX   256

/* Children that were there before us: `sidecar & exec groundwork …` in a script. */
struct children_spared {
	pid_t pids[CHILDREN_SPARED_MAX];
	size_t count;
};

/*
 * Those that we have now; to be called before the first fork. More than fit are let be.
 */
void children_spare(struct children_spared *ret);

/*
 * Reaps one that has ended, or, by waitpid(2)'s `flags`, stopped or gone on. Returns its
 * pid, 0 where there is none now, -1 where no child is left at all. Who was spared is
 * forgotten when it ends.
 */
pid_t children_reap(struct children_spared *spared, int flags, int *ret_status);

/* Who had a signal already. */
struct children_told {
	pid_t pids[CHILDREN_TOLD_MAX];
	size_t count;
};

/*
 * Sends a signal, and CONT, to everything below us but the spared and who was told before
 * (`told` may be NULL). Returns how many there are, told ones included; 0 where nobody is
 * left or they cannot be found.
 */
int children_signal(
	int signal, const struct children_spared *spared, struct children_told *told);

/* KILL, and reap until nobody but the spared is left, for `patience_ms` at the most. */
void children_end(struct children_spared *spared, int signal_fd, int64_t patience_ms);

#endif
