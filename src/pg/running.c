/* SPDX-License-Identifier: MIT */
/* Running the text of a migration on a server. */
#include "pg/running.h"

#include "base/err.h"
#include "base/mem.h"
#include "ledger/query.h"
#include "migration/migration.h"
#include "pg/batch.h"
#include "pg/connection.h"
#include "pg/pg.h"
#include "pg/sql.h"

/* ---- what is set ---- */

/* None of it leaks to the next migration, nor through a pooler to another client. */
static void add_path(const struct pg_connection *connection, const struct pg_spec *spec,
	struct buf *to)
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
	const struct pg_spec *spec)
{
	*running = (struct running){
		.connection = connection, .begin = BUF_INIT, .reset = BUF_INIT};

	/* What a role or a database sets may be other strings than those we have read. */
	buf_puts(&running->begin, "SET LOCAL standard_conforming_strings = on; ");
	running->begin_count = 1 + (spec->schema != NULL);
	add_path(running->connection, spec, &running->begin);
	running->begin_count +=
		add_timeout(&running->begin, "lock_timeout", spec->lock_timeout_ms);
	running->begin_count += add_timeout(
		&running->begin, "statement_timeout", spec->statement_timeout_ms);
	/* What a file of pg_dump sets would reach our own statements. */
	buf_puts(&running->reset,
		"RESET ALL; RESET SESSION AUTHORIZATION; RESET ROLE; DISCARD TEMP; ");
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
	rc = session_run(
		&connection->session, batch.sql.data, NULL, 0, &arena, &result, err);
	if (rc == 0)
		rc = batch_raise(&batch, migration, text, connection, &result,
			alone ? 0 : running->begin_count, err);
	batch_release(&batch);
	arena_release(&arena);
	return rc;
}

/* The server would say so only at its turn, when those before it have run. */
int run_check_inside(const struct migration *migration, const struct migration_text *text,
	struct err *err)
{
	for (size_t i = 0; i < text->statements_count; i++) {
		const struct statement *statement = &text->statements[i];
		CLEANUP_BUF struct buf what = BUF_INIT;

		if (!pg_sql_outside_transaction(statement->text, statement->size))
			continue;
		statement_quote(statement, &what);
		err_fail(err,
			"%s cannot run in a transaction: in a migration of its own, "
			"write `-- no-transaction` as the first line, or as its tool has "
			"it (`-- migrate:up transaction:false`, `-- +goose NO "
			"TRANSACTION`)",
			what.data);
		return err_at(err,
			(struct place){.file = migration->file, .line = statement->line});
	}
	return 0;
}
