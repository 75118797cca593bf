/* SPDX-License-Identifier: MIT */
/* Trying what is pending on a server. */
#include "pg/rehearse.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "ledger/doubt.h"
#include "ledger/spec.h"
#include "migration/migration.h"
#include "pg/connection.h"
#include "pg/ledger_check.h"
#include "pg/ledger_table.h"
#include "pg/pg.h"
#include "pg/pooler.h"
#include "pg/running.h"

/*
 * Fails where the COMMIT of that migration would, or, if it is NULL, that of all. What
 * each constraint is by default cannot be set again; most that can be deferred are.
 */
static int check_commit(
	const struct running *running, const struct migration *migration, struct err *err)
{
	struct pg_connection *connection = running->connection;
	CLEANUP_BUF struct buf sql = BUF_INIT;

	if (running->touched)
		ledger_check_write(connection, NULL, &sql);
	buf_puts(&sql, "SET CONSTRAINTS ALL DEFERRED");
	if (pg_run(connection, "commit", sql.data, err) >= 0)
		return 0;
	ledger_check_name(connection, err);
	return migration ? err_at(err, (struct place){.file = migration->file}) : -1;
}

/* Those before it are not committed here: ALTER TYPE … ADD VALUE must be, to be used. */
static bool may_need_commit(const struct running *running, size_t i)
{
	return i && running->connection->spec->transaction == SERVER_EACH &&
		pg_is_state(running->connection, "55P04");
}

static void say_tried(struct buf *ret, const struct migration *end, const char *why)
{
	buf_puts(ret, "its SQL was tried in a transaction that was rolled back");
	if (end)
		buf_printf(
			ret, ", up to %s/%s, which %s", end->contributor, end->id, why);
}

static int rehearse(struct running *running, const struct ledger_work *work,
	struct buf *ret, struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;
	bool each = running->connection->spec->transaction == SERVER_EACH;

	for (size_t i = 0; i < work->pending_count; i++) {
		const struct migration *migration = work->pending[i];
		CLEANUP_TEXT struct migration_text text = MIGRATION_TEXT_INIT;
		DECLARE_ERR(why);

		if (migration_load_valid(migration, &reader, &text, err) < 0)
			return -1;
		if (text.outside) {
			say_tried(ret, migration, "runs outside of one");
			return pooler_check(running->connection,
				       running->connection->spec, migration, &text,
				       err) < 0
				? -1
				: 0;
		}
		if (run_text(running, migration, &text, false, &why) < 0) {
			if (may_need_commit(running, i)) {
				say_tried(ret, migration,
					"may need those before it to be committed");
				return 0;
			}
			*err = why;
			return doubt_later(work, i, err);
		}
		if (each && check_commit(running, migration, err) < 0)
			return -1;
	}
	say_tried(ret, NULL, NULL);
	return each ? 0 : check_commit(running, NULL, err);
}

int pg_rehearse(struct pg_connection *connection, const struct server_spec *spec,
	const struct ledger_work *work, struct buf *ret, struct err *err)
{
	struct running running;
	int rc;

	running_begin(&running, connection, spec);
	rc = pg_run(connection, "begin", RUNNING_BEGIN, err);
	if (rc >= 0)
		rc = pg_ledger_create_inside(connection, spec, err);
	if (rc >= 0)
		rc = rehearse(&running, work, ret, err);
	pg_roll_back(connection);
	running_end(&running);
	return rc < 0 ? -1 : 0;
}
