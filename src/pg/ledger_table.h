/* SPDX-License-Identifier: MIT */
/* The table of the ledger (ledger/ledger.h) on a server, and the lock that is a row. */
#ifndef PG_LEDGER_TABLE_H
#define PG_LEDGER_TABLE_H

struct arena;
struct err;
struct ledger;
struct pg_connection;
struct pg_spec;

/*
 * Finds the schema, and reads the ledger, if there is one, into the arena; and, where
 * tables are without one, or it lacks what a tool may have applied, what ledger/adopt.h
 * finds. Returns 0, or -1: it cannot be read, is not a ledger that we would create, or
 * what ledger/adopt.h says.
 */
int pg_ledger_read(struct pg_connection *connection, const struct pg_spec *spec,
	struct arena *arena, struct ledger *ret, struct err *err);

/*
 * Creates the schema, the table and the row that is the lock, as far as they are missing,
 * whoever else does so at once. pg_ledger_read() has found the schema. Returns 0, or -1.
 */
int pg_ledger_create(
	struct pg_connection *connection, const struct pg_spec *spec, struct err *err);

/*
 * Waits for the lock, which is the connection's until it ends or is lost. It has a
 * transaction of its own, in which nothing else may run. Returns 0, or -1 as stop_check()
 * does.
 */
int pg_lock(struct pg_connection *connection, const struct pg_spec *spec,
	const char *ledger, struct err *err);

#endif
