/* SPDX-License-Identifier: MIT */
/*
 * Bringing a database that is there up to date: all that is pending in one transaction.
 */
#ifndef DB_UPGRADE_H
#define DB_UPGRADE_H

#include "db/db.h"

struct inspection;

/*
 * Takes the lock, and in the transaction reads the ledger again: what is pending then is
 * run, and stands in `ret`. Recovers a database that was left in the middle of a write.
 */
int upgrade_run(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_report *ret, struct err *err);

#endif
