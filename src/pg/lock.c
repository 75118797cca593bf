/* SPDX-License-Identifier: MIT */
/* The lock of those who migrate a schema, and who has one that is waited for. */
#include "pg/lock.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "pg/connection.h"
#include "pg/pg.h"

#define LOCK_LEAST_MS 20
#define LOCK_MORE_MS  50
#define SAY_MS        1000

/* The upper half of its number, "gdwk", as the view pg_locks shows it. */
#define LOCK_CLASS UINT32_C(0x6764776b)

/* Two schemas of the same number only wait for each other. */
static uint32_t lock_number(const char *schema)
{
	uint64_t hash = hash_add(HASH_BEGIN, schema, strlen(schema));

	return (uint32_t)(hash ^ hash >> 32);
}

/* ---- who has it ---- */

/* What its user, its program and its state are; of the latter, others may see nothing. */
#define SESSION_SQL \
	"SELECT string_agg(concat('process ', a.pid, " \
	"' of ' || quote_literal(a.usename), " \
	"' (' || nullif(a.application_name, '') || ')', " \
	"', ' || a.state || ' for ' || " \
	"date_trunc('second', clock_timestamp() - a.state_change), l.tables), '; ' " \
	"ORDER BY a.xact_start) FROM pg_stat_activity a "

static const char tables_sql[] = SESSION_SQL
	"JOIN (SELECT pid, ': ' || string_agg(DISTINCT relation::regclass::text, ', ') "
	"AS tables FROM pg_locks WHERE locktype = 'relation' AND granted "
	"AND relation >= 16384 AND database = "
	"(SELECT oid FROM pg_database WHERE datname = current_database()) "
	"GROUP BY pid) l ON l.pid = a.pid WHERE a.pid <> pg_backend_pid()";

/* The sessions that have the lock: one. */
static void write_held_sql(const char *schema, struct buf *sql)
{
	buf_printf(sql,
		"SELECT pid, NULL::text AS tables FROM pg_locks "
		"WHERE locktype = 'advisory' AND granted AND database = "
		"(SELECT oid FROM pg_database WHERE datname = current_database()) "
		"AND classid = %lu AND objid = %lu AND objsubid = 1",
		(unsigned long)LOCK_CLASS, (unsigned long)lock_number(schema));
}

static void write_lock_sql(const char *schema, struct buf *sql)
{
	buf_puts(sql, SESSION_SQL "JOIN (");
	write_held_sql(schema, sql);
	buf_puts(sql, ") l ON l.pid = a.pid");
}

int pg_lock_is_held(struct pg_connection *connection, const char *schema, struct err *err)
{
	CLEANUP_BUF struct buf sql = BUF_INIT;

	write_held_sql(schema, &sql);
	return pg_run(connection, "ask who has the lock", sql.data, err);
}

/* It is for a message: an error is none. */
static void name_sessions(struct pg_connection *connection, const char *before,
	const char *sql, struct buf *ret)
{
	CLEANUP_QUERY struct query query = {0};
	struct arena arena = {0};
	const char *const *path;
	DECLARE_ERR(ignored);

	if (connection->lost)
		return;
	if (pg_begin_reading(connection, &arena, &path, &ignored) == 0 &&
		query_run(&query, &connection->store, "ask who has the lock", sql, NULL,
			0, &ignored) == 1 &&
		query_text(&query, 0))
		buf_printf(ret, "%s%s", before, query_text(&query, 0));
	pg_roll_back(connection);
	arena_release(&arena);
}

void pg_lock_name_holders(struct pg_connection *connection, struct buf *ret)
{
	name_sessions(connection, "; locks of tables have: ", tables_sql, ret);
}

/* ---- taking it ---- */

/* By chance: those who wait do not ask all at once. */
static int64_t pause_ms(void)
{
	return LOCK_LEAST_MS + crypto_random_below(LOCK_MORE_MS + 1);
}

#define VERSION_TRANSACTION_TIMEOUT 170000

/* It lasts as long as all that is pending takes. */
static void write_try(int server_version, const char *schema, struct buf *sql)
{
	buf_puts(sql,
		"BEGIN ISOLATION LEVEL READ COMMITTED; "
		"SET LOCAL idle_in_transaction_session_timeout = 0; ");
	if (server_version >= VERSION_TRANSACTION_TIMEOUT)
		buf_puts(sql, "SET LOCAL transaction_timeout = 0; ");
	buf_printf(sql, "SELECT 1 WHERE pg_catalog.pg_try_advisory_xact_lock(%lld)",
		(long long)LOCK_CLASS << 32 | lock_number(schema));
}

/* Engines that only speak the protocol may have the function, and no lock. */
static const char held_sql[] =
	"SELECT 1 FROM pg_catalog.pg_locks "
	"WHERE locktype OPERATOR(pg_catalog.=) 'advisory' "
	"AND pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid()";

/* Returns 1 with the lock, 0 where another has it, or -1. */
static int try_lock(struct pg_connection *connection, const char *sql, struct err *err)
{
	int rc = pg_run(connection, "take the lock", sql, err);

	if (rc == 0)
		return pg_run(connection, "wait for the lock", "ROLLBACK", err);
	if (rc == 1)
		rc = pg_run(connection, "look at the lock", held_sql, err);
	if (rc == 0)
		return err_fail(err,
			"the server has no advisory locks, without which two starts "
			"could migrate it at once: is it PostgreSQL?");
	return rc;
}

static void say_waiting(struct pg_connection *connection, const struct server_spec *spec,
	const char *schema, struct buf *ret_holder)
{
	CLEANUP_BUF struct buf sql = BUF_INIT;

	write_lock_sql(schema, &sql);
	name_sessions(connection, ": ", sql.data, ret_holder);
	log_info(spec->ledger.log, "'%s': another process migrates it%s: waiting",
		spec->ledger.name, ret_holder->len ? ret_holder->data : "");
}

int pg_lock(struct pg_connection *connection, const struct server_spec *spec,
	const char *schema, struct err *err)
{
	CLEANUP_BUF struct buf sql = BUF_INIT, holder = BUF_INIT;
	int64_t say_ms = clock_ms() + SAY_MS;

	write_try(connection->session.server_version, schema, &sql);
	for (;;) {
		int rc = try_lock(connection, sql.data, err);

		if (rc == 1)
			return 0;
		if (rc < 0)
			break;
		if (clock_ms() >= say_ms) {
			say_waiting(connection, spec, schema, &holder);
			say_ms = INT64_MAX;
		}
		if (stop_sleep(spec->stop, pause_ms(), err) < 0)
			break;
	}
	/* Whoever may connect can have the lock, and keep it. */
	if (holder.len && err->kind == ERR_FAILED)
		err_append(err, "; it waited for the lock of another%s", holder.data);
	return -1;
}
