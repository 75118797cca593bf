/* SPDX-License-Identifier: MIT */
/*
 * The lock of those who migrate a schema, and who has one that is waited for.
 *
 * It is an advisory lock of the transaction ("Advisory Locks"): it holds neither a table
 * nor a transaction number, for which VACUUM FULL, REINDEX or DROP SCHEMA would wait; it
 * ends with its connection, and a pooler keeps that as long as the transaction is open.
 */
#ifndef PG_LOCK_H
#define PG_LOCK_H

struct buf;
struct err;
struct pg_connection;
struct server_spec;

/*
 * Waits for the lock of that schema, which is the connection's until it ends or is lost.
 * It has a transaction of its own, in which nothing else may run. Returns 0, or -1 as
 * stop_check() does, with who has it.
 */
int pg_lock(struct pg_connection *connection, const struct server_spec *spec,
	const char *schema, struct err *err);

/*
 * Has any session that lock? Asked in the transaction of pg_begin_reading(). Returns 1, 0
 * or -1.
 */
int pg_lock_is_held(
	struct pg_connection *connection, const char *schema, struct err *err);

/*
 * Appends which other sessions have locks of tables, and of which, outside of any
 * transaction: "; locks have: process 7 of 'app' …". Nothing where that is not known.
 */
void pg_lock_name_holders(struct pg_connection *connection, struct buf *ret);

#endif
