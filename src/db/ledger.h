/* SPDX-License-Identifier: MIT */
/*
 * The ledger: what was applied to a database.
 *
 *	ledger_read, ledger_find	reads only
 *	ledger_create, ledger_add	inside the transaction of the migrations
 */
#ifndef DB_LEDGER_H
#define DB_LEDGER_H

#include <stdbool.h>

#include "db/db.h"

struct connection;
struct sqlite3_stmt;

struct ledger_row {
	const char *contributor;
	const char *id;
	const char *name;
	const unsigned char *hash;
	size_t hash_size;
	bool ours; /* a migration that we have */
};

struct ledger {
	bool exists;
	bool others;             /* there are other tables or views */
	int64_t application_id;  /* of the database; 0: it has none */
	struct ledger_row *rows; /* by contributor and version */
	size_t count;
};

/*
 * Reads it whole into `arena`. 0 · 1 these means of reading cannot settle it (a
 * recovery is due, which writes) · -1.
 */
int ledger_read(struct connection *connection, struct arena *arena, struct ledger *ret,
	struct err *err);

/* The row of a version, which may be written otherwise ("7" for "007"), or NULL. */
struct ledger_row *ledger_find(
	const struct ledger *ledger, const char *contributor, const char *id);

int ledger_create(struct connection *connection, struct err *err);

/*
 * The statement that ledger_add() fills in; the caller finalizes it. `tool` is who has
 * applied it: "groundwork", or "baseline" where somebody said that it is in.
 */
int ledger_prepare(
	struct connection *connection, struct sqlite3_stmt **ret, struct err *err);
int ledger_add(struct connection *connection, struct sqlite3_stmt *insert,
	const struct migration *migration, int64_t duration_us, const char *tool,
	struct err *err);

#endif
