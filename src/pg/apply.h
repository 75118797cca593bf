/* SPDX-License-Identifier: MIT */
/* Running migrations on a server, each with its row in the ledger. */
#ifndef PG_APPLY_H
#define PG_APPLY_H

struct err;
struct ledger_work;
struct migration;
struct pg_connection;
struct server_spec;

/*
 * Records what `work` has adopted, and runs what it has pending, in order; another
 * connection holds the lock. Returns 0, or -1 at the first error: what was committed
 * before stays, which the ledger says; or 1 with an error of a migration that the ledger
 * has meanwhile, which is then to be read again. `ret_at` gets the migration that ran at
 * the error, or NULL.
 */
int pg_apply_work(struct pg_connection *connection, const struct server_spec *spec,
	const struct ledger_work *work, const struct migration **ret_at, struct err *err);

#endif
