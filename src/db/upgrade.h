/* SPDX-License-Identifier: MIT */
/* Upgrading an existing database: all that is pending in one transaction. */
#ifndef DB_UPGRADE_H
#define DB_UPGRADE_H

#include "db/db.h"

struct inspection;

/*
 * Takes the lock, reads the ledger again inside the transaction, and applies what is
 * pending then, which `ret` lists. Opening it recovers a database whose last writer was
 * killed. Returns 0, or -1; either way, all of it is applied or nothing.
 */
int upgrade_database(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_report *ret, struct err *err);

#endif
