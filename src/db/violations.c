/* SPDX-License-Identifier: MIT */
/* What is broken of the foreign keys of a table, and was not before. */
#include "db/violations.h"

#include <sqlite3.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/connection.h"
#include "db/db.h"
#include "db/foreign_keys.h"
#include "ledger/query.h"
#include "db/reference.h"
#include "db/renames.h"
#include "db/touched.h"

static const char checking[] = "foreign_key_check";

static const char create_sql[] =
	"DROP TABLE IF EXISTS temp.groundwork_tables;"
	"DROP TABLE IF EXISTS temp.groundwork_columns;"
	"DROP TABLE IF EXISTS temp.groundwork_keys;"
	"DROP TABLE IF EXISTS temp.groundwork_broken;"
	"CREATE TEMP TABLE groundwork_tables(name COLLATE NOCASE PRIMARY KEY, "
	"now COLLATE NOCASE UNIQUE);"
	"CREATE TEMP TABLE groundwork_columns(tab COLLATE NOCASE, "
	"name COLLATE NOCASE, now COLLATE NOCASE, "
	"PRIMARY KEY(tab, name), UNIQUE(tab, now));"
	"CREATE TEMP TABLE groundwork_keys(key PRIMARY KEY, valid);"
	"CREATE TEMP TABLE groundwork_broken(key, value, n, PRIMARY KEY(key, value))";

static const char names_sql[] =
	"SELECT m.name, x.name FROM main.sqlite_master AS m, "
	"pragma_table_xinfo(m.name, 'main') AS x WHERE m.type = 'table' AND m.rootpage";
static const char table_sql[] =
	"INSERT OR IGNORE INTO temp.groundwork_tables VALUES(?1, ?1)";
static const char column_sql[] =
	"INSERT OR IGNORE INTO temp.groundwork_columns VALUES(?1, ?2, ?2)";

int violations_create(struct connection *connection, struct err *err)
{
	return connection_exec(connection, checking, create_sql, err);
}

int violations_store_names(
	struct connection *to, struct connection *from, struct err *err)
{
	CLEANUP_QUERY struct query row = {0};
	CLEANUP_QUERY struct query table = {0};
	CLEANUP_QUERY struct query column = {0};
	int rc = query_run(&row, &from->store, checking, names_sql, NULL, 0, err);

	for (; rc == 1; rc = query_next(&row, err)) {
		const struct query_value values[] = {
			{.text = query_text(&row, 0)},
			{.text = query_text(&row, 1)},
		};

		if (query_run(&table, &to->store, checking, table_sql, values, 1, err) <
				0 ||
			query_run(&column, &to->store, checking, column_sql, values, 2,
				err) < 0)
			return -1;
	}
	return rc;
}

/* As if a key refers to columns that are not unique, or a collation is unknown. */
static bool is_sql_error(const struct connection *connection)
{
	return (sqlite3_errcode(connection->db) & 0xff) == SQLITE_ERROR;
}

int violations_look(struct connection *connection, const char *child, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	const struct query_value name = {.text = child};
	DECLARE_ERR(why);
	int rc = query_run(&query, &connection->store, checking,
		"SELECT 1 FROM pragma_foreign_key_check(?1, 'main') LIMIT 1", &name, 1,
		&why);

	if (rc < 0 && query.statement && is_sql_error(connection))
		return 2;
	if (rc < 0)
		*err = why;
	return rc;
}

/*
 * As reference_broken(), or 2 if the values cannot be found, with the reason in `why`.
 * `looked` is what violations_look() has returned of its table.
 */
static int find(struct connection *connection, const struct reference *reference,
	int looked, struct query *ret, struct err *why)
{
	int rc = looked == 2 ? reference_is_valid(connection, reference, why) : 1;

	if (rc < 0)
		return -1;
	if (rc == 0) {
		err_fail(why, "foreign key mismatch: '%s' has no PRIMARY KEY%s",
			reference->parent,
			reference->implicit ? " of as many columns"
					    : " or UNIQUE index on exactly these "
					      "columns");
		return 2;
	}
	rc = reference_broken(connection, reference, ret, why);
	return rc < 0 && is_sql_error(connection) ? 2 : rc;
}

/* ---- before ---- */

static const char key_sql[] =
	"INSERT OR REPLACE INTO temp.groundwork_keys VALUES(?1, ?2), (?3, ?2)";
static const char broken_sql[] =
	"INSERT OR REPLACE INTO temp.groundwork_broken VALUES(?1, ?2, ?3)";

static int store_key(struct connection *to, struct connection *from,
	const struct reference *reference, int looked, struct err *err)
{
	CLEANUP_QUERY struct query found = {0};
	CLEANUP_QUERY struct query key = {0};
	CLEANUP_QUERY struct query insert = {0};
	DECLARE_ERR(why);
	int rc = looked ? find(from, reference, looked, &found, &why) : 0;
	const struct query_value values[] = {{.text = reference->key},
		{.integer = rc != 2 && reference->parent_found},
		{.text = reference->bare}};

	if (rc >= 0 && query_run(&key, &to->store, checking, key_sql, values, 3, err) < 0)
		return -1;
	for (; rc == 1; rc = query_next(&found, &why)) {
		const struct query_value row[] = {
			{.text = reference->key},
			{.text = query_text(&found, 0)},
			{.integer = query_integer(&found, 1)},
		};

		if (query_run(&insert, &to->store, checking, broken_sql, row, 3, err) < 0)
			return -1;
	}
	if (rc < 0)
		*err = why;
	return rc < 0 ? -1 : 0;
}

static int store(struct connection *to, struct connection *from, const char *child,
	struct arena *arena, struct err *err)
{
	struct references keys;
	const char *former;
	int looked;

	if (reference_former_name(to, child, arena, &former, err) < 0)
		return -1;
	if (!former)
		return 0;
	if (references_read(from, former, arena, &keys, err) < 0)
		return -1;
	looked = keys.count ? violations_look(from, former, err) : 0;
	for (size_t i = 0; looked >= 0 && i < keys.count; i++)
		if (store_key(to, from, &keys.list[i], looked, err) < 0)
			return -1;
	return looked < 0 ? -1 : 0;
}

int violations_store(struct connection *to, struct connection *from, const char *child,
	struct err *err)
{
	struct arena arena = {0};
	int rc = store(to, from, child, &arena, err);

	arena_release(&arena);
	return rc;
}

/* ---- what was renamed ---- */

/*
 * ?1 table, ?2 column or 0, ?3 new name or 0. If something is still said to have the new
 * name, it does not any more.
 */
static const char *const rename_table_sql[] = {
	("UPDATE temp.groundwork_columns SET now = NULL WHERE ?3 IS 0 AND tab = "
	 "(SELECT name FROM temp.groundwork_tables WHERE now = ?1)"),
	"UPDATE temp.groundwork_tables SET now = NULL WHERE now = ?3",
	"UPDATE temp.groundwork_tables SET now = nullif(?3, 0) WHERE now = ?1",
};
static const char *const rename_column_sql[] = {
	"UPDATE temp.groundwork_columns SET now = NULL WHERE now = ?3 AND tab = "
	"(SELECT name FROM temp.groundwork_tables WHERE now = ?1)",
	"UPDATE temp.groundwork_columns SET now = nullif(?3, 0) WHERE now = ?2 AND tab = "
	"(SELECT name FROM temp.groundwork_tables WHERE now = ?1)",
};

static int rename_one(
	struct connection *connection, const struct rename *rename, struct err *err)
{
	static const size_t counts[] = {
		sizeof rename_table_sql / sizeof *rename_table_sql,
		sizeof rename_column_sql / sizeof *rename_column_sql};
	const char *const *sql = rename->column ? rename_column_sql : rename_table_sql;
	const struct query_value values[] = {
		{.text = rename->table}, {.text = rename->column}, {.text = rename->to}};

	for (size_t i = 0; i < counts[rename->column != NULL]; i++) {
		CLEANUP_QUERY struct query query = {0};

		if (query_run(&query, &connection->store, "foreign_key_check", sql[i],
			    values, 3, err) < 0)
			return -1;
	}
	return 0;
}

int violations_rename(
	struct connection *connection, const struct renames *renames, struct err *err)
{
	for (size_t i = 0; i < renames->count; i++)
		if (rename_one(connection, &renames->list[i], err) < 0)
			return -1;
	return 0;
}

/* ---- after ---- */

/* By the name that it has now; for one that was renamed it is not known. */
static void add_place(const struct touched *touched, const char *table, struct err *err)
{
	const struct touched_table *found = touched_find(touched, table);

	if (found && found->at.line)
		err_append(err, "; '%s' was last touched at %s:%d", table, found->at.file,
			found->at.line);
}

static int add_places(const struct violations_check *check,
	const struct reference *reference, struct err *err)
{
	add_place(check->touched, reference->child, err);
	if (sqlite3_stricmp(reference->child, reference->parent) != 0)
		add_place(check->touched, reference->parent, err);
	return -1;
}

static int report(const struct violations_check *check, const struct reference *reference,
	const char *value, int64_t before, struct arena *arena, struct err *err)
{
	const struct place *dropped =
		foreign_keys_dropped_at(check->keys, reference->parent);
	const char *child = reference->child, *parent = reference->parent;
	const char *row =
		reference_row(check->connection, reference, value, before, arena);
	const char *which = row ? arena_printf(arena, "row %s", row) : "a row";

	if (dropped && !reference->parent_found) {
		err_fail(err,
			"'%s' is dropped here, and %s of '%s' still refers to it; a DROP "
			"TABLE leaves the tables that refer to it alone: first empty "
			"'%s', or set its column to NULL",
			parent, which, child, child);
		return err_at(err, *dropped);
	}
	if (reference->parent_found)
		err_fail(err,
			"the migrations leave a broken foreign key: %s of '%s' refers to "
			"a missing row of '%s' (%s to %s)",
			which, child, parent, reference->columns,
			reference->parent_columns);
	else
		err_fail(err,
			"the migrations leave a broken foreign key: %s of '%s' refers to "
			"'%s' (%s), and there is no such table",
			which, child, parent, reference->columns);
	return add_places(check, reference, err);
}

/* It cannot be checked. Could it be before? */
static int report_invalid(const struct violations_check *check,
	const struct reference *reference, const struct err *why, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	const struct query_value keys[] = {
		{.text = reference->key}, {.text = reference->bare}};
	int rc = query_run(&query, &check->connection->store, checking,
		"SELECT 1 FROM temp.groundwork_keys WHERE key IN (?1, ?2) AND valid",
		keys, 2, err);

	if (rc == 1) {
		err_fail(err,
			"the migrations leave a foreign key that SQLite cannot check: "
			"'%s' (%s) refers to '%s' (%s): %s",
			reference->child, reference->columns, reference->parent,
			*reference->parent_columns ? reference->parent_columns
						   : "its PRIMARY KEY",
			why->text);
		return add_places(check, reference, err);
	}
	if (rc == 0)
		log_warn(check->spec->ledger.log,
			"'%s': the foreign key of '%s' (%s) to '%s' cannot be checked: "
			"%s",
			check->spec->path, reference->child, reference->columns,
			reference->parent, why->text);
	return rc;
}

static const char before_sql[] = "SELECT coalesce(max(n), 0) FROM temp.groundwork_broken "
				 "WHERE key IN (?1, ?2) AND value = ?3";

static int check_key(const struct violations_check *check,
	const struct reference *reference, int looked, struct arena *arena,
	struct err *err)
{
	CLEANUP_QUERY struct query found = {0};
	CLEANUP_QUERY struct query before = {0};
	DECLARE_ERR(why);
	int rc = find(check->connection, reference, looked, &found, &why);

	if (rc == 2)
		return report_invalid(check, reference, &why, err);
	for (; rc == 1; rc = query_next(&found, &why)) {
		const char *value = query_text(&found, 0);
		const struct query_value values[] = {{.text = reference->key},
			{.text = reference->bare}, {.text = value}};
		int64_t count;

		if (query_run(&before, &check->connection->store, checking, before_sql,
			    values, 3, err) < 0)
			return -1;
		count = query_integer(&before, 0);
		if (query_integer(&found, 1) > count)
			return report(check, reference, value, count, arena, err);
	}
	if (rc < 0)
		*err = why;
	return rc;
}

static int check_keys(const struct violations_check *check, const char *child, int looked,
	struct arena *arena, struct err *err)
{
	struct references keys;

	if (references_read(check->connection, child, arena, &keys, err) < 0)
		return -1;
	for (size_t i = 0; i < keys.count; i++)
		if (check_key(check, &keys.list[i], looked, arena, err) < 0)
			return -1;
	return 0;
}

int violations_check(const struct violations_check *check, const char *child, int looked,
	struct err *err)
{
	struct arena arena = {0};
	int rc = check_keys(check, child, looked, &arena, err);

	arena_release(&arena);
	return rc;
}
