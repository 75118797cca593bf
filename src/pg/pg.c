/* SPDX-License-Identifier: MIT */
/* A PostgreSQL database: finding what is to be done, and doing it. */
#include "pg/pg.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "ledger/compare.h"
#include "ledger/doubt.h"
#include "ledger/ledger.h"
#include "migration/migration.h"
#include "pg/apply.h"
#include "pg/connection.h"
#include "pg/ledger_table.h"
#include "pg/outside.h"
#include "pg/rehearse.h"

#define TRIES    5 /* where the connection is lost, or another creates the same */
#define PAUSE_MS 100

/* ---- the database itself ---- */

/* Connects to the database. Returns 0, 1 if it is missing and may be created, or -1. */
static int connect_to(
	struct pg_connection *connection, const struct pg_spec *spec, struct err *err)
{
	DECLARE_ERR(why);

	if (pg_connect(connection, spec, NULL, &why) == 0)
		return 0;
	if (pg_is_state(connection, "3D000") && spec->create && spec->database)
		return 1;
	*err = why;
	if (pg_is_state(connection, "3D000"))
		err_append(err, "; `create = yes` creates it");
	return err_prefix(err, "'%s'", spec->ledger.name);
}

static void write_creation(const struct pg_spec *spec, struct buf *sql)
{
	buf_puts(sql, "CREATE DATABASE ");
	query_quote_name(sql, spec->database);
	if (spec->owner) {
		buf_puts(sql, " OWNER ");
		query_quote_name(sql, spec->owner);
	}
	if (spec->based_on) {
		buf_puts(sql, " TEMPLATE ");
		query_quote_name(sql, spec->based_on);
	}
	if (spec->encoding) {
		buf_puts(sql, " ENCODING ");
		query_quote_text(sql, spec->encoding);
	}
}

/* Returns 0, 1 if another process has created it meanwhile, which is as good, or -1. */
static int create(const struct pg_spec *spec, struct err *err)
{
	CLEANUP_PG_CONNECTION struct pg_connection connection = PG_CONNECTION_INIT;
	CLEANUP_BUF struct buf sql = BUF_INIT;

	write_creation(spec, &sql);
	if (pg_connect(&connection, spec, "postgres", err) < 0)
		return err_prefix(err,
			"'%s' is to be created, for which the database 'postgres' is "
			"needed",
			spec->ledger.name);
	for (int i = 1;; i++) {
		DECLARE_ERR(why);

		if (pg_run(&connection, "create the database", sql.data, &why) >= 0)
			return 0;
		if (pg_is_state(&connection, "42P04") ||
			pg_is_state(&connection, "23505"))
			return 1;
		/* 55006: another connection copies the template. */
		if (!pg_is_state(&connection, "55006") || i == 10 * TRIES) {
			*err = why;
			return err_prefix(err, "'%s'", spec->ledger.name);
		}
		if (stop_sleep(spec->stop, PAUSE_MS, err) < 0)
			return -1;
	}
}

/* ---- comparing ---- */

/* Warnings have their place in a check; what has begun is known with the lock. */
enum when { CHECKING, BEFORE_LOCK, WITH_LOCK };

static int compare(struct pg_connection *connection, const struct pg_spec *spec,
	enum when when, struct arena *arena, struct pg_report *ret, struct err *err)
{
	struct ledger ledger;
	int rc;

	*ret = (struct pg_report){.state = PG_CURRENT};
	if (pg_ledger_read(connection, spec, arena, &ledger, err) < 0 ||
		(when == WITH_LOCK && outside_check(connection, &ledger, err) < 0))
		return err_prefix(err, "'%s'", spec->ledger.name);
	rc = compare_ledger(
		&spec->ledger, &ledger, when == CHECKING, arena, &ret->work, err);
	if (rc < 0)
		return -1;
	ret->state = rc == 1 ? PG_PENDING : PG_CURRENT;
	return compare_check_pending(&spec->ledger, &ret->work, err);
}

static int try(struct pg_connection *connection, const struct pg_spec *spec,
	struct arena *arena, struct pg_report *ret, struct err *err)
{
	CLEANUP_BUF struct buf tried = BUF_INIT;

	if (pg_rehearse(connection, spec, &ret->work, &tried, err) < 0)
		return doubt_raise(&ret->work, err);
	ret->tried = arena_strdup(arena, tried.data);
	return 0;
}

int pg_check(const struct pg_spec *spec, struct arena *arena, struct pg_report *ret,
	struct err *err)
{
	CLEANUP_PG_CONNECTION struct pg_connection connection = PG_CONNECTION_INIT;
	int rc = connect_to(&connection, spec, err);

	if (rc < 0)
		return -1;
	if (rc == 1) {
		*ret = (struct pg_report){.state = PG_ABSENT};
		compare_absent(&spec->ledger, arena, &ret->work);
		return migrations_hash(spec->ledger.migrations, err) < 0 ||
				compare_check_pending(&spec->ledger, &ret->work, err) < 0
			? -1
			: 1;
	}
	if (compare(&connection, spec, CHECKING, arena, ret, err) < 0)
		return -1;
	if (ret->state == PG_CURRENT)
		return 0;
	return spec->rehearse && try(&connection, spec, arena, ret, err) < 0 ? -1 : 1;
}

/* ---- doing it ---- */

/* With the lock; whoever had it before may have applied what was pending. */
static int migrate(struct pg_connection *connection, const struct pg_spec *spec,
	struct arena *arena, struct pg_report *ret, struct err *err)
{
	CLEANUP_PG_CONNECTION struct pg_connection lock = PG_CONNECTION_INIT;
	int rc;

	if (pg_ledger_create(connection, spec, err) < 0 ||
		pg_connect(&lock, spec, NULL, err) < 0 ||
		pg_lock(&lock, spec, connection->ledger, err) < 0)
		return err_prefix(err, "'%s'", spec->ledger.name);
	if (compare(connection, spec, WITH_LOCK, arena, ret, err) < 0)
		return -1;
	if (ret->state == PG_CURRENT)
		return 0;
	connection->use.beside = &lock.session;
	rc = pg_apply_work(connection, spec, &ret->work, err);
	connection->use.beside = NULL;
	return rc < 0 ? doubt_raise(&ret->work, err) : 0;
}

/* `ret_lost` is set if that is how it failed: the ledger then says how far it came. */
static int attempt(const struct pg_spec *spec, struct arena *arena, struct pg_report *ret,
	bool *ret_lost, struct err *err)
{
	CLEANUP_PG_CONNECTION struct pg_connection connection = PG_CONNECTION_INIT;
	bool created = false;
	int rc = connect_to(&connection, spec, err);

	if (rc == 1) {
		pg_connection_release(&connection);
		rc = create(spec, err);
		created = rc == 0;
		if (rc >= 0)
			rc = pg_connect(&connection, spec, NULL, err);
	}
	if (rc == 0)
		rc = compare(&connection, spec, BEFORE_LOCK, arena, ret, err);
	if (rc == 0 && ret->state == PG_PENDING)
		rc = migrate(&connection, spec, arena, ret, err);
	if (created && rc == 0)
		ret->state = PG_ABSENT;
	*ret_lost = connection.lost;
	return rc;
}

int pg_apply(const struct pg_spec *spec, struct arena *arena, struct pg_report *ret,
	struct err *err)
{
	for (int i = 1;; i++) {
		DECLARE_ERR(why);
		bool lost;

		if (attempt(spec, arena, ret, &lost, &why) == 0)
			return 0;
		if (why.kind != ERR_TEMPORARY || !lost || i == TRIES) {
			*err = why;
			return -1;
		}
		log_warn(spec->ledger.log,
			"'%s': %s; the ledger says how far it came: again",
			spec->ledger.name, why.text);
		if (stop_sleep(spec->stop, i * PAUSE_MS, err) < 0)
			return -1;
	}
}
