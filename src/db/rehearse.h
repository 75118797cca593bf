/* SPDX-License-Identifier: MIT */
/*
 * Trying what is pending on a copy of the database: all statements, on all rows, with all
 * checks of an upgrade.
 *
 * The copy is a temporary database of SQLite's. Its file has no name, and nothing of it
 * is left, however we end. For an upgrade it is in the database's directory; if that
 * cannot be written or has no room for it, and for a plan, it is where temporary files
 * are (SQLITE_TMPDIR, TMPDIR, /var/tmp, /usr/tmp, /tmp). Room is what the database and
 * its -wal take now: migrations that need much more may still find the disk full. Then it
 * is tried again where temporary files are, if there is more room, and else an error that
 * names the directories.
 */
#ifndef DB_REHEARSE_H
#define DB_REHEARSE_H

#include "db/connection.h"
#include "db/db.h"

struct inspection;

/*
 * Before an upgrade, under its lock. Opening the database recovers it if its last writer
 * was killed. Nothing is copied if nothing is pending any more. Returns 0, or -1 with the
 * error that the upgrade would raise.
 */
int rehearse_upgrade(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct err *err);

/*
 * For a plan: reads the database as `purpose` says, and changes nothing. Sets
 * report->tried to the differences of the schema. Returns 0, or -1.
 */
int rehearse_plan(const struct db_spec *spec, const struct inspection *inspection,
	enum connection_purpose purpose, struct arena *arena, struct db_report *report,
	struct err *err);

/* The same for a database that is missing, with an empty one in memory. */
int rehearse_creation(const struct db_spec *spec, struct arena *arena,
	struct db_report *report, struct err *err);

#endif
