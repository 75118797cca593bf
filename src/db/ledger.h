/* SPDX-License-Identifier: MIT */
/*
 * The ledger: what was applied to a database, and what that means for what we have.
 *
 *	ledger_read → ledger_compare	reads only
 *	ledger_create, ledger_add	inside the transaction of the migrations
 */
#ifndef DB_LEDGER_H
#define DB_LEDGER_H

#include <stdbool.h>

#include "db/db.h"

struct connection;
struct sqlite3_stmt;

struct ledger_row {
	const char *module;
	const char *id;
	const char *name;
	const unsigned char *hash;
	size_t hash_size;
	bool ours; /* a migration that we have */
};

struct ledger {
	bool exists;
	bool others;             /* there are other tables or views */
	struct ledger_row *rows; /* by module and version */
	size_t count;
};

/*
 * Reads it whole into `arena`. 0 · 1 these means of reading cannot settle it (a
 * recovery is due, which writes) · -1.
 */
int ledger_read(struct connection *connection, struct arena *arena, struct ledger *ret,
	struct err *err);

/*
 * Fills `pending` and `applied_count` of `ret`. -1: a database with tables but no
 * ledger of ours; a migration that was changed after it was applied; one that would go
 * in behind a later one. One that we do not have is a warning, where `warn` says so.
 */
int ledger_compare(const struct db_spec *spec, const struct ledger *ledger, bool warn,
	struct arena *arena, struct db_report *ret, struct err *err);

int ledger_create(struct connection *connection, struct err *err);

/* The statement that ledger_add() fills in; the caller finalizes it. */
int ledger_prepare(
	struct connection *connection, struct sqlite3_stmt **ret, struct err *err);
int ledger_add(struct connection *connection, struct sqlite3_stmt *insert,
	const struct db_migration *migration, int64_t duration_us, struct err *err);

#endif
