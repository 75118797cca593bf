/* SPDX-License-Identifier: MIT */
/* Pending migrations that come before one that is applied. */
#ifndef DB_OUT_OF_ORDER_H
#define DB_OUT_OF_ORDER_H

#include <stdbool.h>

struct arena;
struct db_report;
struct db_spec;
struct err;
struct ledger;

/*
 * Finds them among those that are pending in `report`, by the order of their tool, and
 * answers as spec->out_of_order says. The rows of the ledger have been matched, and those
 * that are adopted added. Returns 0, or -1.
 */
int out_of_order_check(const struct db_spec *spec, const struct ledger *ledger, bool warn,
	const struct db_report *report, struct arena *arena, struct err *err);

#endif
