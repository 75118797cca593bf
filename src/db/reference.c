/* SPDX-License-Identifier: MIT */
/* The foreign keys of a table, one by one. */
#include "db/reference.h"

#include <sqlite3.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "db/connection.h"

static const char reading[] = "read the foreign keys";

/* The columns x of the table m whose name follows; it is no view or virtual table. */
#define COLUMNS_OF \
	"main.sqlite_master AS m, pragma_table_xinfo(m.name, 'main') AS x " \
	"WHERE m.type = 'table' AND m.rootpage AND m.name COLLATE NOCASE = "

/*
 * The name that a table or column had before: of the one in `list` that has it now, or
 * else its own; NULL if that is the old name of another one that still exists.
 */
#define FORMER(list, name) \
	"coalesce((SELECT b.name FROM temp." list "b.now = " name "), " \
	"CASE WHEN NOT EXISTS (SELECT 1 FROM temp." list "b.name = " name " " \
	"AND b.now IS NOT NULL) THEN " name " END)"

#define FORMER_TABLE(name) FORMER("groundwork_tables AS b WHERE ", name)
#define FORMER_COLUMN(former, name) \
	FORMER("groundwork_columns AS b WHERE b.tab = " former " AND ", name)

/* As part of a key; one that had no name is like none that had. */
#define QUOTED_FORMER(name) \
	"coalesce('\"' || replace(" name ", '\"', '\"\"') || '\"', 'new')"

#define FORMER_CHILD_NAME    FORMER_TABLE("?1")
#define FORMER_PARENT_NAME   FORMER_TABLE("f.\"table\"")
#define QUOTED_FORMER_CHILD  QUOTED_FORMER("former_child")
#define QUOTED_FORMER_PARENT QUOTED_FORMER("former_parent")
#define QUOTED_FROM          QUOTED_FORMER(FORMER_COLUMN("former_child", "k.name"))
#define QUOTED_TO            QUOTED_FORMER(FORMER_COLUMN("former_parent", "parent_name"))

/* An implicit key is to the columns of the PRIMARY KEY, as its index compares them. */
#define PRIMARY_KEY \
	"(SELECT x.name FROM " COLUMNS_OF "f.\"table\" " \
	"AND x.pk = f.seq + 1)"
#define PRIMARY_KEY_COLLATION \
	"(SELECT printf('\"%w\"', x.coll) FROM " \
	"pragma_index_list(f.\"table\", 'main') AS i, " \
	"pragma_index_xinfo(i.name, 'main') AS x " \
	"WHERE i.origin = 'pk' AND x.key AND x.seqno = f.seq)"

static const char list_sql[] =
	"SELECT id, parent, implicit, name, parent_name, printf('\"%w\"', name), "
	"printf('\"%w\"', parent_name), collation, " QUOTED_FORMER_CHILD
	", " QUOTED_FORMER_PARENT ", " QUOTED_FROM ", " QUOTED_TO ", "
	"EXISTS (SELECT 1 FROM main.sqlite_master AS o WHERE "
	"o.type IN ('table', 'view') AND o.name = parent COLLATE NOCASE), "
	"printf('\"%w\"', ?1), printf('\"%w\"', parent) "
	"FROM (SELECT f.id AS id, f.seq AS seq, f.\"table\" AS parent, "
	"f.\"to\" IS NULL AS implicit, f.\"from\" AS name, "
	"coalesce(f.\"to\", " PRIMARY_KEY ") AS parent_name, "
	"CASE WHEN f.\"to\" IS NULL THEN " PRIMARY_KEY_COLLATION
	" END AS collation, " FORMER_CHILD_NAME " AS former_child, " FORMER_PARENT_NAME
	" AS former_parent "
	"FROM pragma_foreign_key_list(?1, 'main') AS f) AS k ORDER BY id, seq";

enum column {
	ID,
	PARENT,
	IMPLICIT,
	NAME,
	PARENT_NAME,
	QUOTED_NAME,
	QUOTED_PARENT_NAME,
	COLLATION,
	FORMER_CHILD,
	FORMER_PARENT,
	FORMER_NAME,
	FORMER_PARENT_COLUMN,
	PARENT_FOUND,
	QUOTED_CHILD,
	QUOTED_PARENT,
};

/* What the columns of a key add to, row by row. */
struct parts {
	struct buf columns, parent_columns;
	struct buf former, former_parent;
	struct buf given, pairs, missing; /* conditions */
	struct buf value;
};

static void release_parts(struct parts *parts)
{
	buf_release(&parts->columns);
	buf_release(&parts->parent_columns);
	buf_release(&parts->former);
	buf_release(&parts->former_parent);
	buf_release(&parts->given);
	buf_release(&parts->pairs);
	buf_release(&parts->missing);
	buf_release(&parts->value);
}

static void init_parts(struct parts *parts)
{
	const struct buf empty = BUF_INIT;

	*parts = (struct parts){empty, empty, empty, empty, empty, empty, empty, empty};
}

/* Adds the column of the child that the row is about. */
static void add_column(struct parts *parts, const struct query *row)
{
	const char *name = query_text(row, QUOTED_NAME);

	buf_separate(&parts->columns, ", ");
	buf_puts(&parts->columns, query_text(row, NAME));
	buf_separate(&parts->former, ", ");
	buf_puts(&parts->former, query_text(row, FORMER_NAME));
	buf_separate(&parts->given, " AND ");
	buf_printf(&parts->given, "c.%s IS NOT NULL", name);
	/* Its type, and all that can differ: text may have a NUL, a number 17 digits. */
	buf_separate(&parts->value, " || ',' || ");
	buf_printf(&parts->value,
		"typeof(c.%s) || ':' || CASE typeof(c.%s) WHEN 'real' THEN quote(c.%s) "
		"ELSE hex(CAST(c.%s AS BLOB)) END",
		name, name, name, name);
}

static void add_parent_column(struct parts *parts, const struct query *row)
{
	const char *collation = query_text(row, COLLATION);

	if (!query_text(row, PARENT_NAME))
		return;
	buf_separate(&parts->parent_columns, ", ");
	buf_puts(&parts->parent_columns, query_text(row, PARENT_NAME));
	buf_separate(&parts->former_parent, ", ");
	buf_puts(&parts->former_parent, query_text(row, FORMER_PARENT_COLUMN));
	buf_separate(&parts->missing, " AND ");
	buf_printf(&parts->missing, "p.%s IS NULL", query_text(row, QUOTED_PARENT_NAME));
	buf_separate(&parts->pairs, " AND ");
	buf_printf(&parts->pairs, "p.%s = +c.%s%s%s", query_text(row, QUOTED_PARENT_NAME),
		query_text(row, QUOTED_NAME), collation ? " COLLATE " : "",
		collation ? collation : "");
}

/* As far as its columns are read. */
static void describe(struct reference *reference, const struct parts *parts,
	const struct query *row, struct arena *arena)
{
	CLEANUP_BUF struct buf key = BUF_INIT;

	buf_printf(&key, "%s (%s) to %s (", query_text(row, FORMER_CHILD),
		parts->former.data, query_text(row, FORMER_PARENT));
	/* Names are compared without regard to case, as SQLite does. */
	reference->key = str_lower(
		arena_printf(arena, "%s%s)", key.data, parts->former_parent.data));
	reference->bare = reference->implicit
		? str_lower(arena_printf(arena, "%s)", key.data))
		: reference->key;
	reference->columns = arena_strdup(arena, parts->columns.data);
	reference->parent_columns = arena_strdup(arena, parts->parent_columns.data);
	reference->value = arena_strdup(arena, parts->value.data);
	/* A join takes half of the time of NOT EXISTS. */
	reference->from = reference->parent_found
		? arena_printf(arena,
			  "main.%s AS c LEFT JOIN main.%s AS p ON %s WHERE %s AND %s",
			  query_text(row, QUOTED_CHILD), query_text(row, QUOTED_PARENT),
			  parts->pairs.data, parts->given.data, parts->missing.data)
		: arena_printf(arena, "main.%s AS c WHERE %s",
			  query_text(row, QUOTED_CHILD), parts->given.data);
}

static void add_reference(struct references *to, const struct query *row,
	const char *child, struct arena *arena)
{
	to->list = arena_array_grow(arena, to->list, to->count, sizeof *to->list);
	to->list[to->count++] = (struct reference){
		.id = (int)query_integer(row, ID),
		.implicit = query_integer(row, IMPLICIT),
		.parent_found = query_integer(row, PARENT_FOUND),
		.child = arena_strdup(arena, child),
		.parent = arena_strdup(arena, query_text(row, PARENT)),
	};
}

int references_read(struct connection *connection, const char *child, struct arena *arena,
	struct references *ret, struct err *err)
{
	__attribute__((cleanup(release_parts))) struct parts parts;
	CLEANUP_QUERY struct query row = {0};
	const struct query_value name = {.text = child};
	struct references found = {.count = 0};
	int rc = query_run(&row, &connection->store, reading, list_sql, &name, 1, err);

	init_parts(&parts);
	for (; rc == 1; rc = query_next(&row, err)) {
		struct reference *last =
			found.count ? &found.list[found.count - 1] : NULL;

		if (!last || last->id != (int)query_integer(&row, ID)) {
			release_parts(&parts);
			init_parts(&parts);
			add_reference(&found, &row, child, arena);
			last = &found.list[found.count - 1];
		}
		last->count++;
		add_column(&parts, &row);
		add_parent_column(&parts, &row);
		describe(last, &parts, &row, arena);
	}
	if (rc == 0)
		*ret = found;
	return rc;
}

int reference_former_name(struct connection *connection, const char *table,
	struct arena *arena, const char **ret, struct err *err)
{
	CLEANUP_QUERY struct query row = {0};
	const struct query_value name = {.text = table};

	if (query_run(&row, &connection->store, reading, "SELECT " FORMER_TABLE("?1"),
		    &name, 1, err) < 0)
		return -1;
	*ret = query_text(&row, 0) ? arena_strdup(arena, query_text(&row, 0)) : NULL;
	return 0;
}

/* ---- can it be checked ---- */

/* ?1 child, ?2 id, ?3 parent, ?4 the number of columns: is it the PRIMARY KEY's rowid? */
static const char rowid_sql[] =
	"SELECT 1 FROM " COLUMNS_OF "?3 AND x.pk AND ?4 = 1 "
	"AND x.name = (SELECT f.\"to\" FROM "
	"pragma_foreign_key_list(?1, 'main') AS f WHERE f.id = ?2) COLLATE NOCASE "
	"AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name, 'main') AS i "
	"WHERE i.origin = 'pk')";

static const char implicit_sql[] =
	"SELECT 1 WHERE ?4 = (SELECT count(*) FROM " COLUMNS_OF "?3 AND x.pk) "
	"AND ?1 IS NOT NULL AND ?2 IS NOT NULL";

/* The columns of each index that has the right number, and whether the key has them. */
static const char indexes_sql[] =
	"SELECT i.seq, x.name, x.coll, EXISTS (SELECT 1 FROM "
	"pragma_foreign_key_list(?1, 'main') AS f WHERE f.id = ?2 "
	"AND f.\"to\" = x.name COLLATE NOCASE) "
	"FROM pragma_index_list(?3, 'main') AS i, "
	"pragma_index_xinfo(i.name, 'main') AS x "
	"WHERE i.\"unique\" AND NOT i.partial AND x.key "
	"AND ?4 = (SELECT count(*) FROM pragma_index_xinfo(i.name, 'main') AS o "
	"WHERE o.key) ORDER BY i.seq, x.seqno";

/* Is an index on the column, as it is in the row, that of a foreign key? */
static bool suits(
	struct connection *connection, const char *table, const struct query *row)
{
	const char *name = query_text(row, 1), *collation = query_text(row, 2);
	const char *declared = NULL;

	return name && collation && query_integer(row, 3) &&
		sqlite3_table_column_metadata(connection->db, "main", table, name, NULL,
			&declared, NULL, NULL, NULL) == SQLITE_OK &&
		sqlite3_stricmp(declared, collation) == 0;
}

/* Does an index suit in all its columns? Returns 1, 0, or -1. */
static int find_index(struct connection *connection, const struct reference *reference,
	const struct query_value values[4], struct err *err)
{
	CLEANUP_QUERY struct query row = {0};
	size_t good = 0;
	int index = -1;
	int rc =
		query_run(&row, &connection->store, reading, indexes_sql, values, 4, err);

	for (; rc == 1; rc = query_next(&row, err)) {
		if (index != (int)query_integer(&row, 0))
			good = 0;
		index = (int)query_integer(&row, 0);
		good += suits(connection, reference->parent, &row);
		if (good == reference->count)
			return 1;
	}
	return rc;
}

int reference_is_valid(
	struct connection *connection, const struct reference *reference, struct err *err)
{
	const struct query_value values[] = {
		{.text = reference->child},
		{.integer = reference->id},
		{.text = reference->parent},
		{.integer = (int64_t)reference->count},
	};
	CLEANUP_QUERY struct query row = {0};
	int rc;

	if (!reference->parent_found)
		return 1;
	rc = query_run(&row, &connection->store, reading,
		reference->implicit ? implicit_sql : rowid_sql, values, 4, err);
	if (rc != 0 || reference->implicit)
		return rc;
	return find_index(connection, reference, values, err);
}

/* ---- what is broken ---- */

int reference_broken(struct connection *connection, const struct reference *reference,
	struct query *ret, struct err *err)
{
	CLEANUP_BUF struct buf sql = BUF_INIT;

	buf_printf(&sql, "SELECT %s AS value, count(*) FROM %s GROUP BY 1",
		reference->value, reference->from);
	return query_run(
		ret, &connection->store, "foreign_key_check", sql.data, NULL, 0, err);
}

const char *reference_row(struct connection *connection,
	const struct reference *reference, const char *value, long long skip,
	struct arena *arena)
{
	const struct query_value values[] = {{.text = value}, {.integer = skip}};
	CLEANUP_QUERY struct query row = {0};
	CLEANUP_BUF struct buf sql = BUF_INIT;
	DECLARE_ERR(ignored);

	buf_printf(&sql,
		"SELECT c._rowid_ FROM %s AND ?1 = %s ORDER BY 1 LIMIT 1 OFFSET ?2",
		reference->from, reference->value);
	if (query_run(&row, &connection->store, "foreign_key_check", sql.data, values, 2,
		    &ignored) != 1 ||
		sqlite3_column_type(row.statement, 0) == SQLITE_NULL)
		return NULL; /* a column may have that name */
	return arena_strdup(arena, query_text(&row, 0));
}
