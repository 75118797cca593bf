/* SPDX-License-Identifier: MIT */
/* What is found of a tool's migrations, as rows of our ledger. */
#ifndef DB_ADOPT_ROWS_H
#define DB_ADOPT_ROWS_H

#include <stddef.h>

struct arena;
struct db_missing;
struct db_origin;
struct ledger;
struct ledger_row;
struct migrations;

struct adopt_found {
	struct db_origin *from;     /* of each of our migrations; if not found, no tool */
	struct db_missing *missing; /* applied, and none of ours */
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
