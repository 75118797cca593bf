/* SPDX-License-Identifier: MIT */
/*
 * The ledger beside the migrations that we have: what is pending, and where they
 * disagree. `spec` says what is done about the latter.
 */
#ifndef DB_COMPARE_H
#define DB_COMPARE_H

#include "db/ledger.h"

/*
 * Fills pending, adopted, applied_count and stamp of `ret`. -1: another application's
 * database; tables without a ledger of ours, and no baseline; a disagreement that `spec`
 * refuses. What it only warns of is logged where `warn` says so.
 */
int ledger_compare(const struct db_spec *spec, const struct ledger *ledger, bool warn,
	struct arena *arena, struct db_report *ret, struct err *err);

#endif
