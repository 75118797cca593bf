/* SPDX-License-Identifier: MIT */
/* Running migrations on a server. */
#include "pg/apply.h"

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/str.h"
#include "ledger/ledger.h"
#include "ledger/stamps.h"
#include "migration/migration.h"
#include "pg/connection.h"
#include "pg/outside.h"
#include "pg/pg.h"
#include "pg/running.h"

#define LOCK_TRIES 10 /* where a migration does not get the lock of a table */

struct applying {
	struct running running;
	struct pg_connection *connection;
	const struct pg_spec *spec;
	const struct ledger_work *work;
};

/* ---- one migration ---- */

static int record(struct applying *applying, const struct migration *migration,
	int64_t start_us, struct err *err)
{
	CLEANUP_QUERY struct query insert = {0};
	const struct pg_spec *spec = applying->spec;
	int64_t took_us = clock_us() - start_us;
	char duration[CLOCK_TEXT_MAX];

	if (ledger_add(&applying->connection->store, &insert, migration, took_us,
		    "groundwork", NULL, err) < 0)
		return -1;
	clock_duration(took_us, duration);
	log_debug(spec->ledger.log, "'%s': %s/%s %s (%s)", spec->ledger.name,
		migration->contributor, migration->id, migration->name, duration);
	return 0;
}

static int run_inside(struct applying *applying, const struct migration *migration,
	const struct migration_text *text, struct err *err)
{
	int64_t start_us = clock_us();

	if (run_check_inside(migration, text, err) < 0 ||
		run_text(&applying->running, migration, text, false, err) < 0)
		return -1;
	return record(applying, migration, start_us, err);
}

/* ---- transactions ---- */

static int begin(struct applying *applying, struct err *err)
{
	return pg_run(applying->connection, "begin", "BEGIN", err) < 0 ? -1 : 0;
}

/* Whether a COMMIT that does not come back has come about, the ledger says. */
static int commit(struct applying *applying, struct err *err)
{
	return pg_run(applying->connection, "commit", "COMMIT", err) < 0 ? -1 : 0;
}

static void roll_back(struct applying *applying)
{
	DECLARE_ERR(ignored); /* if it fails, the end of the connection does it */

	if (!applying->connection->lost)
		(void)pg_run(applying->connection, "roll back", "ROLLBACK", &ignored);
}

static int64_t lock_pause_ms(void)
{
	return 500 + crypto_random_below(1500);
}

/* A migration and its row, in a transaction of their own. */
static int run_alone(struct applying *applying, const struct migration *migration,
	const struct migration_text *text, struct err *err)
{
	for (int tries = 1;; tries++) {
		DECLARE_ERR(why);

		if (begin(applying, &why) == 0 &&
			run_inside(applying, migration, text, &why) == 0 &&
			commit(applying, &why) == 0)
			return 0;
		if (!pg_is_state(applying->connection, "55P03") || tries == LOCK_TRIES) {
			*err = why;
			roll_back(applying);
			return -1;
		}
		roll_back(applying);
		log_info(applying->spec->ledger.log,
			"'%s': %s/%s does not get a lock within lock_timeout: again",
			applying->spec->ledger.name, migration->contributor,
			migration->id);
		if (stop_sleep(applying->spec->stop, lock_pause_ms(), err) < 0)
			return -1;
	}
}

/* ---- outside of a transaction ---- */

static int set_session(struct applying *applying, struct err *err)
{
	CLEANUP_BUF struct buf sql = BUF_INIT;

	buf_puts(&sql, "SET standard_conforming_strings = on");
	if (applying->spec->schema) {
		buf_puts(&sql, "; SET search_path = ");
		query_quote_name(&sql, applying->connection->schema);
	}
	return pg_run(applying->connection, "set the schema", sql.data, err) < 0 ? -1 : 0;
}

/* Several statements in one message would be one transaction. */
static int run_one_by_one(struct applying *applying, const struct migration *migration,
	const struct migration_text *text, struct err *err)
{
	for (size_t i = 0; i < text->statements_count; i++) {
		struct migration_text one = *text;

		one.statements = text->statements + i;
		one.statements_count = 1;
		if (run_text(&applying->running, migration, &one, true, err) < 0)
			return -1;
	}
	return pg_run(applying->connection, "reset the session", "RESET ALL", err) < 0
		? -1
		: 0;
}

/* What shows that it has begun goes with the transaction that records its end. */
static int run_outside(struct applying *applying, const struct migration *migration,
	const struct migration_text *text, struct err *err)
{
	struct store *store = &applying->connection->store;
	int64_t start_us = clock_us();

	if (applying->spec->transaction == PG_ALL)
		return err_fail(err,
			"'%s' is marked to run outside of a transaction, which "
			"`transaction = all` cannot do: write `each`",
			migration->file);
	if (ledger_set_begun(store, migration, err) < 0 ||
		set_session(applying, err) < 0 ||
		run_one_by_one(applying, migration, text, err) < 0)
		return -1;
	if (begin(applying, err) == 0 && ledger_drop_begun(store, migration, err) >= 0 &&
		record(applying, migration, start_us, err) == 0 &&
		commit(applying, err) == 0)
		return 0;
	roll_back(applying);
	return -1;
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

	show(applying, i);
	if (run_load(migration, reader, &text, err) < 0)
		return -1;
	if (outside_is_marked(&text))
		return run_outside(applying, migration, &text, err);
	return applying->spec->transaction == PG_ALL
		? run_inside(applying, migration, &text, err)
		: run_alone(applying, migration, &text, err);
}

static int run_all(struct applying *applying, struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;

	for (size_t i = 0; i < applying->work->pending_count; i++)
		if (run_next(applying, i, &reader, err) < 0)
			return -1;
	return 0;
}

static int run_together(struct applying *applying, struct err *err)
{
	if (begin(applying, err) == 0 && run_all(applying, err) == 0 &&
		commit(applying, err) == 0)
		return 0;
	roll_back(applying);
	return -1;
}

/* ---- all of it ---- */

static int record_adopted(struct applying *applying, struct err *err)
{
	const struct ledger_work *work = applying->work;
	struct store *store = &applying->connection->store;
	CLEANUP_QUERY struct query insert = {0};
	CLEANUP_QUERY struct query without_hash = {0};

	for (size_t i = 0; i < work->adopted_count; i++)
		if (ledger_add(store, &insert, work->adopted[i], 0, work->origins[i].tool,
			    work->origins[i].replaces, err) < 0)
			return -1;
	for (size_t i = 0; i < work->missing_count; i++)
		if (ledger_add_missing(store, &without_hash, &work->missing[i], err) < 0)
			return -1;
	return 0;
}

static int adopt(struct applying *applying, struct err *err)
{
	if (!applying->work->adopted_count && !applying->work->missing_count)
		return 0;
	if (begin(applying, err) == 0 && record_adopted(applying, err) == 0 &&
		commit(applying, err) == 0)
		return 0;
	roll_back(applying);
	return -1;
}

static int stamp(struct applying *applying, struct err *err)
{
	if (!applying->spec->ledger.migrations->stamps_count)
		return 0;
	if (begin(applying, err) == 0 &&
		stamps_record(&applying->connection->store, &applying->spec->ledger,
			err) == 0 &&
		commit(applying, err) == 0)
		return 0;
	roll_back(applying);
	return -1;
}

int pg_apply_work(struct pg_connection *connection, const struct pg_spec *spec,
	const struct ledger_work *work, struct err *err)
{
	struct applying applying = {
		.connection = connection,
		.spec = spec,
		.work = work,
	};
	int rc;

	running_begin(&applying.running, connection, spec);
	rc = adopt(&applying, err);
	if (rc == 0)
		rc = spec->transaction == PG_ALL ? run_together(&applying, err)
						 : run_all(&applying, err);
	if (rc == 0)
		rc = stamp(&applying, err);
	running_end(&applying.running);
	return rc;
}
