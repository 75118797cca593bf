/* SPDX-License-Identifier: MIT */
/* A PostgreSQL database: finding what is to be done, and doing it. */
#include "pg/pg.h"

#include <stdlib.h>

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
#include "pg/begun.h"
#include "pg/connection.h"
#include "pg/ledger_table.h"
#include "pg/lock.h"
#include "pg/rehearse.h"

#define TRIES    5 /* where the connection is lost, or another creates the same */
#define PAUSE_MS 100

#define NEEDS_TWO "; a migration needs two connections, of which one holds the lock"

/* ---- the database itself ---- */

/* Connects to the database. Returns 0, 1 if it is missing and may be created, or -1. */
static int connect_to(
	struct pg_connection *connection, const struct server_spec *spec, struct err *err)
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

static void write_creation(const struct server_spec *spec, struct buf *sql)
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
static int create(const struct server_spec *spec, struct err *err)
{
	CLEANUP_PG_CONNECTION struct pg_connection connection = PG_CONNECTION_INIT;
	CLEANUP_BUF struct buf sql = BUF_INIT;

	write_creation(spec, &sql);
	if (pg_connect(&connection, spec, "postgres", err) < 0)
		return err_prefix(err,
			"'%s' is to be created, for which the database 'postgres' is "
			"needed",
			spec->ledger.name);
	/* A server that is there is not waited for: a template may be large. */
	stop_widen(spec->stop, &spec->whole);
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

/* ---- what check() leaves to apply() ---- */

/* It stays where it is: its notices and its store know it by its address. */
struct server_held {
	struct pg_connection connection;
	struct ledger_work work; /* what was found to be done; in the arena */
};

static struct server_held *hold(void)
{
	struct server_held *held = mem_zalloc(sizeof *held);

	held->connection = (struct pg_connection)PG_CONNECTION_INIT;
	return held;
}

void pg_let_go(struct server_held *held)
{
	if (!held)
		return;
	pg_connection_release(&held->connection);
	free(held);
}

static void let_go(struct server_held **held)
{
	pg_let_go(*held);
}

#define CLEANUP_HELD __attribute__((cleanup(let_go)))

/* ---- comparing ---- */

/* Warnings have their place in a check; what has begun is known with the lock. */
enum when { CHECKING, BEFORE_LOCK, WITH_LOCK };

/* A plan takes no lock: what has begun has not ended where nobody else has it. */
static int check_begun(struct pg_connection *connection, const struct server_spec *spec,
	enum when when, const struct ledger *ledger, struct err *err)
{
	int rc = 0;

	if (!ledger->begun || (when != WITH_LOCK && !spec->planning))
		return 0;
	if (when != WITH_LOCK)
		rc = pg_lock_is_held(connection, connection->schema, err);
	return rc == 0 ? begun_check(connection, ledger, err) : rc < 0 ? -1 : 0;
}

/* In the transaction that read the ledger. Returns 1 if it is behind, 0 if not, or -1. */
static int compare_read(struct pg_connection *connection, const struct server_spec *spec,
	enum when when, struct arena *arena, struct server_report *ret, struct err *err)
{
	struct ledger ledger;
	int rc = pg_ledger_read(connection, spec, arena, &ledger, err);

	if (rc == 0)
		rc = check_begun(connection, spec, when, &ledger, err);
	if (rc < 0)
		return err_prefix(err, "'%s'", spec->ledger.name);
	rc = compare_ledger(
		&spec->ledger, &ledger, when == CHECKING, arena, &ret->work, err);
	if (rc == 1 && pg_ledger_check_writing(connection, err) < 0)
		return err_prefix(err, "'%s'", spec->ledger.name);
	return rc;
}

static int compare(struct pg_connection *connection, const struct server_spec *spec,
	enum when when, struct arena *arena, struct server_report *ret, struct err *err)
{
	int rc;

	ret->state = SERVER_CURRENT;
	ret->work = (struct ledger_work){.pending = NULL};
	rc = compare_read(connection, spec, when, arena, ret, err);
	if (rc == 1)
		pg_roll_back(connection); /* for what follows */
	if (rc < 0)
		return -1;
	ret->state = rc == 1 ? SERVER_PENDING : SERVER_CURRENT;
	return compare_check_pending(&spec->ledger, &ret->work, err);
}

static int try(struct pg_connection *connection, const struct server_spec *spec,
	struct arena *arena, struct server_report *ret, struct err *err)
{
	CLEANUP_BUF struct buf tried = BUF_INIT;

	if (pg_rehearse(connection, spec, &ret->work, &tried, err) < 0)
		return doubt_raise(&ret->work, err);
	ret->tried = arena_strdup(arena, tried.data);
	return 0;
}

int pg_check(const struct server_spec *spec, struct arena *arena,
	struct server_report *ret, struct err *err)
{
	CLEANUP_HELD struct server_held *held = hold();
	int rc = connect_to(&held->connection, spec, err);

	if (rc < 0)
		return -1;
	if (rc == 1) {
		*ret = (struct server_report){.state = SERVER_ABSENT};
		compare_absent(&spec->ledger, arena, &ret->work);
		return migrations_hash(spec->ledger.migrations, err) < 0 ||
				compare_check_pending(&spec->ledger, &ret->work, err) < 0
			? -1
			: 1;
	}
	if (compare(&held->connection, spec, CHECKING, arena, ret, err) < 0)
		return -1;
	if (ret->state == SERVER_CURRENT)
		return 0;
	if (spec->rehearse && try(&held->connection, spec, arena, ret, err) < 0)
		return -1;
	if (spec->hold) {
		held->work = ret->work;
		ret->held = held;
		held = NULL;
	}
	return 1;
}

/* ---- doing it ---- */

/* A migration may be what ends its connection, or the whole server. */
static void count_lost(struct server_report *report, const struct migration *at)
{
	report->lost = at && at == report->lost_at ? report->lost + 1 : at != NULL;
	report->lost_at = at;
}

/* With the lock; whoever had it before may have applied what was pending. */
static int migrate(struct pg_connection *connection, const struct server_spec *spec,
	struct arena *arena, struct server_report *ret, struct err *err)
{
	CLEANUP_PG_CONNECTION struct pg_connection lock = PG_CONNECTION_INIT;
	const struct migration *at;
	DECLARE_ERR(ended);
	int rc;

	if (pg_ledger_create(connection, spec, err) < 0)
		return err_prefix(err, "'%s'", spec->ledger.name);
	if (pg_connect(&lock, spec, NULL, err) < 0) {
		if (pg_is_state(&lock, "53300"))
			err_append(err, NEEDS_TWO);
		return err_prefix(err, "'%s'", spec->ledger.name);
	}
	/* All connections are there: this takes as long as it takes. */
	stop_widen(spec->stop, &spec->whole);
	if (pg_lock(&lock, spec, connection->schema, err) < 0)
		return err_prefix(err, "'%s'", spec->ledger.name);
	/* But a pooler may have one connection for both, and nothing ever ends. */
	(void)stop_narrow(spec->stop, spec->wait_ms);
	rc = compare(connection, spec, WITH_LOCK, arena, ret, err);
	if (rc < 0 && err->kind == ERR_FAILED && stop_check(spec->stop, &ended) < 0)
		err_append(err, NEEDS_TWO);
	stop_widen(spec->stop, &spec->whole);
	if (rc < 0)
		return -1;
	if (ret->state == SERVER_CURRENT)
		return 0;
	connection->use.beside = &lock.session;
	rc = pg_apply_work(connection, spec, &ret->work, &at, err);
	connection->use.beside = NULL;
	if (rc < 0 && connection->lost)
		count_lost(ret, at);
	return rc < 0 ? doubt_raise(&ret->work, err) : rc;
}

/* Connects, to a new database where it is missing, and finds what is to be done. */
static int find(struct pg_connection *connection, const struct server_spec *spec,
	struct arena *arena, struct server_report *ret, bool *ret_created,
	struct err *err)
{
	int rc = connect_to(connection, spec, err);

	if (rc == 1) {
		pg_connection_release(connection);
		rc = create(spec, err);
		*ret_created = rc == 0;
		(void)stop_narrow(spec->stop, spec->wait_ms);
		if (rc >= 0)
			rc = pg_connect(connection, spec, NULL, err);
	}
	return rc == 0 ? compare(connection, spec, BEFORE_LOCK, arena, ret, err) : rc;
}

/*
 * Returns 0, 1 where the ledger may say more than before, which the error is about, or
 * -1.
 */
static int attempt(const struct server_spec *spec, struct arena *arena,
	struct server_report *ret, struct err *err)
{
	CLEANUP_HELD struct server_held *held = ret->held;
	bool created = false;
	int rc = 0;

	if (held) {
		ret->held = NULL;
		ret->state = SERVER_PENDING;
		ret->work = held->work; /* how much is left, until it is compared */
	} else {
		held = hold();
		rc = find(&held->connection, spec, arena, ret, &created, err);
	}
	if (rc == 0 && ret->state == SERVER_PENDING)
		rc = migrate(&held->connection, spec, arena, ret, err);
	if (created && rc == 0)
		ret->state = SERVER_ABSENT;
	return rc < 0 && held->connection.lost && err->kind == ERR_TEMPORARY ? 1 : rc;
}

static int raise_lost(
	const struct server_report *report, const struct err *why, struct err *err)
{
	*err = *why;
	err->kind = ERR_FAILED;
	return err_append(err,
		"; the connection was lost %d times in %s/%s, which is not run again: "
		"the log of the server, or of a pooler before it, says why",
		report->lost, report->lost_at->contributor, report->lost_at->id);
}

int pg_apply(const struct server_spec *spec, struct arena *arena,
	struct server_report *ret, struct err *err)
{
	const struct stop waiting = *spec->stop;

	for (int i = 1;; i++) {
		DECLARE_ERR(why);
		int rc = attempt(spec, arena, ret, &why);

		if (rc == 0)
			return 0;
		if (rc == 1 && ret->lost == TRIES)
			return raise_lost(ret, &why, err);
		if (rc == 1 && i < TRIES) {
			log_warn(spec->ledger.log,
				"'%s': %s; the ledger says how far it came: again",
				spec->ledger.name, why.text);
			/* The server is waited for anew. */
			(void)stop_narrow(spec->stop, spec->wait_ms);
			if (stop_sleep(spec->stop, i * PAUSE_MS, &why) == 0)
				continue;
		}
		if (why.kind == ERR_TEMPORARY)
			stop_widen(spec->stop, &waiting);
		*err = why;
		return -1;
	}
}
