/* SPDX-License-Identifier: MIT */
/*
 * Running a statement of our own in whichever engine, with values, and reading its rows.
 *
 *	CLEANUP_QUERY struct query query = {0};
 *	int rc = query_run(&query, store, "read it", sql, values, count, err);
 *
 *	for (; rc == 1; rc = query_next(&query, err))
 *		… query_text(&query, 0) …
 *
 * Values are $1, $2 … in the order in which they first appear, and must live as long as
 * the row; columns count from 0, and what they return is valid until query_next().
 */
#ifndef LEDGER_QUERY_H
#define LEDGER_QUERY_H

#include <stddef.h>
#include <stdint.h>

#include "base/query_value.h"

struct buf;
struct err;
struct store;

struct query {
	struct store *store;
	const char *what; /* it does, for errors */
	void *statement;  /* the engine's */
};

#define CLEANUP_QUERY __attribute__((cleanup(query_release)))

enum query_type { QUERY_NULL, QUERY_INTEGER, QUERY_TEXT, QUERY_OTHER };

/*
 * Runs `sql`, one statement, up to its first row. Run again, a query keeps its statement:
 * then only the values may differ. Returns 1 if there is a row, 0 if not, or -1 with what
 * the engine says of `what`.
 */
int query_run(struct query *query, struct store *store, const char *what, const char *sql,
	const struct query_value *values, size_t count, struct err *err);

/* Goes to the next row. Returns as query_run(). */
int query_next(struct query *query, struct err *err);

/* A NULL, or a text that memory does not suffice for, is NULL. */
const char *query_text(const struct query *query, int column);

/* 0 for a NULL. */
int64_t query_integer(const struct query *query, int column);

/* The bytes of a blob or a text, and how many; NULL for a NULL, and where it is empty. */
const void *query_bytes(const struct query *query, int column, size_t *ret_size);

enum query_type query_type(const struct query *query, int column);

void query_release(struct query *query);

/* Append a name and a text as SQL writes them: "a ""b""", 'it''s'. */
void query_quote_name(struct buf *to, const char *name);
void query_quote_text(struct buf *to, const char *text);

#endif
