/* SPDX-License-Identifier: MIT */
/*
 * The configured journal mode: whether it can work, and switching to it.
 *
 * WAL is the only mode that the database file stores; each connection chooses among the
 * others. WAL needs memory that all its users share, so it does not work on a network
 * file system (sqlite.org/wal.html).
 */
#ifndef DB_JOURNAL_H
#define DB_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

struct db_spec;
struct err;
struct inspection;

/* Is WAL configured? */
bool journal_wants_wal(const struct db_spec *spec);

/*
 * Checks that WAL can work in the directory, if it is configured or the database is in
 * WAL mode. Returns 0, or -1 if WAL is configured and the file system is a network's. If
 * it only may be one (FUSE), or the database is in WAL mode without a configured mode,
 * that is logged as a warning if `warn` is set.
 */
int journal_check(
	const struct db_spec *spec, int dirfd, bool is_wal, bool warn, struct err *err);

/* Returns the mode that an existing database is to be switched to, or NULL. */
const char *journal_differs(
	const struct db_spec *spec, const struct inspection *inspection);

/*
 * Switches the mode, under the lock. Returns 1 if it is switched; 0 if that failed, which
 * is logged as a warning: the database is in use, or cannot be written; or -1 for a stop
 * signal.
 */
int journal_switch(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err);

#endif
