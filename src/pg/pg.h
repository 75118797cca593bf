/* SPDX-License-Identifier: MIT */
/*
 * A PostgreSQL database with all its migrations.
 *
 *	contributors_read()	finds and hashes all migrations, with its dialect
 *	check()			asks the server which of them are pending; changes nothing
 *	apply()			creates the database, or applies what is pending
 *
 * Applied migrations are recorded in the ledger, the table groundwork_migrations of the
 * schema, in the transaction of the migration. Many processes may apply at once: a second
 * connection holds the lock of the ledger, an advisory one, while the first one reads the
 * ledger again and migrates; others poll, outside of any transaction, since who waits for
 * a lock inside of one would hold up CREATE INDEX CONCURRENTLY.
 *
 * Connections are held by processes of their own (net/session.h), and all are closed on
 * return. Where a connection is lost, the ledger says how far it came, and it goes on
 * from there.
 */
#ifndef PG_PG_H
#define PG_PG_H

#include "ledger/server.h"

extern const struct server_engine pg_server;

/* Its functions of these names. */
int pg_check(const struct server_spec *spec, struct arena *arena,
	struct server_report *ret, struct err *err);
int pg_apply(const struct server_spec *spec, struct arena *arena,
	struct server_report *ret, struct err *err);
void pg_let_go(struct server_held *held);

#endif
