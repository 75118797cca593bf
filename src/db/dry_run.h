/* SPDX-License-Identifier: MIT */
/*
 * Migrations in a database that has a schema, but no rows: which of their statements can
 * be tried there, and which errors are those of the real database.
 *
 * What changes the schema or a setting is run, since later statements need it. Everything
 * else is only prepared: without the rows it could fail, or work, for that reason alone.
 * So an error of preparing is certain. One of running is, too, except where a table is
 * created from a SELECT, which reads rows.
 */
#ifndef DB_DRY_RUN_H
#define DB_DRY_RUN_H

#include <stdbool.h>

/* Initialized with zeros. */
struct dry_run {
	/* Of the statement that is prepared: */
	bool defines; /* it changes the schema or a setting */
	bool creates; /* a table … */
	bool copies;  /* … from a SELECT */

	bool uncertain; /* the error may not be one of the real database */
};

/* Before a statement is prepared: forgets the last one. */
void dry_run_expect(struct dry_run *dry);

/* From the authorizer: an action of the statement. */
void dry_run_note(struct dry_run *dry, int action);

/* A statement failed with SQLite's `code`, while it was prepared or was run. */
void dry_run_failed(struct dry_run *dry, int code, bool running);

#endif
