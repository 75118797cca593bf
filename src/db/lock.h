/* SPDX-License-Identifier: MIT */
/*
 * The lock ".NAME.lock" beside a database: so that of many who would upgrade it one
 * works and the others wait in peace. No correctness depends on it: that is the
 * transaction's.
 *
 * An open file description's lock (F_OFD_SETLK, fcntl(2)): the kernel gives it back
 * when its holder dies. The file says who that is, and is never deleted: whoever waits
 * has it open.
 */
#ifndef DB_LOCK_H
#define DB_LOCK_H

struct db_spec;
struct err;
struct inspection;

/*
 * Takes it, waiting while its holder lives, with a line in the log every 10 s. Gives a
 * descriptor for lock_give(); -1 in it where the file system knows no locks.
 */
int lock_take(const struct db_spec *spec, const struct inspection *inspection,
	int *ret_fd, struct err *err);

/* For CLEANUP: gives it back and closes it. */
void lock_give(int *fd);
#define CLEANUP_LOCK __attribute__((cleanup(lock_give)))

#endif
