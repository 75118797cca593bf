/* SPDX-License-Identifier: MIT */
/* The schema of a database, and how two of them differ. */
#include "db/schema.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "db/connection.h"
#include "ledger/ledger.h"
#include "ledger/query.h"
#include "db/schema_text.h"

static const char reading[] = "read the schema";

static const char objects_sql[] =
	"SELECT type, name, sql, rootpage, tbl_name FROM main.sqlite_master "
	"WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
	"AND tbl_name <> '" LEDGER_NAME "' COLLATE NOCASE "
	"ORDER BY type, name COLLATE NOCASE";

static const char columns_sql[] =
	"SELECT name, type, \"notnull\", dflt_value, pk, hidden "
	"FROM pragma_table_xinfo(?1, 'main')";

/* ---- reading ---- */

static struct schema_column column_of(const struct query *query, struct arena *arena)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const char *name = query_text(query, 0);
	const char *type = query_text(query, 1), *value = query_text(query, 3);

	buf_puts(&text, name);
	if (type && *type)
		buf_printf(&text, " %s", type);
	if (query_integer(query, 2))
		buf_puts(&text, " NOT NULL");
	if (value)
		buf_printf(&text, " DEFAULT %s", value);
	if (query_integer(query, 4))
		buf_puts(&text, " PRIMARY KEY");
	if (query_integer(query, 5))
		buf_puts(&text, " GENERATED");
	return (struct schema_column){
		.name = arena_strdup(arena, name),
		.text = arena_strdup(arena, text.data),
	};
}

/* `query` is that of the columns, prepared once for all tables. */
static int read_columns(struct query *query, struct connection *connection,
	struct schema_object *object, struct arena *arena, struct err *err)
{
	const struct query_value table = {.text = object->name};
	int rc = query_run(
		query, &connection->store, reading, columns_sql, &table, 1, err);

	for (; rc == 1; rc = query_next(query, err)) {
		if (!query_text(query, 0))
			return err_fail(err, "out of memory");
		object->columns = arena_array_grow(arena, object->columns,
			object->columns_count, sizeof *object->columns);
		object->columns[object->columns_count++] = column_of(query, arena);
	}
	return rc;
}

static int add_object(const struct query *query, struct query *columns,
	struct connection *connection, struct arena *arena, struct schema *schema,
	struct err *err)
{
	const char *type = query_text(query, 0), *name = query_text(query, 1);
	const char *sql = query_text(query, 2), *table = query_text(query, 4);
	struct schema_object *object;

	if (!type || !name || !sql || !table)
		return err_fail(err, "its schema has a row that is none of SQLite's");
	schema->list = arena_array_grow(
		arena, schema->list, schema->count, sizeof *schema->list);
	object = &schema->list[schema->count++];
	*object = (struct schema_object){
		.type = arena_strdup(arena, type),
		.name = arena_strdup(arena, name),
		.table = arena_strdup(arena, table),
		.sql = arena_strdup(arena, sql),
	};
	/* A virtual table has no pages, and asking it for its columns would start it. */
	return str_equal(type, "table") && query_integer(query, 3)
		? read_columns(columns, connection, object, arena, err)
		: 0;
}

/* A text in double quotes is a name only if something in the schema has that name. */
static void normalise(struct schema *schema, struct arena *arena)
{
	struct schema_names names = {.count = 0};

	for (size_t i = 0; i < schema->count; i++) {
		const struct schema_object *object = &schema->list[i];

		schema_names_add(&names, arena, object->name);
		for (size_t k = 0; k < object->columns_count; k++)
			schema_names_add(&names, arena, object->columns[k].name);
	}
	for (size_t i = 0; i < schema->count; i++) {
		struct schema_object *object = &schema->list[i];

		object->sql = schema_text(object->sql, &names, arena);
		for (size_t k = 0; k < object->columns_count; k++)
			object->columns[k].sql =
				schema_text(object->columns[k].text, &names, arena);
	}
}

int schema_read(struct connection *connection, struct arena *arena, struct schema *ret,
	struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	CLEANUP_QUERY struct query columns = {0};
	struct schema schema = {.count = 0};
	int rc =
		query_run(&query, &connection->store, reading, objects_sql, NULL, 0, err);

	for (; rc == 1; rc = query_next(&query, err))
		if (add_object(&query, &columns, connection, arena, &schema, err) < 0)
			return -1;
	if (rc < 0)
		return -1;
	normalise(&schema, arena);
	*ret = schema;
	return 0;
}

/* ---- comparing ---- */

struct comparison {
	struct arena *arena;
	const char **lines;
	size_t count;
};

static void add_line(struct comparison *comparison, char sign,
	const struct schema_object *object, const char *rest)
{
	comparison->lines = arena_array_grow(comparison->arena, comparison->lines,
		comparison->count, sizeof *comparison->lines);
	comparison->lines[comparison->count++] = arena_printf(
		comparison->arena, "%c %s %s%s", sign, object->type, object->name, rest);
}

static const struct schema_column *find_column(
	const struct schema_object *object, const char *name)
{
	for (size_t i = 0; i < object->columns_count; i++)
		if (sqlite3_stricmp(object->columns[i].name, name) == 0)
			return &object->columns[i];
	return NULL;
}

static void add_column(struct buf *to, char sign, const char *text)
{
	buf_printf(to, "%s %c %s", to->len ? "," : ":", sign, text);
}

static void compare_columns(const struct schema_object *before,
	const struct schema_object *after, struct buf *to)
{
	for (size_t i = 0; i < before->columns_count; i++)
		if (!find_column(after, before->columns[i].name))
			add_column(to, '-', before->columns[i].text);
	for (size_t i = 0; i < after->columns_count; i++) {
		const struct schema_column *column = &after->columns[i];
		const struct schema_column *was = find_column(before, column->name);

		if (!was || !str_equal(was->sql, column->sql))
			add_column(to, was ? '~' : '+', column->text);
	}
}

/* ---- the parts of a CREATE TABLE that was normalised ---- */

struct parts {
	const char **list;
	size_t count;
};

static void add_part(
	struct parts *parts, struct arena *arena, const char *text, size_t size)
{
	parts->list =
		arena_array_grow(arena, parts->list, parts->count, sizeof *parts->list);
	parts->list[parts->count++] = arena_memdup(arena, text, size);
}

/* The end of what begins here: of a quoted text, else of one character. */
static const char *skip(const char *at)
{
	bool quoted = *at && strchr("'\"`[", *at);
	const char *end = quoted ? strchr(at + 1, *at == '[' ? ']' : *at) : at;

	return end ? end + 1 : at + 1;
}

/* What commas separate in the parentheses, and what follows them. */
static struct parts split_parts(const char *sql, struct arena *arena)
{
	struct parts parts = {.count = 0};
	const char *begin = sql;
	int depth = 0;

	for (const char *at = sql; *at; at = skip(at)) {
		bool ends = depth == 1 && (*at == ',' || *at == ')');

		depth += (*at == '(') - (*at == ')');
		if (ends)
			add_part(&parts, arena, begin, (size_t)(at - begin));
		if (ends || (depth == 1 && *at == '('))
			begin = at + 1 + (at[1] == ' ');
		if (depth == 0 && *at == ')' && !at[1])
			return parts;
	}
	add_part(&parts, arena, begin, strlen(begin));
	return parts;
}

/* Is it the definition of a column that is said to differ? */
static bool is_said(const char *part, const struct schema_object *before,
	const struct schema_object *after, struct arena *arena)
{
	bool quoted = *part && strchr("\"`[", *part) && skip(part) - part > 1;
	size_t size = quoted ? (size_t)(skip(part) - part) - 2 : strcspn(part, " ");
	const char *name = arena_memdup(arena, part + quoted, size);
	const struct schema_column *was = find_column(before, name);
	const struct schema_column *is = find_column(after, name);

	return was && is ? !str_equal(was->sql, is->sql) : was || is;
}

static bool has_part(const struct parts *parts, const char *part)
{
	for (size_t i = 0; i < parts->count; i++)
		if (str_equal(parts->list[i], part))
			return true;
	return false;
}

/* Does one of them have a constraint, or an option, that the other lacks? */
static bool constraints_differ(const struct schema_object *before,
	const struct schema_object *after, struct arena *arena)
{
	struct parts old = split_parts(before->sql, arena);
	struct parts new = split_parts(after->sql, arena);

	for (size_t i = 0; i < old.count; i++)
		if (!has_part(&new, old.list[i]) &&
			!is_said(old.list[i], before, after, arena))
			return true;
	for (size_t i = 0; i < new.count; i++)
		if (!has_part(&old, new.list[i]) &&
			!is_said(new.list[i], before, after, arena))
			return true;
	return false;
}

static void compare_objects(struct comparison *comparison,
	const struct schema_object *before, const struct schema_object *after)
{
	CLEANUP_BUF struct buf rest = BUF_INIT;

	if (str_equal(before->sql, after->sql))
		return;
	compare_columns(before, after, &rest);
	if (after->columns_count && constraints_differ(before, after, comparison->arena))
		buf_puts(&rest, rest.len ? ", its constraints" : ": its constraints");
	else if (after->columns_count && !rest.len)
		buf_puts(&rest, ": the order of its columns");
	add_line(comparison, '~', after, rest.data);
}

static int by_type_and_name(const struct schema_object *a, const struct schema_object *b)
{
	int order = strcmp(a->type, b->type);

	return order ? order : sqlite3_stricmp(a->name, b->name);
}

size_t schema_compare(const struct schema *before, const struct schema *after,
	struct arena *arena, const char ***ret)
{
	struct comparison comparison = {.arena = arena};
	size_t a = 0, b = 0;

	while (a < before->count || b < after->count) {
		int order = a == before->count ? 1
			: b == after->count
			? -1
			: by_type_and_name(&before->list[a], &after->list[b]);

		if (order < 0)
			add_line(&comparison, '-', &before->list[a++], "");
		else if (order > 0)
			add_line(&comparison, '+', &after->list[b++], "");
		else
			compare_objects(
				&comparison, &before->list[a++], &after->list[b++]);
	}
	*ret = comparison.lines;
	return comparison.count;
}
