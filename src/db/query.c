/* SPDX-License-Identifier: MIT */
/* Running a statement of our own. */
#include "db/query.h"

#include <sqlite3.h>

#include "db/connection.h"

static int prepare(struct query *query, struct connection *connection, const char *what,
	const char *sql, struct err *err)
{
	if (query->statement) {
		(void)sqlite3_reset(query->statement); /* repeats an old error */
		return 0;
	}
	query->connection = connection;
	query->what = what;
	if (sqlite3_prepare_v2(connection->db, sql, -1, &query->statement, NULL) ==
		SQLITE_OK)
		return 0;
	return connection_fail(connection, what, err);
}

/* What this can fail with is memory, and then stepping fails with it. */
static void bind(sqlite3_stmt *statement, int i, const struct query_value *value)
{
	if (value->text)
		(void)sqlite3_bind_text(statement, i, value->text, -1, SQLITE_STATIC);
	else if (value->blob)
		(void)sqlite3_bind_blob64(
			statement, i, value->blob, value->size, SQLITE_STATIC);
	else
		(void)sqlite3_bind_int64(statement, i, value->integer);
}

int query_run(struct query *query, struct connection *connection, const char *what,
	const char *sql, const struct query_value *values, size_t count, struct err *err)
{
	if (prepare(query, connection, what, sql, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		bind(query->statement, (int)i + 1, &values[i]);
	return query_next(query, err);
}

int query_next(struct query *query, struct err *err)
{
	switch (sqlite3_step(query->statement)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return connection_fail(query->connection, query->what, err);
	}
}

const char *query_text(const struct query *query, int column)
{
	return (const char *)sqlite3_column_text(query->statement, column);
}

void query_release(struct query *query)
{
	(void)sqlite3_finalize(query->statement); /* repeats an old error */
	query->statement = NULL;
}
