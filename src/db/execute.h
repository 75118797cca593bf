/* SPDX-License-Identifier: MIT */
/*
 * Running migrations inside the transaction that is open, each with its row in the
 * ledger.
 */
#ifndef DB_EXECUTE_H
#define DB_EXECUTE_H

#include "db/db.h"

struct connection;

/*
 * Records what `work` has adopted, and runs what is pending in it, in order. -1 at the
 * first statement that fails, with its file:line; the caller then rolls back, or throws
 * the file away.
 */
int execute_migrations(struct connection *connection, const struct db_spec *spec,
	const struct db_report *work, struct err *err);

#endif
