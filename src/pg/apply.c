/* SPDX-License-Identifier: MIT */
/* Running migrations on a server. */
#include "pg/apply.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "ledger/doubt.h"
#include "ledger/ledger.h"
#include "ledger/record.h"
#include "ledger/spec.h"
#include "ledger/stamps.h"
#include "migration/migration.h"
#include "pg/begun.h"
#include "pg/connection.h"
#include "pg/ledger_check.h"
#include "pg/pg.h"
#include "pg/pooler.h"
#include "pg/running.h"
#include "pg/sql.h"
#include "pg/transaction.h"

struct applying {
	struct transaction transaction;
	struct running running;
	struct pg_connection *connection;
	const struct server_spec *spec;
	const struct ledger_work *work;
	const struct migration_text *text; /* of the migration that runs */
	int64_t start_us;                  /* the same */
	/* Of the ledger, before one that runs outside of a transaction. */
	char digest[LEDGER_DIGEST_SIZE];
};

/* ---- one migration ---- */

static int record(struct applying *applying, struct err *err)
{
	CLEANUP_QUERY struct query insert = {0};

	if (!applying->transaction.rows.len && applying->running.touched)
		ledger_check_write(
			applying->connection, NULL, &applying->transaction.rows);
	return record_run(&applying->connection->store, &insert, &applying->spec->ledger,
		applying->transaction.at, clock_us() - applying->start_us, err);
}

/* The one at which it is, in the transaction that there is. */
static int run_inside(void *user, struct err *err)
{
	struct applying *applying = user;

	applying->start_us = clock_us();
	if (run_text(&applying->running, applying->transaction.at, applying->text, false,
		    err) < 0)
		return -1;
	return record(applying, err);
}

/* ---- outside of a transaction ---- */

/* Can each of its statements be run again where it did not get a lock? */
static bool is_repeatable(const struct migration_text *text)
{
	for (size_t i = 0; i < text->statements_count; i++)
		if (!pg_sql_is_repeatable(
			    text->statements[i].text, text->statements[i].size))
			return false;
	return true;
}

static int set_session(struct applying *applying, bool repeatable, struct err *err)
{
	const struct server_spec *spec = applying->spec;
	CLEANUP_BUF struct buf sql = BUF_INIT;

	buf_puts(&sql, "SET standard_conforming_strings = on");
	if (spec->schema) {
		buf_puts(&sql, "; SET search_path = ");
		query_quote_name(&sql, applying->connection->schema);
	}
	if (spec->lock_timeout_ms && repeatable)
		buf_printf(&sql, "; SET lock_timeout = %lld",
			(long long)spec->lock_timeout_ms);
	if (spec->statement_timeout_ms)
		buf_printf(&sql, "; SET statement_timeout = %lld",
			(long long)spec->statement_timeout_ms);
	return pg_run(applying->connection, "set the session", sql.data, err) < 0 ? -1
										  : 0;
}

/* One statement, which is a transaction. */
static int run_one(struct applying *applying, const struct migration_text *one,
	bool repeatable, struct err *err)
{
	for (int tries = 1;; tries++) {
		DECLARE_ERR(why);

		if (run_text(&applying->running, applying->transaction.at, one, true,
			    &why) == 0)
			return 0;
		if (!repeatable || !pg_is_state(applying->connection, "55P03")) {
			*err = why;
			return -1;
		}
		if (transaction_wait(&applying->transaction, tries, &why, err) < 0)
			return -1;
	}
}

/* Several statements in one message would be one transaction. */
static int run_one_by_one(struct applying *applying, bool repeatable, struct err *err)
{
	const struct migration_text *text = applying->text;

	for (size_t i = 0; i < text->statements_count; i++) {
		struct migration_text one = *text;

		one.statements = text->statements + i;
		one.statements_count = 1;
		if (run_one(applying, &one, repeatable, err) < 0)
			return -1;
	}
	return pg_run(applying->connection, "reset the session", RUNNING_RESET, err) < 0
		? -1
		: 0;
}

/* What shows that it has begun goes with the transaction that records its end. */
static int end_outside(void *user, struct err *err)
{
	struct applying *applying = user;

	ledger_check_write(
		applying->connection, applying->digest, &applying->transaction.rows);
	return ledger_drop_begun(
		       &applying->connection->store, applying->transaction.at, err) < 0
		? -1
		: record(applying, err);
}

static int run_outside(struct applying *applying, struct err *err)
{
	struct store *store = &applying->connection->store;
	const struct migration *migration = applying->transaction.at;
	bool repeatable = is_repeatable(applying->text);
	DECLARE_ERR(ignored); /* a ledger that is gone is what is reported */
	int pooled;

	applying->start_us = clock_us();
	transaction_drop(&applying->transaction);

	if (applying->spec->transaction == SERVER_ALL) /* outside_check() has found it */
		return err_fail(err,
			"'%s' is to run outside of a transaction, which "
			"`transaction = all` cannot do: write `each`",
			migration->file);
	pooled = pooler_check(
		applying->connection, applying->spec, migration, applying->text, err);
	if (pooled < 0 || ledger_set_begun(store, migration, err) < 0 ||
		ledger_check_digest(applying->connection, applying->digest, err) < 0)
		return -1;
	if ((!pooled && set_session(applying, repeatable, err) < 0) ||
		run_one_by_one(applying, repeatable, err) < 0)
		return begun_advise(applying->connection, migration, err);
	if (transaction_run(&applying->transaction, end_outside, applying, err) == 0)
		return 0;
	/* It may have emptied the ledger: all those before it would run again. */
	if (err->kind == ERR_FAILED)
		(void)ledger_set_begun(store, migration, &ignored);
	return begun_advise(applying->connection, migration, err);
}

/* ---- one behind the other ---- */

static void show(const struct applying *applying, size_t i)
{
	const struct migration *migration = applying->work->pending[i];
	CLEANUP_BUF struct buf text = BUF_INIT;

	buf_printf(&text, "%s/%s %s (%zu of %zu)", migration->contributor, migration->id,
		migration->name, i + 1, applying->work->pending_count);
	log_at_work(applying->spec->ledger.log, text.data);
}

static int run_next(
	struct applying *applying, size_t i, struct fs_reader *reader, struct err *err)
{
	const struct migration *migration = applying->work->pending[i];
	CLEANUP_TEXT struct migration_text text = MIGRATION_TEXT_INIT;
	int rc;

	show(applying, i);
	applying->transaction.at = migration;
	applying->transaction.more = applying->spec->transaction == SERVER_EACH &&
		i + 1 < applying->work->pending_count;
	if (migration_load_valid(migration, reader, &text, err) < 0)
		return -1;
	applying->text = &text;
	if (text.outside)
		rc = run_outside(applying, err);
	else if (applying->spec->transaction == SERVER_ALL)
		rc = run_inside(applying, err);
	else
		rc = transaction_run(&applying->transaction, run_inside, applying, err);
	applying->text = NULL;
	applying->connection->has_rows |=
		rc == 0 && applying->spec->transaction == SERVER_EACH;
	return rc;
}

/*
 * A value of an enum that was added before and is used, a table with triggers that are
 * still to run, and what no transaction can have: errors of a transaction for all.
 */
static void advise_each(const struct applying *applying, struct err *err)
{
	static const char *const states[] = {"55P04", "55006", "25001"};

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (applying->spec->transaction == SERVER_ALL &&
			pg_is_state(applying->connection, states[i]))
			err_append(err,
				"; those before it may have led to that: with "
				"`transaction = each` they are committed first");
}

static int run_all(void *user, struct err *err)
{
	struct applying *applying = user;
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;

	for (size_t i = 0; i < applying->work->pending_count; i++)
		if (run_next(applying, i, &reader, err) < 0) {
			advise_each(applying, err);
			return doubt_later(applying->work, i, err);
		}
	return 0;
}

/*
 * Who had the lock before may have lost its connection behind a COMMIT, which then comes
 * about while we run the same: of the two one fails, and changes nothing.
 */
static bool is_applied_meanwhile(const struct applying *applying, const struct err *err)
{
	DECLARE_ERR(ignored); /* the other one is reported */

	return applying->transaction.at && err->kind == ERR_FAILED &&
		ledger_has(&applying->connection->store, applying->transaction.at,
			&ignored) == 1;
}

/* ---- all of it ---- */

static int adopt(void *user, struct err *err)
{
	struct applying *applying = user;

	return record_adopted(&applying->connection->store, applying->work, err);
}

static int stamp(void *user, struct err *err)
{
	struct applying *applying = user;

	return stamps_record(&applying->connection->store, &applying->spec->ledger, err);
}

int pg_apply_work(struct pg_connection *connection, const struct server_spec *spec,
	const struct ledger_work *work, const struct migration **ret_at, struct err *err)
{
	struct applying applying = {
		.connection = connection,
		.spec = spec,
		.work = work,
		.transaction = {.connection = connection, .spec = spec, .rows = BUF_INIT},
	};
	int rc;

	running_begin(&applying.running, connection, spec);
	rc = work->adopted_count || work->missing_count
		? transaction_run(&applying.transaction, adopt, &applying, err)
		: 0;
	if (rc == 0)
		rc = spec->transaction == SERVER_ALL
			? transaction_run(&applying.transaction, run_all, &applying, err)
			: run_all(&applying, err);
	if (rc == 0)
		applying.transaction.at = NULL;
	if (rc == 0 && spec->ledger.migrations->stamps_count)
		rc = transaction_run(&applying.transaction, stamp, &applying, err);
	transaction_drop(&applying.transaction);
	running_end(&applying.running);
	buf_release(&applying.transaction.rows);
	*ret_at = applying.transaction.at;
	return rc < 0 && is_applied_meanwhile(&applying, err) ? 1 : rc;
}
