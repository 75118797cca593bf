/* SPDX-License-Identifier: MIT */
/*
 * A copy of a database as it is just before it is changed.
 *
 *	backup_make	when the transaction that will change it has the write lock, and
 *			has written nothing
 *	backup_keep	before the change is committed
 *	backup_withdraw	after it was rolled back: the copy would only take space
 *	backup_prune	after it was committed: removes the oldest copies
 *
 * It is beside the database, NAME.bak-20260131T081530.123Z (UTC, so the order by name is
 * that by age), with its owner and mode; until it is kept, the name ends in ".upgrading".
 * It is written to a temporary file, synced, checked by quick_check, and then renamed.
 * What a killed attempt has left is removed by the next one, under the lock. Restoring it
 * is left to people.
 */
#ifndef DB_BACKUP_H
#define DB_BACKUP_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct connection;
struct db_report;
struct db_spec;
struct err;
struct inspection;

struct backup {
	int dirfd;        /* the inspection's */
	const char *path; /* NULL: there is none */
	const char *name;
	const char *upgrading; /* its name until it is kept */
};

/*
 * Copies all pages to a database that is empty; `what` is said of it while it takes long.
 * Returns 0, or -1.
 */
int backup_copy(struct connection *to, struct connection *from,
	const struct db_spec *spec, const char *what, struct err *err);

/* Checks a copy, all of it, whatever spec->verify says. Returns 0, or -1. */
int backup_check(struct connection *connection, struct err *err);

/*
 * Makes a backup under its temporary name. `locked` says that we hold the lock, and so
 * may remove what killed attempts have left. The names are in the arena. Returns 0, or
 * -1; then there is none.
 */
int backup_make(struct backup *backup, const struct db_spec *spec,
	const struct inspection *inspection, bool locked, struct arena *arena,
	struct err *err);

/* Gives it its final name, unless there is none. Returns 0, or -1. */
int backup_keep(struct backup *backup, struct err *err);

/* Removes it, whichever name it has. */
void backup_withdraw(struct backup *backup);

/* For a plan: sets report->surplus, in the arena, if a backup would be made. */
void backup_foresee(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_report *report);

/* Removes all but the newest spec->keep_backups. Failures are logged as warnings. */
void backup_prune(const struct db_spec *spec, const struct inspection *inspection);

#endif
