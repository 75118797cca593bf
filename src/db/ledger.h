/* SPDX-License-Identifier: MIT */
/*
 * The ledger: which migrations were applied to a database.
 *
 *	ledger_read, ledger_find	read only
 *	ledger_create, ledger_add	inside the transaction of the migrations
 */
#ifndef DB_LEDGER_H
#define DB_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct connection;
struct err;
struct migration;
struct query;

struct ledger_row {
	const char *contributor; /* the column is called `module` */
	const char *id;
	const char *name;
	const unsigned char *hash;
	size_t hash_size;
	bool ours; /* one of the migrations that we have; set by compare_ledger() */
};

struct ledger {
	bool exists;
	bool others;             /* there are other tables or views */
	int64_t application_id;  /* of the database; 0: it has none */
	struct ledger_row *rows; /* by contributor and version */
	size_t count;
};

/*
 * Reads all of it into the arena. Returns 0, 1 if the database must be recovered first,
 * which needs a connection that may write, or -1 if it cannot be read or is not a ledger
 * that we would create.
 */
int ledger_read(struct connection *connection, struct arena *arena, struct ledger *ret,
	struct err *err);

/* Returns the row of a version, however it is written ("7" for "007"), or NULL. */
struct ledger_row *ledger_find(
	const struct ledger *ledger, const char *contributor, const char *id);

/* Reads the application_id of the database; 0 if it has none. Returns 0, or -1. */
int ledger_application_id(struct connection *connection, int64_t *ret, struct err *err);

/* Creates the table unless it exists. Returns 0, or -1. */
int ledger_create(struct connection *connection, struct err *err);

/*
 * Adds a row, or replaces that of a repeatable migration. `insert` keeps the statement
 * from row to row; the caller releases it. `tool` is who has applied the migration:
 * "groundwork", or "baseline" if a baseline says so. Returns 0, or -1.
 */
int ledger_add(struct connection *connection, struct query *insert,
	const struct migration *migration, int64_t duration_us, const char *tool,
	struct err *err);

#endif
