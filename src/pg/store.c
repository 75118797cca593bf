/* SPDX-License-Identifier: MIT */
/* PostgreSQL as ledger/store.h asks an engine. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "pg/connection.h"
#include "pg/literals.h"
#include "pg/pg.h"

/* ---- statements ---- */

/* A query's statement: all of its rows. */
struct rows {
	struct arena arena;
	struct session_result result;
	size_t at; /* the row; they begin at 0 */
};

/* Of pg_type: what they are does not change ("System Catalogs", pg_type.dat). */
enum {
	BYTEA = 17,
	NAME = 19,
	INT8 = 20,
	INT2 = 21,
	INT4 = 23,
	TEXT = 25,
	VARCHAR = 1043
};

static void release(struct query *query)
{
	struct rows *rows = query->statement;

	arena_release(&rows->arena);
	free(rows);
	query->statement = NULL;
}

static int run(struct query *query, const char *sql, const struct query_value *values,
	size_t count, struct err *err)
{
	struct pg_connection *connection = pg_connection_of(query->store);
	struct rows *rows;
	int rc;

	if (query->statement)
		release(query);
	if (connection->collected && count) {
		literals_write(connection->collected, sql, values);
		return 0;
	}
	rows = query->statement = mem_zalloc(sizeof *rows);
	rc = session_run(&connection->session, sql, values, count, &rows->arena,
		&rows->result, err);
	if (rc == 0)
		rc = pg_take(connection, query->what, &rows->result, err);
	return rc < 0 ? -1 : rows->result.rows > 0;
}

static int next(struct query *query, struct err *err)
{
	struct rows *rows = query->statement;

	(void)err;
	return ++rows->at < rows->result.rows;
}

static size_t index_of(const struct query *query, int column)
{
	const struct rows *rows = query->statement;

	return rows->at * rows->result.columns + (size_t)column;
}

/* A server may answer with fewer rows or columns than it was asked for: NULL, too. */
static const char *text(const struct query *query, int column)
{
	const struct rows *rows = query->statement;

	if (rows->at >= rows->result.rows || (size_t)column >= rows->result.columns)
		return NULL;
	return rows->result.cells[index_of(query, column)];
}

static int64_t integer(const struct query *query, int column)
{
	const char *digits = text(query, column);

	return digits ? strtoll(digits, NULL, 10) : 0;
}

static unsigned char digit_of(char c)
{
	return (unsigned char)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* "\x00ff", the server's form of a bytea ("Binary Data Types", 8.4.1). */
static const void *decode(
	const char *hex, size_t size, struct arena *arena, size_t *ret_size)
{
	unsigned char *data;

	*ret_size = size / 2 - 1;
	data = arena_alloc(arena, *ret_size + 1);
	for (size_t i = 0; i < *ret_size; i++)
		data[i] = (unsigned char)(digit_of(hex[2 * i + 2]) << 4 |
			digit_of(hex[2 * i + 3]));
	return *ret_size ? data : NULL;
}

static const void *bytes(const struct query *query, int column, size_t *ret_size)
{
	struct rows *rows = query->statement;
	const char *data = text(query, column);
	size_t size;

	*ret_size = 0;
	if (!data)
		return NULL;
	size = rows->result.sizes[index_of(query, column)];
	if (rows->result.types[column] == BYTEA && str_starts(data, "\\x"))
		return decode(data, size, &rows->arena, ret_size);
	*ret_size = size;
	return *ret_size ? data : NULL;
}

static enum query_type type(const struct query *query, int column)
{
	const struct rows *rows = query->statement;

	if (!text(query, column))
		return QUERY_NULL;
	switch (rows->result.types[column]) {
	case INT2:
	case INT4:
	case INT8:
		return QUERY_INTEGER;
	case NAME:
	case TEXT:
	case VARCHAR:
		return QUERY_TEXT;
	default:
		return QUERY_OTHER;
	}
}

/* ---- tables of other tools ---- */

static const char table_sql[] =
	"SELECT c.relkind, a.attname, a.attgenerated, (a.atttypid >= 16384)::int "
	"FROM pg_catalog.pg_class c "
	"JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
	"JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
	"AND NOT a.attisdropped "
	"WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = $1 "
	"AND c.relname = $2 ORDER BY a.attnum";

/*
 * But for tables, and tables in parts, reading may run what is in the database, and so
 * may casting and comparing what has a type that is made there: its number is 16384 or
 * more ("System Catalogs", FirstNormalObjectId).
 */
static const char *unfit_of(const char *kind, const char *computed, bool foreign)
{
	switch (*kind) {
	case 'v':
	case 'm':
		return "is a view";
	case 'f':
		return "is a foreign table";
	default:
		break;
	}
	if (*computed)
		return "has computed columns";
	return foreign ? "has columns of types that the database makes" : NULL;
}

static int find_table(struct store *store, const char *name, struct arena *arena,
	struct store_table *ret, struct err *err)
{
	const char *dot = strchr(name, '.');
	const char *schema = dot ? arena_printf(arena, "%.*s", (int)(dot - name), name)
				 : pg_connection_of(store)->schema;
	const struct query_value values[] = {
		{.text = schema}, {.text = dot ? dot + 1 : name}};
	CLEANUP_QUERY struct query query = {0};
	struct store_table table = {.unfit = NULL};
	int rc = query_run(&query, store, "look for ledgers of other tools", table_sql,
		values, 2, err);

	if (rc != 1)
		return rc;
	for (; rc == 1; rc = query_next(&query, err)) {
		const char *kind = text(&query, 0), *column = text(&query, 1);
		const char *computed = text(&query, 2), *unfit;

		if (!kind || !column || !computed)
			return err_fail(err,
				"%s: the server's answer has no text where "
				"there must be one",
				query.what);
		unfit = unfit_of(kind, computed, integer(&query, 3) != 0);
		if (unfit)
			table.unfit = unfit;
		table.columns = arena_array_grow(
			arena, table.columns, table.columns_count, sizeof *table.columns);
		table.columns[table.columns_count++] = arena_strdup(arena, column);
	}
	if (rc < 0)
		return -1;
	*ret = table;
	return 1;
}

static int user_version(struct store *store, int64_t *ret, struct err *err)
{
	(void)store;
	(void)err;
	*ret = 0; /* there is none; `adopt = user_version` is refused before */
	return 0;
}

const struct store_engine pg_engine = {
	.run = run,
	.next = next,
	.text = text,
	.integer = integer,
	.bytes = bytes,
	.type = type,
	.release = release,
	.adopting = &pg_adopting,
	.row_order = "position",
	.find_table = find_table,
	.user_version = user_version,
};
