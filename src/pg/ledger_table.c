/* SPDX-License-Identifier: MIT */
/* The table of the ledger on a server. */
#include "pg/ledger_table.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/str.h"
#include "ledger/compare.h"
#include "ledger/ledger.h"
#include "pg/connection.h"
#include "pg/pg.h"

#define TABLE "groundwork_migrations"

/* What pg_catalog says of the table that we create. */
static const char columns[] =
	"module text, id text, name text, hash bytea, applied_at bigint, "
	"duration_us bigint, tool text, position bigint";

/* Extensions have tables of their own, which are nobody's migrations. */
static const char schema_sql[] =
	"SELECT s.name, "
	"(SELECT c.relkind FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid "
	"AND c.relname = '" TABLE "'), "
	"(SELECT string_agg(a.attname || ' ' || "
	"pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum) "
	"FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
	"WHERE c.relnamespace = n.oid AND c.relname = '" TABLE "' AND a.attnum > 0 "
	"AND NOT a.attisdropped), "
	"EXISTS (SELECT 1 FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid "
	"AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname <> '" TABLE "' "
	"AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d "
	"WHERE d.objid = c.oid AND d.deptype = 'e'))::int "
	"FROM (SELECT coalesce(nullif($1, ''), pg_catalog.current_schema()::text) "
	"AS name) s LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = s.name";

static void name_table(struct pg_connection *connection, const char *schema)
{
	CLEANUP_BUF struct buf table = BUF_INIT;

	query_quote_name(&table, schema);
	(void)snprintf(connection->ledger, sizeof connection->ledger, "%s." TABLE,
		table.data); /* fits: a name has 63 bytes */
	connection->store.ledger = connection->ledger;
}

/* It may be anything that was put there. */
static int check_table(const char *kind, const char *found, struct err *err)
{
	if (*kind == 'r' && found && str_equal(found, columns))
		return 0;
	return err_fail(err,
		"its " TABLE " is not the ledger that groundwork creates%s; it was left "
		"as it is: was it created by a newer version?",
		*kind == 'r' ? ": it has other columns" : ", but no plain table");
}

static int read_schema(struct pg_connection *connection, const struct pg_spec *spec,
	struct arena *arena, struct ledger *ledger, struct err *err)
{
	const struct query_value value = {.text = spec->schema ? spec->schema : ""};
	CLEANUP_QUERY struct query query = {0};
	const char *name, *kind;

	if (query_run(&query, &connection->store, "look for the ledger", schema_sql,
		    &value, 1, err) < 0)
		return -1;
	name = query_text(&query, 0);
	kind = query_text(&query, 1);
	if (!name)
		return err_fail(err,
			"no schema of its search_path exists: create one, or write "
			"`schema`");
	connection->schema = arena_strdup(arena, name);
	name_table(connection, name);
	connection->has_ledger = ledger->exists = kind != NULL;
	ledger->others = query_integer(&query, 3) != 0;
	return kind ? check_table(kind, query_text(&query, 2), err) : 0;
}

int pg_ledger_read(struct pg_connection *connection, const struct pg_spec *spec,
	struct arena *arena, struct ledger *ret, struct err *err)
{
	struct ledger ledger = {.exists = false};

	if (read_schema(connection, spec, arena, &ledger, err) < 0 ||
		(ledger.exists &&
			ledger_read(&connection->store, arena, &ledger, err) < 0))
		return -1;
	*ret = ledger;
	return compare_adopt(&connection->store, &spec->ledger, ret, arena, err);
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

/* The row that is the lock. */
static void write_insert(const char *ledger, struct buf *sql)
{
	buf_printf(sql,
		"INSERT INTO %s(module, id, name) VALUES('', 'lock', '') "
		"ON CONFLICT DO NOTHING",
		ledger);
}

int pg_ledger_create(
	struct pg_connection *connection, const struct pg_spec *spec, struct err *err)
{
	CLEANUP_BUF struct buf sql = BUF_INIT;

	if (connection->has_ledger)
		return 0;
	/* One message is one transaction. */
	if (spec->schema) {
		buf_puts(&sql, "CREATE SCHEMA IF NOT EXISTS ");
		query_quote_name(&sql, spec->schema);
		buf_puts(&sql, "; ");
	}
	buf_printf(&sql,
		"CREATE TABLE IF NOT EXISTS %s(module text NOT NULL, id text NOT NULL, "
		"name text, hash bytea, applied_at bigint, duration_us bigint, "
		"tool text, position bigint GENERATED ALWAYS AS IDENTITY, "
		"PRIMARY KEY(module, id)); ",
		connection->ledger);
	write_insert(connection->ledger, &sql);
	for (int i = 0; i < TRIES; i++) {
		DECLARE_ERR(why);

		if (pg_run(connection, "create the ledger", sql.data, &why) >= 0)
			return 0;
		if (!is_race(connection) || i == TRIES - 1) {
			*err = why;
			return -1;
		}
		if (stop_sleep(spec->stop, PAUSE_MS, err) < 0)
			return -1;
	}
	return 0;
}

/* ---- the lock ---- */

#define LOCK_LEAST_MS 20
#define LOCK_MORE_MS  50
#define SAY_MS        1000

/* By chance: those who wait do not ask all at once. */
static int64_t pause_ms(void)
{
	return LOCK_LEAST_MS + crypto_random_below(LOCK_MORE_MS + 1);
}

/* Returns 1 with the lock, 0 where another has it, or -1. */
static int try_lock(struct pg_connection *connection, const char *sql, const char *insert,
	struct err *err)
{
	DECLARE_ERR(why);
	int rc = pg_run(connection, "take the lock of the ledger", sql, &why);

	if (rc == 1)
		return 1;
	if (rc < 0 && !pg_is_state(connection, "55P03")) {
		*err = why;
		return -1;
	}
	if (pg_run(connection, "wait for the lock of the ledger", "ROLLBACK", err) < 0)
		return -1;
	if (rc < 0)
		return 0;
	/* A ledger without its row was restored in part, or it was tidied away. */
	return pg_run(connection, "write the lock of the ledger", insert, err);
}

int pg_lock(struct pg_connection *connection, const struct pg_spec *spec,
	const char *ledger, struct err *err)
{
	CLEANUP_BUF struct buf sql = BUF_INIT, row = BUF_INIT;
	int64_t say_ms = clock_ms() + SAY_MS;

	buf_printf(&sql,
		"BEGIN ISOLATION LEVEL READ COMMITTED; "
		"SET LOCAL idle_in_transaction_session_timeout = 0; "
		"SELECT 1 FROM %s WHERE module = '' AND id = 'lock' FOR UPDATE NOWAIT",
		ledger);
	write_insert(ledger, &row);
	for (;;) {
		int rc = try_lock(connection, sql.data, row.data, err);

		if (rc != 0)
			return rc < 0 ? -1 : 0;
		if (clock_ms() >= say_ms) {
			log_info(spec->ledger.log,
				"'%s': another process migrates it: waiting",
				spec->ledger.name);
			say_ms = INT64_MAX;
		}
		if (stop_sleep(spec->stop, pause_ms(), err) < 0)
			return -1;
	}
}
