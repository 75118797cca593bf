/* SPDX-License-Identifier: MIT */
/* The table of the ledger (ledger/ledger.h) in a database of SQLite. */
#ifndef DB_LEDGER_TABLE_H
#define DB_LEDGER_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "ledger/ledger.h"

struct arena;
struct connection;
struct db_report;
struct db_spec;
struct err;
struct memory_schema;
struct schema;

/* Its name in SQL. */
#define LEDGER_TABLE "main." LEDGER_NAME

/* What is read of a database at once. */
struct db_ledger {
	struct ledger is;
	int64_t application_id; /* of the database; 0: it has none */
	/* If they were read, too; db.h. */
	const struct memory_schema *stored;
	const struct schema *schema;
};

/*
 * Reads all of it into the arena, and, where tables are without one, or it lacks what a
 * tool may have applied, what ledger/adopt.h finds. Returns 0, 1 if the database must be
 * recovered first, which needs a connection that may write, or -1 if it cannot be read,
 * is not a ledger that we would create, or is in another application's database, and
 * where ledger/adopt.h says so.
 */
int ledger_table_read(struct connection *connection, const struct db_spec *spec,
	struct arena *arena, struct db_ledger *ret, struct err *err);

/*
 * Sets the work, state and set_id of `ret` as compare_ledger(). Returns 0, or -1 for a
 * disagreement that the spec refuses.
 */
int ledger_table_compare(const struct db_spec *spec, struct db_ledger *ledger, bool warn,
	struct arena *arena, struct db_report *ret, struct err *err);

/* Creates the table unless it exists. Returns 0, or -1. */
int ledger_table_create(struct connection *connection, struct err *err);

/* Reads the application_id of the database; 0 if it has none. Returns 0, or -1. */
int ledger_application_id(struct connection *connection, int64_t *ret, struct err *err);

#endif
