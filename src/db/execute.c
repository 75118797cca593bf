/* SPDX-License-Identifier: MIT */
/* Running migrations inside the open transaction. */
#include "db/execute.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/fs_reader.h"
#include "base/stop.h"
#include "ledger/adopt_number.h"
#include "ledger/doubt.h"
#include "db/authorizer.h"
#include "db/connection.h"
#include "db/dry_run.h"
#include "db/foreign_keys.h"
#include "db/ledger_table.h"
#include "ledger/record.h"
#include "db/pragma.h"
#include "ledger/progress.h"
#include "ledger/query.h"
#include "db/renames.h"
#include "db/requirements.h"
#include "ledger/stamps.h"
#include "db/touched.h"
#include "migration/migration.h"
#include "migration/placeholders.h"

/* Returns the line that SQLite's error is about, or that of the statement. */
static int line_of(struct connection *connection, const struct statement *statement,
	const char *text)
{
	int line = statement->line;
#if SQLITE_VERSION_NUMBER >= 3038000
	int offset = sqlite3_error_offset(connection->db);
	const char *at = offset < 0 ? statement->text : text + offset;

	for (const char *c = statement->text; c < at; c++)
		line += *c == '\n';
#else
	(void)connection;
	(void)text;
#endif
	return line;
}

static int fail(struct connection *connection, const struct migration *migration,
	const struct statement *statement, const char *text, bool running,
	struct err *err)
{
	int line = line_of(connection, statement, text);
	CLEANUP_BUF struct buf what = BUF_INIT;

	if (connection->dry_run)
		dry_run_failed(
			connection->dry_run, sqlite3_errcode(connection->db), running);
	statement_quote(statement, &what);
	connection_fail(connection, what.data, err);
	if (!connection->refused[0])
		requirements_explain(statement, sqlite3_errmsg(connection->db),
			sqlite3_libversion_number(), err);
	if (sqlite3_errcode(connection->db) == SQLITE_ERROR)
		err_append(err, "%s", placeholders_advice(migration->placeholders));
	return err_at(err, (struct place){.file = migration->file, .line = line});
}

static int check_parameters(struct connection *connection, sqlite3_stmt *prepared)
{
	if (sqlite3_bind_parameter_count(prepared) == 0)
		return 0;
	(void)snprintf(connection->refused, sizeof connection->refused,
		"has a parameter, which has no value"); /* fits */
	return -1;
}

/* A table gets none of our names, either by being renamed. */
static int check_rename(struct connection *connection, const char *text, size_t size)
{
	struct renames renames = {.list = NULL};
	const struct rename *rename = &renames.expected;
	bool refused;

	renames_expect(&renames, text, size);
	refused = renames.expects && !rename->column && authorizer_is_ours(rename->to);
	if (refused)
		(void)snprintf(connection->refused, sizeof connection->refused,
			"'%s' is groundwork's own", rename->to); /* cut if too long */
	renames_release(&renames);
	return refused ? -1 : 0;
}

/* Runs a prepared statement and ignores its rows. */
static int run_prepared(struct connection *connection, sqlite3_stmt *prepared)
{
	int rc;

	if (connection->dry_run && !connection->dry_run->defines)
		return 0;
	while ((rc = sqlite3_step(prepared)) == SQLITE_ROW)
		continue;
	if (rc != SQLITE_DONE)
		return -1;
	if (!sqlite3_get_autocommit(connection->db))
		return 0;
	(void)snprintf(connection->refused, sizeof connection->refused,
		"has ended the transaction"); /* fits */
	return -1;
}

static void release_statement(sqlite3_stmt **statement)
{
	(void)sqlite3_finalize(*statement); /* repeats an old error */
	*statement = NULL;
}

#define CLEANUP_STATEMENT __attribute__((cleanup(release_statement)))

/* Prepares and runs the first statement of the text, whose end *tail becomes. */
static int run_first(struct connection *connection, const struct migration *migration,
	const struct statement *statement, const char *text, const char **tail,
	struct err *err)
{
	CLEANUP_STATEMENT sqlite3_stmt *prepared = NULL;
	int size = (int)(statement->text + statement->size - text);
	struct place at = {.file = migration->file, .line = statement->line};
	int again;

	do {
		release_statement(&prepared);
		foreign_keys_expect(connection->keys);
		if (connection->dry_run)
			dry_run_expect(connection->dry_run);
		if (connection->touched)
			touched_expect(connection->touched, text, (size_t)size, at);
		if (sqlite3_prepare_v3(connection->db, text, size, 0, &prepared, tail) !=
			SQLITE_OK)
			return fail(connection, migration, statement, text, false, err);
		again = foreign_keys_before(connection->keys, at, err);
	} while (again == 1);
	if (again < 0)
		return -1;
	if (prepared &&
		(check_parameters(connection, prepared) < 0 ||
			check_rename(connection, text, (size_t)size) < 0))
		return fail(connection, migration, statement, text, false, err);
	if (prepared && run_prepared(connection, prepared) < 0)
		return fail(connection, migration, statement, text, true, err);
	return foreign_keys_after(connection->keys, at, err);
}

/* If SQLite sees several statements in what we have split, all of them are run. */
static int run_statement(struct connection *connection, const struct migration *migration,
	const struct statement *statement, struct err *err)
{
	const char *end = statement->text + statement->size;
	const char *text = statement->text;

	if (requirements_check(
		    statement, migration->file, sqlite3_libversion_number(), err) < 0)
		return -1;
	while (text < end)
		if (run_first(connection, migration, statement, text, &text, err) < 0)
			return -1;
	return 0;
}

static const char clearing[] = "drop temporary objects";

/*
 * Virtual tables come first: their shadow tables are dropped with them, and cannot be
 * dropped alone.
 */
static const char temporary_sql[] = "SELECT type, name FROM temp.sqlite_master "
				    "WHERE type IN ('table', 'view', 'trigger') "
				    "AND name NOT LIKE 'groundwork\\_%' ESCAPE '\\' "
				    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
				    "ORDER BY sql NOT LIKE 'CREATE VIRTUAL %' LIMIT 1";

/* Drops a temporary object of a migration. Returns 1, 0 if there is none, or -1. */
static int drop_next(struct connection *connection, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	char *drop;
	int rc = query_run(
		&query, &connection->store, clearing, temporary_sql, NULL, 0, err);

	if (rc != 1)
		return rc;
	drop = sqlite3_mprintf(
		"DROP %s temp.\"%w\"", query_text(&query, 0), query_text(&query, 1));
	query_release(&query); /* while it reads the schema, nothing can be dropped */
	if (!drop)
		return err_fail(err, "out of memory");
	rc = connection_exec(connection, clearing, drop, err);
	sqlite3_free(drop);
	return rc < 0 ? -1 : 1;
}

/* The pragmas that last as long as the connection, or its transaction. */
static const char defaults[] = "PRAGMA defer_foreign_keys=OFF;"
			       "PRAGMA legacy_alter_table=OFF;"
			       "PRAGMA recursive_triggers=OFF;"
			       "PRAGMA analysis_limit=0";

/* What a migration has set or created for itself must not affect the next one. */
static int clear(struct connection *connection, struct err *err)
{
	if (connection->pragmas &&
		connection_exec(connection, "reset the connection", defaults, err) < 0)
		return -1;
	connection->pragmas = false;
	while (connection->temporary) {
		int rc = drop_next(connection, err);

		if (rc < 0)
			return -1;
		connection->temporary = rc == 1;
	}
	return 0;
}

static int run_statements(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, const struct migration *migration,
	const struct migration_text *text, struct err *err)
{
	if (foreign_keys_begin(connection->keys, spec->foreign_keys, err) < 0)
		return -1;
	for (size_t i = 0; i < text->statements_count; i++) {
		const struct statement *statement = &text->statements[i];
		int rc = pragma_compare(spec, report, statement, migration->file, err);

		if (rc < 0 || stop_check(spec->stop, err) < 0)
			return -1;
		if (rc == 1)
			continue;
		connection->refused[0] = '\0';
		connection->in_migration = true;
		rc = run_statement(connection, migration, statement, err);
		connection->in_migration = false;
		if (rc < 0)
			return -1;
	}
	if (foreign_keys_end(connection->keys, err) < 0)
		return -1;
	return clear(connection, err);
}

/* Its text is in memory no longer than it runs. */
static int run_migration(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, const struct migration *migration,
	struct fs_reader *reader, struct err *err)
{
	CLEANUP_TEXT struct migration_text text = MIGRATION_TEXT_INIT;

	if (migration_load_valid(migration, reader, &text, err) < 0)
		return -1;
	return run_statements(connection, spec, report, migration, &text, err);
}

static int run_all(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, struct query *insert, struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;

	for (size_t i = 0; i < report->work.pending_count; i++) {
		const struct migration *migration = report->work.pending[i];
		int64_t start = clock_us();

		progress_set(&connection->progress, "%s/%s %s (%zu of %zu)",
			migration->contributor, migration->id, migration->name, i + 1,
			report->work.pending_count);
		if (run_migration(connection, spec, report, migration, &reader, err) < 0)
			return doubt_later(&report->work, i, err);
		if (!connection->dry_run &&
			record_run(&connection->store, insert, &spec->ledger, migration,
				clock_us() - start, err) < 0)
			return -1;
	}
	return 0;
}

int execute_migrations(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, struct foreign_keys *keys, struct err *err)
{
	CLEANUP_QUERY struct query insert = {0};
	char sql[80];
	int rc;

	/* It is set first; verify_end() checks that no migration has set another one. */
	(void)snprintf(sql, sizeof sql, "PRAGMA main.application_id=%lld",
		(long long)spec->application_id); /* fits */
	if (report->set_id &&
		connection_exec(connection, "set the application_id", sql, err) < 0)
		return -1;
	/* An empty ledger beside foreign tables would mean that nothing was applied. */
	if (report->state != DB_ABSENT && !report->work.pending_count &&
		!report->work.adopted_count && !report->work.missing_count)
		return 0;
	if (ledger_table_create(connection, err) < 0)
		return -1;
	/* In a dry run nothing is recorded: its database is dropped anyway. */
	if (!connection->dry_run &&
		record_adopted(&connection->store, &report->work, err) < 0)
		return -1;
	connection->keys = keys;
	rc = run_all(connection, spec, report, &insert, err);
	connection->keys = NULL;
	connection->refused[0] = '\0';
	if (rc < 0)
		return -1;
	if (connection->dry_run)
		return 0;
	if (stamps_record(&connection->store, &spec->ledger, err) < 0)
		return -1;
	return adopt_number_record(&connection->store, &spec->ledger, err);
}
