/* SPDX-License-Identifier: MIT */
/* SQLite as ledger/store.h asks an engine. */
#include <sqlite3.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "db/connection.h"
#include "ledger/store.h"

/* ---- statements ---- */

/* The store is the first member of each connection. */
static struct connection *connection_of(struct store *store)
{
	return (struct connection *)store;
}

static int prepare(struct query *query, const char *sql, struct err *err)
{
	struct connection *connection = connection_of(query->store);
	sqlite3_stmt *statement = query->statement;

	if (statement) {
		(void)sqlite3_reset(statement); /* repeats an old error */
		return 0;
	}
	if (sqlite3_prepare_v2(connection->db, sql, -1, &statement, NULL) != SQLITE_OK)
		return connection_fail(connection, query->what, err);
	query->statement = statement;
	return 0;
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

static int next(struct query *query, struct err *err)
{
	switch (sqlite3_step(query->statement)) {
	case SQLITE_ROW:
		return 1;
	case SQLITE_DONE:
		return 0;
	default:
		return connection_fail(connection_of(query->store), query->what, err);
	}
}

static int run(struct query *query, const char *sql, const struct query_value *values,
	size_t count, struct err *err)
{
	if (prepare(query, sql, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		bind(query->statement, (int)i + 1, &values[i]);
	return next(query, err);
}

static const char *text(const struct query *query, int column)
{
	return (const char *)sqlite3_column_text(query->statement, column);
}

static int64_t integer(const struct query *query, int column)
{
	return sqlite3_column_int64(query->statement, column);
}

static const void *bytes(const struct query *query, int column, size_t *ret_size)
{
	const void *data = sqlite3_column_blob(query->statement, column);

	*ret_size = (size_t)sqlite3_column_bytes(query->statement, column);
	return data;
}

static enum query_type type(const struct query *query, int column)
{
	switch (sqlite3_column_type(query->statement, column)) {
	case SQLITE_NULL:
		return QUERY_NULL;
	case SQLITE_INTEGER:
		return QUERY_INTEGER;
	case SQLITE_TEXT:
		return QUERY_TEXT;
	default:
		return QUERY_OTHER;
	}
}

static void release(struct query *query)
{
	(void)sqlite3_finalize(query->statement); /* repeats an old error */
	query->statement = NULL;
}

/* ---- tables of other tools ---- */

static const char looking[] = "look for ledgers of other tools";
/* A view or a virtual table has no page of its own. */
static const char object_sql[] =
	"SELECT type, rootpage, sql FROM main.sqlite_master "
	"WHERE name = $1 COLLATE NOCASE AND type IN ('table', 'view')";
static const char columns_sql[] =
	"SELECT name, hidden FROM pragma_table_xinfo($1, 'main')";

static int read_columns(struct store *store, const struct query_value *name,
	struct arena *arena, struct store_table *ret, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(&query, store, looking, columns_sql, name, 1, err);

	for (; rc == 1; rc = query_next(&query, err)) {
		const char *column = query_text(&query, 0);

		ret->columns = arena_array_grow(
			arena, ret->columns, ret->columns_count, sizeof *ret->columns);
		ret->columns[ret->columns_count++] =
			arena_strdup(arena, column ? column : "");
		if (query_integer(&query, 1))
			ret->unfit = "has computed columns";
	}
	return rc;
}

static int find_table(struct store *store, const char *name, struct arena *arena,
	struct store_table *ret, struct err *err)
{
	const struct query_value value = {.text = name};
	CLEANUP_QUERY struct query query = {0};
	struct store_table table = {.unfit = NULL};
	const char *kind;
	int rc = query_run(&query, store, looking, object_sql, &value, 1, err);

	if (rc != 1)
		return rc;
	kind = query_text(&query, 0);
	if (kind && str_equal(kind, "view"))
		table.unfit = "is a view";
	else if (query_integer(&query, 1) <= 0)
		table.unfit = "is a virtual table";
	else if (read_columns(store, &value, arena, &table, err) < 0)
		return -1;
	*ret = table;
	return 1;
}

static int user_version(struct store *store, int64_t *ret, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(&query, store, "read the user_version",
		"PRAGMA main.user_version", NULL, 0, err);

	if (rc == 1)
		*ret = query_integer(&query, 0);
	return rc < 0 ? -1 : 0;
}

const struct store_engine connection_engine = {
	.run = run,
	.next = next,
	.text = text,
	.integer = integer,
	.bytes = bytes,
	.type = type,
	.release = release,
	.adopting = &connection_adopting,
	.row_order = "rowid",
	.find_table = find_table,
	.user_version = user_version,
};
