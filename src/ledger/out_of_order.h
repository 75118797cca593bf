/* SPDX-License-Identifier: MIT */
/* Pending migrations that come before one that is applied. */
#ifndef LEDGER_OUT_OF_ORDER_H
#define LEDGER_OUT_OF_ORDER_H

#include <stdbool.h>

struct arena;
struct ledger_work;
struct ledger_spec;
struct err;
struct ledger;

/*
 * Finds them among those that are pending in `report`, by the order of their tool, and
 * answers as spec->out_of_order says. The rows of the ledger have been matched, and those
 * that are adopted added. Returns 0, or -1.
 */
int out_of_order_check(const struct ledger_spec *spec, const struct ledger *ledger,
	bool warn, const struct ledger_work *work, struct arena *arena, struct err *err);

#endif
