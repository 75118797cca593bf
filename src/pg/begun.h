/* SPDX-License-Identifier: MIT */
/* Migrations that have begun outside of a transaction, and not ended. */
#ifndef PG_BEGUN_H
#define PG_BEGUN_H

struct err;
struct ledger;
struct migration;
struct pg_connection;

/*
 * With the lock, nobody else runs one: what has begun then was not ended. Returns 0, or
 * -1 with what to do, and the indexes that it may have left invalid. Asked in the
 * transaction of pg_begin_reading().
 */
int begun_check(
	struct pg_connection *connection, const struct ledger *ledger, struct err *err);

/*
 * Adds to its error such indexes, and what the next start will say; a transaction that it
 * has left open is rolled back. Returns -1.
 */
int begun_advise(struct pg_connection *connection, const struct migration *migration,
	struct err *err);

#endif
