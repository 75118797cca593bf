/* SPDX-License-Identifier: MIT */
/*
 * The journal mode that is wanted: whether it can be there, and switching to it.
 *
 * WAL is the only mode that a database file keeps; which of the others is used is the
 * choice of each connection. WAL needs memory that all its users share, so it cannot be
 * on a network file system (sqlite.org/wal.html).
 */
#ifndef DB_JOURNAL_H
#define DB_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

struct db_spec;
struct err;
struct inspection;

bool journal_wants_wal(const struct db_spec *spec);

/*
 * -1 where WAL is asked for in a folder of a network file system. Where it only may be
 * one (FUSE), or a database is in WAL mode already, that is a warning, if `warn`.
 */
int journal_check(
	const struct db_spec *spec, int dirfd, bool is_wal, bool warn, struct err *err);

/* "nfs" …, or NULL: by the type that statfs(2) gives. */
const char *journal_network(uint32_t type, bool *ret_certain);

/* The mode that an existing database is to be switched to, or NULL. */
const char *journal_differs(
	const struct db_spec *spec, const struct inspection *inspection);

/*
 * Switches it, under the lock. 1 switched · 0 it could not be, which a warning has told:
 * somebody uses it, or it cannot be written · -1 a stop signal.
 */
int journal_switch(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err);

#endif
