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
#include "ledger/ledger.h"
#include "ledger/record.h"
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

	return record_run(&applying->connection->store, &insert, &applying->spec->ledger,
		migration, clock_us() - start_us, err);
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

/* Does that in a transaction of its own. Returns 0, or -1: then it is rolled back. */
static int transact(struct applying *applying,
	int (*work)(struct applying *applying, struct err *err), struct err *err)
{
	if (begin(applying, err) == 0 && work(applying, err) == 0 &&
		commit(applying, err) == 0)
		return 0;
	pg_roll_back(applying->connection);
	return -1;
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
			pg_roll_back(applying->connection);
			return -1;
		}
		pg_roll_back(applying->connection);
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
	pg_roll_back(applying->connection);
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
	if (migration_load_valid(migration, reader, &text, err) < 0)
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

/* ---- all of it ---- */

static int adopt(struct applying *applying, struct err *err)
{
	return record_adopted(&applying->connection->store, applying->work, err);
}

static int stamp(struct applying *applying, struct err *err)
{
	return stamps_record(&applying->connection->store, &applying->spec->ledger, err);
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
	rc = work->adopted_count || work->missing_count ? transact(&applying, adopt, err)
							: 0;
	if (rc == 0)
		rc = spec->transaction == PG_ALL ? transact(&applying, run_all, err)
						 : run_all(&applying, err);
	if (rc == 0 && spec->ledger.migrations->stamps_count)
		rc = transact(&applying, stamp, err);
	running_end(&applying.running);
	return rc;
}
