/* SPDX-License-Identifier: MIT */
/*
 * The lock ".NAME.lock" beside a database, so that of many processes one upgrades it and
 * the others wait without an error. Correctness does not depend on it, but on the
 * transaction.
 *
 * It is one of base/file_lock.h.
 */
#ifndef DB_LOCK_H
#define DB_LOCK_H

struct db_spec;
struct err;
struct inspection;

/*
 * Takes the lock, and waits while another process holds it, with a line in the log every
 * 10 s. Returns 0 and a descriptor for lock_release(), which stays -1 if the file system
 * has no locks; or -1 if the lock cannot be opened, or a stop signal ends the waiting.
 */
int lock_take(const struct db_spec *spec, const struct inspection *inspection,
	int *ret_fd, struct err *err);

/* For a plan: could it be taken? Returns 0, or -1 if the lock could not be opened. */
int lock_check(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err);

/* Releases and closes it; does nothing for -1. */
void lock_release(int *fd);
#define CLEANUP_LOCK __attribute__((cleanup(lock_release)))

#endif
