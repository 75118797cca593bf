/* SPDX-License-Identifier: MIT */
/* The table of the ledger on a server. */
#include "pg/ledger_table.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/str.h"
#include "ledger/compare.h"
#include "ledger/ledger.h"
#include "pg/connection.h"
#include "pg/pg.h"
#include "pg/running.h"

/* That table in the schema $1, as `c`. */
#define FROM_LEDGER \
	"FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace " \
	"WHERE n.nspname = $1 AND c.relname = '" LEDGER_NAME "'"

/* ---- finding ---- */

/*
 * What keeps a table of this name from being our ledger, and "" where nothing does; no
 * row without a table. A superuser has every role, and is none of them.
 */
static const char form_sql[] =
	"SELECT CASE WHEN c.relkind <> 'r' THEN 'is no plain table' "
	"WHEN (SELECT string_agg(a.attname || ' ' || "
	"format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) "
	"FROM pg_attribute a "
	"WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) <> "
	"'module text, id text, name text, hash bytea, applied_at bigint, "
	"duration_us bigint, tool text, position bigint' THEN 'has other columns' "
	"WHEN c.relrowsecurity THEN 'has row security' "
	"WHEN pg_get_userbyid(c.relowner) <> current_user "
	"AND (current_setting('is_superuser') = 'on' "
	"OR NOT pg_has_role(c.relowner, 'USAGE')) "
	"THEN 'belongs to ' || quote_literal(pg_get_userbyid(c.relowner)) || "
	"', who could have it do anything with the rights of ' || "
	"quote_literal(current_user) || ': connect as that role, or give it to this "
	"one (ALTER TABLE … OWNER TO)' "
	"ELSE '' END " FROM_LEDGER;

/*
 * The same of what matters only where it is written, at each migration, with our rights:
 * whoever may make it do something at that could use them.
 */
static const char writing_sql[] =
	"SELECT CASE WHEN NOT EXISTS (SELECT FROM pg_constraint k "
	"WHERE k.conrelid = c.oid AND k.contype = 'p' AND k.conkey = '{1,2}') "
	"THEN 'has no primary key of module and id' "
	"WHEN EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid "
	"AND NOT t.tgisinternal) THEN 'has triggers' "
	"WHEN EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid) "
	"THEN 'has rules' "
	"WHEN EXISTS (SELECT FROM pg_attrdef d JOIN pg_attribute a "
	"ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
	"WHERE d.adrelid = c.oid AND a.attidentity = '') THEN 'has default values' "
	"ELSE '' END " FROM_LEDGER;

/*
 * Without a ledger in a schema: whether there are other tables, and where on the
 * search_path there is one. Extensions have tables of their own, which are nobody's
 * migrations.
 */
static void write_search(const char *const *path, struct buf *sql)
{
	buf_puts(sql,
		"SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n "
		"ON n.oid = c.relnamespace WHERE n.nspname = $1 "
		"AND c.relkind IN ('r', 'p', 'v', 'm', 'f') "
		"AND NOT EXISTS (SELECT FROM pg_depend d "
		"WHERE d.objid = c.oid AND d.deptype = 'e'))::int, "
		"(SELECT min(n.nspname::text) FROM pg_class c JOIN pg_namespace n "
		"ON n.oid = c.relnamespace WHERE c.relname = '" LEDGER_NAME "' "
		"AND c.relkind = 'r' AND n.nspname <> $1 AND n.nspname IN (''");
	for (; *path; path++) {
		buf_puts(sql, ", ");
		query_quote_text(sql, *path);
	}
	buf_puts(sql, "))");
}

static void name_table(struct pg_connection *connection, const char *schema)
{
	CLEANUP_BUF struct buf table = BUF_INIT;

	query_quote_name(&table, schema);
	(void)snprintf(connection->ledger, sizeof connection->ledger, "%s." LEDGER_NAME,
		table.data); /* fits: a name has 63 bytes */
	connection->store.ledger = connection->ledger;
}

/* A schema that was made later may stand in front of the one that has the ledger. */
static int raise_other(const char *name, const char *other, struct err *err)
{
	return err_fail(err,
		"its ledger is in the schema '%s', and its search_path has '%s' in front "
		"of that: write `schema = %s` to go on with it, or `schema = %s` for "
		"another one",
		other, name, other, name);
}

/* Returns 1 with the table as it should be, 0 without one, or -1. */
static int judge(struct pg_connection *connection, const char *sql, struct err *err)
{
	const struct query_value schema = {.text = connection->schema};
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(
		&query, &connection->store, "look for the ledger", sql, &schema, 1, err);
	const char *wrong = rc == 1 ? query_text(&query, 0) : NULL;

	if (!wrong || !*wrong)
		return rc;
	return err_fail(err,
		"its %s is not the ledger that groundwork creates, or not any more: it "
		"%s; it was left as it is",
		connection->ledger, wrong);
}

static int look_beside(struct pg_connection *connection, const struct server_spec *spec,
	const char *const *path, bool *ret_others, struct err *err)
{
	const struct query_value schema = {.text = connection->schema};
	CLEANUP_BUF struct buf sql = BUF_INIT;
	CLEANUP_QUERY struct query query = {0};
	const char *other;

	write_search(path, &sql);
	if (query_run(&query, &connection->store, "look for tables", sql.data, &schema, 1,
		    err) < 0)
		return -1;
	*ret_others = query_integer(&query, 0) != 0;
	other = query_text(&query, 1);
	return other && !spec->schema ? raise_other(connection->schema, other, err) : 0;
}

bool pg_is_own_schema(const char *name)
{
	return str_starts(name, "pg_") || str_equal(name, "information_schema");
}

static int read_schema(struct pg_connection *connection, const struct server_spec *spec,
	struct arena *arena, struct ledger *ledger, struct err *err)
{
	const char *const *path;
	const char *name;
	int rc;

	if (pg_begin_reading(connection, arena, &path, err) < 0)
		return -1;
	name = spec->schema ? spec->schema : path[0];
	if (!name)
		return err_fail(err,
			"no schema of its search_path exists: create one, or write "
			"`schema`");
	if (pg_is_own_schema(name))
		return err_fail(err,
			"its search_path begins with '%s', which is the server's own: "
			"write `schema`, in which tables are to be",
			name);
	connection->schema = arena_strdup(arena, name);
	name_table(connection, name);
	rc = judge(connection, form_sql, err);
	connection->has_ledger = ledger->exists = rc == 1;
	if (rc == 0)
		return look_beside(connection, spec, path, &ledger->others, err);
	return rc < 0 ? -1 : 0;
}

int pg_ledger_read(struct pg_connection *connection, const struct server_spec *spec,
	struct arena *arena, struct ledger *ret, struct err *err)
{
	struct ledger ledger = {.exists = false};
	int rc = read_schema(connection, spec, arena, &ledger, err);

	if (rc == 0 && ledger.exists)
		rc = ledger_read(&connection->store, arena, &ledger, err);
	connection->has_rows = ledger.count > 0;
	if (rc == 0) {
		*ret = ledger;
		rc = compare_adopt(&connection->store, &spec->ledger, ret, arena, err);
	}
	if (rc < 0 && pg_is_state(connection, "55P03"))
		return err_append(err, ": another session has locked that table");
	return rc;
}

int pg_ledger_check_writing(struct pg_connection *connection, struct err *err)
{
	return connection->has_ledger && judge(connection, writing_sql, err) < 0 ? -1 : 0;
}

/* ---- creating ---- */

#define TRIES    50
#define PAUSE_MS 20

/*
 * What two processes may get that create the same at once ("IF NOT EXISTS" does not help:
 * one of them fails at a unique index of the catalog), after which it is there.
 */
static bool is_race(const struct pg_connection *connection)
{
	return pg_is_state(connection, "23505") || pg_is_state(connection, "42P07") ||
		pg_is_state(connection, "42710") || pg_is_state(connection, "42P06") ||
		pg_is_state(connection, "40001") || pg_is_state(connection, "40P01");
}

/* From PostgreSQL 15 on, the schema public is not everybody's to create in. */
static int advise_rights(const struct pg_connection *connection, struct err *err)
{
	if (!pg_is_state(connection, "42501"))
		return -1;
	return err_append(err,
		"; GRANT CREATE ON SCHEMA '%s' to the user of `url` allows that, and "
		"GRANT CREATE ON DATABASE a new `schema`; a database of that user's own "
		"needs neither",
		connection->schema);
}

static void write_creation(const struct pg_connection *connection,
	const struct server_spec *spec, struct buf *sql)
{
	buf_puts(sql, "SET LOCAL search_path = pg_catalog, pg_temp; ");
	if (spec->schema) {
		buf_puts(sql, "CREATE SCHEMA IF NOT EXISTS ");
		query_quote_name(sql, spec->schema);
		buf_puts(sql, "; ");
	}
	buf_printf(sql,
		"CREATE TABLE IF NOT EXISTS %s(module text NOT NULL, id text NOT NULL, "
		"name text, hash bytea, applied_at bigint, duration_us bigint, "
		"tool text, position bigint GENERATED ALWAYS AS IDENTITY, "
		"PRIMARY KEY(module, id))",
		connection->ledger);
}

int pg_ledger_create(
	struct pg_connection *connection, const struct server_spec *spec, struct err *err)
{
	CLEANUP_BUF struct buf sql = BUF_INIT;

	if (connection->has_ledger)
		return 0;
	write_creation(connection, spec, &sql); /* one message is one transaction */
	for (int i = 0; i < TRIES; i++) {
		DECLARE_ERR(why);

		if (pg_run(connection, "create the ledger", sql.data, &why) >= 0)
			return 0;
		if (!is_race(connection) || i == TRIES - 1) {
			*err = why;
			return advise_rights(connection, err);
		}
		if (stop_sleep(spec->stop, PAUSE_MS, err) < 0)
			return -1;
	}
	return 0;
}

int pg_ledger_create_inside(
	struct pg_connection *connection, const struct server_spec *spec, struct err *err)
{
	CLEANUP_BUF struct buf sql = BUF_INIT;

	if (connection->has_ledger)
		return 0;
	write_creation(connection, spec, &sql);
	buf_puts(&sql, "; RESET ALL; " RUNNING_STRINGS);
	return pg_run(connection, "create the ledger", sql.data, err) < 0
		? advise_rights(connection, err)
		: 0;
}
