/* SPDX-License-Identifier: MIT */
/*
 * Compiling what is pending, in a database in memory that has the schema of the real one,
 * and no rows (memory.h, dry_run.h).
 */
#ifndef DB_COMPILE_H
#define DB_COMPILE_H

#include "db/db.h"

struct connection;
struct dry_run;
struct memory_schema;

/*
 * Runs what `report` has pending in a database of memory_open(), as dry_run.h says, in a
 * transaction that stays open. Returns 0, or -1; then `dry` says whether it is certain.
 */
int compile_run(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, struct dry_run *dry, struct err *err);

/*
 * Compiles what `report` has pending against the schema; with NULL, that of a new
 * database. Nothing is written. Returns 0 and sets report->tried, which says how far the
 * SQL was tried; or -1 with an error that db_apply() would raise, too, which has the file
 * and line of its statement.
 */
int compile_pending(const struct db_spec *spec, const struct memory_schema *schema,
	struct arena *arena, struct db_report *report, struct err *err);

#endif
