/* SPDX-License-Identifier: MIT */
/* Whether a migration has changed the ledger, which it may not. */
#ifndef PG_LEDGER_CHECK_H
#define PG_LEDGER_CHECK_H

struct buf;
struct err;
struct pg_connection;

#define LEDGER_DIGEST_SIZE 65
#define LEDGER_TOUCHED     "SELECT 1"

/*
 * Runs what is deferred up to COMMIT, which is behind all checks: a trigger may do
 * whatever a migration may.
 */
#define LEDGER_CHECK_DEFERRED "SET CONSTRAINTS ALL IMMEDIATE; "

/*
 * Appends a statement, and a semicolon, whose tag is LEDGER_TOUCHED where the transaction
 * has used the ledger in any way. It takes a third of what the next one does. What is
 * deferred has run before.
 */
void ledger_check_look(const struct pg_connection *connection, struct buf *to);

/*
 * Appends statements that run what is deferred, and fail where the transaction has
 * changed the ledger; in that, we have written no row before. What ran outside of a
 * transaction is found by `digest`, that of the rows before it; else it is NULL.
 */
void ledger_check_write(
	const struct pg_connection *connection, const char *digest, struct buf *to);

/* Where the error is that of such a statement, says so in its place. */
void ledger_check_name(const struct pg_connection *connection, struct err *err);

/* Reads that of the rows as they are now. Returns 0, or -1. */
int ledger_check_digest(
	struct pg_connection *connection, char ret[LEDGER_DIGEST_SIZE], struct err *err);

#endif
