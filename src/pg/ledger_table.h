/* SPDX-License-Identifier: MIT */
/* The table of the ledger (ledger/ledger.h) on a server. */
#ifndef PG_LEDGER_TABLE_H
#define PG_LEDGER_TABLE_H

#include <stdbool.h>

struct arena;
struct err;
struct ledger;
struct pg_connection;
struct server_spec;

/*
 * Finds the schema, and reads the ledger, if there is one, into the arena; and, where
 * tables are without one, or it lacks what a tool may have applied, what ledger/adopt.h
 * finds. Returns 0, or -1: it cannot be read, is in another schema of the search_path, is
 * not a ledger that we would create, or is not ours, or what ledger/adopt.h says. Unless
 * it could not be begun, the transaction of pg_begin_reading() is open then, for more to
 * be read; pg_roll_back() ends it.
 */
int pg_ledger_read(struct pg_connection *connection, const struct server_spec *spec,
	struct arena *arena, struct ledger *ret, struct err *err);

/*
 * Before it is written: could it do at that what others want? Asked in the transaction of
 * pg_ledger_read(). Returns 0 if not, also without a ledger, or -1.
 */
int pg_ledger_check_writing(struct pg_connection *connection, struct err *err);

/*
 * Creates the schema and the table, as far as they are missing, whoever else does so at
 * once. pg_ledger_read() has found the schema. Returns 0, or -1.
 */
int pg_ledger_create(struct pg_connection *connection, const struct server_spec *spec,
	struct err *err);

/* The same inside of the transaction that there is, to be rolled back with it. */
int pg_ledger_create_inside(struct pg_connection *connection,
	const struct server_spec *spec, struct err *err);

/* Is a schema of that name the server's own, in which nobody makes tables? */
bool pg_is_own_schema(const char *name);

#endif
