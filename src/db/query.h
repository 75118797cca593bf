/* SPDX-License-Identifier: MIT */
/*
 * Running a statement of our own, with values, and reading its rows.
 *
 *	CLEANUP_QUERY struct query query = {0};
 *	int rc = query_run(&query, connection, "read it", sql, values, count, err);
 *
 *	for (; rc == 1; rc = query_next(&query, err))
 *		… query_text(&query, 0) …
 */
#ifndef DB_QUERY_H
#define DB_QUERY_H

#include <stddef.h>
#include <stdint.h>

struct connection;
struct err;
struct sqlite3_stmt;

struct query {
	struct connection *connection;
	const char *what; /* it does, for errors */
	struct sqlite3_stmt *statement;
};

#define CLEANUP_QUERY __attribute__((cleanup(query_release)))

/* A text, or a blob, or else an integer. It must live as long as the row. */
struct query_value {
	const char *text;
	const void *blob;
	size_t size; /* of the blob */
	int64_t integer;
};

/*
 * Runs `sql`, one statement, up to its first row. Run again, a query keeps its statement:
 * then only the values may differ. Returns 1 if there is a row, 0 if not, or -1 with what
 * connection_fail() says of `what`.
 */
int query_run(struct query *query, struct connection *connection, const char *what,
	const char *sql, const struct query_value *values, size_t count, struct err *err);

/* Goes to the next row. Returns as query_run(). */
int query_next(struct query *query, struct err *err);

/*
 * The text in a column of the row, from 0; valid until query_next(). A NULL, or a text
 * that memory does not suffice for, is NULL. For other types, sqlite3_column_*() of the
 * statement.
 */
const char *query_text(const struct query *query, int column);

void query_release(struct query *query);

#endif
