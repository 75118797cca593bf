/* SPDX-License-Identifier: MIT */
/* Running migrations inside the open transaction, each with its row in the ledger. */
#ifndef DB_EXECUTE_H
#define DB_EXECUTE_H

#include "db/db.h"

struct connection;
struct foreign_keys;

/*
 * Sets the application_id, records what `report` has adopted, and runs what it has
 * pending, in order, as far as there is any of these. Returns 0, or -1 at the first
 * error, that of a statement with its file and line; then the caller must roll back or
 * drop the file.
 * `keys` records the tables that verify_end() must know of.
 */
int execute_migrations(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, struct foreign_keys *keys, struct err *err);

#endif
