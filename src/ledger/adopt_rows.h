/* SPDX-License-Identifier: MIT */
/* What is found of a tool's migrations, as rows of our ledger. */
#ifndef LEDGER_ADOPT_ROWS_H
#define LEDGER_ADOPT_ROWS_H

#include <stddef.h>

struct arena;
struct ledger_missing;
struct ledger_origin;
struct ledger;
struct ledger_row;
struct migrations;

struct adopt_found {
	struct ledger_origin *from; /* of each of our migrations; if not found, no tool */
	struct ledger_missing *missing; /* applied, and none of ours */
	size_t missing_count;
};

/*
 * Adds a row to the ledger for each that was found, and for each migration whose row is
 * that of a tool, without a hash, one in its place. `rows` is from ledger_match(), or
 * NULL; it is of no use behind that, and the ledger must be matched again.
 */
void adopt_rows_add(struct ledger *ledger, const struct migrations *all,
	const struct adopt_found *found, const struct ledger_row **rows,
	struct arena *arena);

#endif
