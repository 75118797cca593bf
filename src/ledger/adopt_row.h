/* SPDX-License-Identifier: MIT */
/* The rows of another tool's ledger: are they what that tool makes? */
#ifndef LEDGER_ADOPT_ROW_H
#define LEDGER_ADOPT_ROW_H

#include <stddef.h>

struct adopt_ledger;
struct arena;
struct buf;
struct store;
struct err;
struct query;

/* Where in the ledger a reader is. */
struct adopt_row {
	const struct adopt_ledger *ledger;
	struct store *store;
	struct arena *arena;
	size_t number; /* of the row, from 1; 0: before the first */
};

/* Raises that the ledger is damaged, with its table and the row, if any; returns -1. */
int adopt_row_raise(const struct adopt_row *row, const char *what, struct err *err);

/*
 * Goes to the row of a query that adopt_query() has made, and appends its name of a
 * migration. Returns 0, or -1: the name is none that the tool records.
 */
int adopt_row_next(struct adopt_row *row, const struct query *query, struct buf *ret,
	struct err *err);

/*
 * Looks at all rows, whether they count or not, before any are sorted. `sql` is that of
 * adopt_damage_query(). Returns 0, or -1: the ledger is too large, or a row is none that
 * the tool makes.
 */
int adopt_rows_check(const struct adopt_row *start, const char *what, const char *sql,
	struct err *err);

/*
 * Is no migration there twice? `sql` is that of adopt_twice_query(). Returns 0, or -1
 * with the first that is.
 */
int adopt_rows_differ(const struct adopt_row *start, const char *what, const char *sql,
	struct err *err);

#endif
