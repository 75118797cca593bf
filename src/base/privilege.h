/* SPDX-License-Identifier: MIT */
/*
 * What this process may do that others may not: its capabilities, and what follows from
 * them for the permissions of other users' files.
 */
#ifndef BASE_PRIVILEGE_H
#define BASE_PRIVILEGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The sets of capget(2), a bit for each capability. Return 0, or -1 with errno set. */
struct privileges {
	uint64_t effective, permitted, inheritable;
};
int privileges_get(struct privileges *ret);
int privileges_set(const struct privileges *sets);

/*
 * True for effective uid 0, and with CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH or
 * CAP_FOWNER effective. The kernel is asked each time, since the identity of a process
 * may change; as root that is geteuid(2) alone. Where capget(2) fails it is true, which
 * is the safe answer: callers are then careful.
 */
bool privileged(void);

/* Have we CAP_KILL? True where capget(2) fails. */
bool privileged_to_kill(void);

/*
 * Are we root with CAP_CHOWN, who may give files away, and with CAP_FOWNER, who may set
 * the modes of those of others? Root in a container may lack either. True for root where
 * capget(2) fails.
 */
bool privileged_to_give(void);
bool privileged_to_set_modes(void);

/*
 * kill(2) for processes of that user, and ours. Root without CAP_KILL, as in a container
 * that may do nothing but become another user, is that user while it signals,
 * effectively. Whether we are dumpable, and the signal of our parent's death, are then as
 * before. Returns 0, or -1 with errno set.
 */
int privilege_kill(uid_t user, pid_t pid, int signal);

/*
 * Reads the beginning of a file that only processes of that user and group may read, as
 * some in /proc. Root without the capabilities for that has their file access meanwhile;
 * as to the rest, as privilege_kill(). Returns as read(2).
 */
ssize_t privilege_read(uid_t user, gid_t group, const char *path, char *ret, size_t size);

/*
 * Kills a child of ours that runs as that user, if it has not ended, and reaps it.
 * Returns the status that waitpid(2) gives, or -1 where it lives on and cannot even be
 * killed.
 */
int privilege_end(uid_t user, pid_t child);

#endif
