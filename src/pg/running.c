/* SPDX-License-Identifier: MIT */
/* Running the text of a migration on a server. */
#include "pg/running.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/query.h"
#include "migration/migration.h"
#include "pg/batch.h"
#include "pg/connection.h"
#include "pg/ledger_check.h"
#include "pg/pg.h"

/* ---- what is set ---- */

/* None of it leaks to the next migration, nor through a pooler to another client. */
static void add_path(const struct pg_connection *connection,
	const struct server_spec *spec, struct buf *to)
{
	if (!spec->schema)
		return;
	buf_puts(to, "SET LOCAL search_path = ");
	query_quote_name(to, connection->schema);
	buf_puts(to, "; ");
}

static size_t add_timeout(struct buf *to, const char *name, int64_t ms)
{
	if (!ms)
		return 0;
	buf_printf(to, "SET LOCAL %s = %lld; ", name, (long long)ms);
	return 1;
}

void running_begin(struct running *running, struct pg_connection *connection,
	const struct server_spec *spec)
{
	*running = (struct running){
		.connection = connection, .begin = BUF_INIT, .reset = BUF_INIT};

	running->begin_count = spec->schema != NULL;
	add_path(running->connection, spec, &running->begin);
	running->begin_count +=
		add_timeout(&running->begin, "lock_timeout", spec->lock_timeout_ms);
	running->begin_count += add_timeout(
		&running->begin, "statement_timeout", spec->statement_timeout_ms);
	/* With SERVER_ALL it would look through the locks of all of them, each time. */
	running->touched = spec->transaction == SERVER_ALL;
	/* With what the text has set, as it would at its COMMIT. */
	if (!running->touched)
		buf_puts(&running->reset, LEDGER_CHECK_DEFERRED);
	buf_puts(&running->reset, RUNNING_RESET "; " RUNNING_STRINGS "; ");
	if (!running->touched)
		ledger_check_look(connection, &running->reset);
}

void running_end(struct running *running)
{
	buf_release(&running->begin);
	buf_release(&running->reset);
}

/* ---- texts ---- */

/* A message of statements, between those of ours. */
int run_text(struct running *running, const struct migration *migration,
	const struct migration_text *text, bool alone, struct err *err)
{
	struct pg_connection *connection = running->connection;
	struct batch batch = BATCH_INIT;
	struct session_result result;
	struct arena arena = {0};
	int rc;

	batch_fill(&batch, alone ? "" : running->begin.data, text,
		alone ? "" : running->reset.data);
	connection->use.rows_unread = true;
	rc = session_run(
		&connection->session, batch.sql.data, NULL, 0, &arena, &result, err);
	connection->use.rows_unread = false;
	if (rc == 0)
		rc = batch_raise(&batch, migration, text, connection, &result,
			alone ? 0 : running->begin_count, err);
	if (!alone && connection->spec->transaction == SERVER_EACH)
		running->touched = str_equal(connection->tag, LEDGER_TOUCHED);
	batch_release(&batch);
	arena_release(&arena);
	return rc;
}
