/* SPDX-License-Identifier: MIT */
/* Transactions of migrations, or of rows of the ledger alone, on a server. */
#ifndef PG_TRANSACTION_H
#define PG_TRANSACTION_H

#include <stdbool.h>

#include "base/buf.h"

struct err;
struct migration;
struct pg_connection;
struct server_spec;

struct transaction {
	struct pg_connection *connection;
	const struct server_spec *spec;
	const struct migration *at; /* the migration that runs; NULL: none */
	struct buf rows;            /* of the ledger, to be written with the COMMIT */
	bool more;                  /* another one follows, with nothing between them */
	bool begun;                 /* it has begun already */
};

/*
 * Does that in a transaction. What it adds to the ledger is written at the end, in one
 * message with the COMMIT. Where the migration does not get the lock of a table, all is
 * rolled back, and done again. Returns 0, or -1: then it is rolled back.
 */
int transaction_run(struct transaction *transaction,
	int (*work)(void *user, struct err *err), void *user, struct err *err);

/* Ends one that has begun, for which there is no more work. */
void transaction_drop(struct transaction *transaction);

/*
 * Waits where the migration did not get the lock of a table: those who wait for it behind
 * us have their turn. Returns 0 to try it again, or -1, at last with `why`.
 */
int transaction_wait(struct transaction *transaction, int tries, const struct err *why,
	struct err *err);

#endif
