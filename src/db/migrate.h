/* SPDX-License-Identifier: MIT */
/*
 * Applying what is pending to a database that exists: in it, or in a copy.
 *
 *	migrate_compare()	inside a transaction with the write lock
 *	migrate()		if something is pending, in the same transaction
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "db/db.h"
#include "db/verify.h"

struct connection;

/*
 * Reads the ledger again: no other process can change it now. Sets `ret`. Returns 0, or
 * -1.
 */
int migrate_compare(struct connection *connection, const struct db_spec *spec,
	struct arena *arena, struct db_report *ret, struct err *err);

/*
 * Runs the migrations that `report` has pending, records them, and verifies the database.
 * Returns 0, 1 as verify_end(), or -1; unless it is 0, the transaction must be rolled
 * back.
 */
int migrate(struct connection *connection, const struct db_spec *spec,
	enum verify_before before, const struct db_report *report, struct err *err);

#endif
