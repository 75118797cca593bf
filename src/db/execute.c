/* SPDX-License-Identifier: MIT */
/* Running migrations inside the transaction that is open. */
#include "db/execute.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/str.h"
#include "db/connection.h"
#include "db/ledger.h"
#include "db/progress.h"
#include "migration/migration.h"

#define BEGINNING_MAX 60

/* The line that SQLite's message is about, where it knows. */
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

/* The first words of a statement, on one line. */
static void beginning(const struct statement *statement, char ret[BEGINNING_MAX + 8])
{
	size_t to = 0;

	for (size_t i = 0; i < statement->size && to < BEGINNING_MAX; i++) {
		bool blank = str_is_space(statement->text[i]);

		if (blank && to && ret[to - 1] == ' ')
			continue;
		ret[to++] = blank ? ' ' : statement->text[i];
	}
	/* Not in the middle of a character. */
	while (to == BEGINNING_MAX && ((unsigned char)ret[to - 1] & 0xc0) == 0x80)
		to--;
	ret[to] = '\0';
	if (to >= BEGINNING_MAX - 4)
		(void)snprintf(ret + to, 8, "…"); /* fits: 3 bytes */
}

static int fail(struct connection *connection, const struct migration *migration,
	const struct statement *statement, const char *text, struct err *err)
{
	int line = line_of(connection, statement, text);
	char words[BEGINNING_MAX + 8];
	char what[BEGINNING_MAX + 16];

	beginning(statement, words);
	(void)snprintf(what, sizeof what, "'%s'", words); /* fits */
	connection_fail(connection, what, err);
	return err_at(err, (struct place){.file = migration->file, .line = line});
}

/* Runs one that is prepared; what it would show is nobody's business. */
static int step_through(struct connection *connection, sqlite3_stmt *prepared)
{
	int rc;

	if (sqlite3_bind_parameter_count(prepared) > 0) {
		(void)snprintf(connection->refused, sizeof connection->refused,
			"has a parameter, which nobody fills"); /* fits */
		return -1;
	}
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

/* Should SQLite see more than one statement in what we cut, none of them is left out. */
static int run_statement(struct connection *connection, const struct migration *migration,
	const struct statement *statement, struct err *err)
{
	const char *end = statement->text + statement->size;
	const char *text = statement->text;

	while (text < end) {
		sqlite3_stmt *prepared = NULL;
		const char *tail = end;
		int rc = sqlite3_prepare_v3(
			connection->db, text, (int)(end - text), 0, &prepared, &tail);

		if (rc == SQLITE_OK && prepared)
			rc = step_through(connection, prepared);
		if (rc != SQLITE_OK)
			rc = fail(connection, migration, statement, text, err);
		(void)sqlite3_finalize(prepared); /* repeats an error that was told */
		if (rc != 0)
			return -1;
		text = tail;
	}
	return 0;
}

static const char clearing[] = "clear what is temporary";

/* The next temporary thing of a migration: 0 `*ret` drops it · 1 there is none · -1. */
static int next_temporary(struct connection *connection, char **ret, struct err *err)
{
	sqlite3_stmt *statement = NULL;
	int rc;

	/*
	 * Virtual tables first: they take their shadows with them, which cannot go
	 * alone.
	 */
	if (connection_prepare(connection, clearing,
		    "SELECT type, name FROM temp.sqlite_master "
		    "WHERE type IN ('table', 'view', 'trigger') "
		    "AND name NOT LIKE 'groundwork\\_%' ESCAPE '\\' "
		    "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
		    "ORDER BY sql NOT LIKE 'CREATE VIRTUAL %' LIMIT 1",
		    &statement, err) < 0)
		return -1;
	rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW) {
		*ret = sqlite3_mprintf("DROP %s temp.\"%w\"",
			sqlite3_column_text(statement, 0),
			sqlite3_column_text(statement, 1));
		rc = 0;
	} else {
		rc = rc == SQLITE_DONE ? 1 : connection_fail(connection, clearing, err);
	}
	(void)sqlite3_finalize(statement); /* repeats an error that was told */
	return rc;
}

static int drop_temporary(struct connection *connection, struct err *err)
{
	for (;;) {
		char *drop = NULL;
		int rc = next_temporary(connection, &drop, err);

		if (rc == 0)
			rc = drop ? connection_exec(connection, clearing, drop, err)
				  : err_fail(err, "out of memory");
		sqlite3_free(drop);
		if (rc != 0)
			return rc == 1 ? 0 : -1;
	}
}

/* What a migration has made for itself must not reach the next one. */
static int clear(struct connection *connection, struct err *err)
{
	if (sqlite3_db_config(connection->db, SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0,
		    (int *)NULL) != SQLITE_OK)
		return connection_fail(connection, "reset the connection", err);
	if (connection->temporary && drop_temporary(connection, err) < 0)
		return -1;
	connection->temporary = false;
	return 0;
}

static int run_one(struct connection *connection, const struct db_spec *spec,
	const struct migration *migration, struct err *err)
{
	for (size_t i = 0; i < migration->statements_count; i++) {
		int rc;

		if (spec->stop && stop_check(spec->stop, err) < 0)
			return -1;
		connection->refused[0] = '\0';
		connection->in_migration = true;
		rc = run_statement(connection, migration, &migration->statements[i], err);
		connection->in_migration = false;
		if (rc < 0)
			return -1;
	}
	return clear(connection, err);
}

static int adopt_all(struct connection *connection, const struct db_report *work,
	struct sqlite3_stmt *insert, struct err *err)
{
	for (size_t i = 0; i < work->adopted_count; i++)
		if (ledger_add(connection, insert, work->adopted[i], 0, "baseline", err) <
			0)
			return -1;
	return 0;
}

static int run_all(struct connection *connection, const struct db_spec *spec,
	const struct db_report *work, struct sqlite3_stmt *insert, struct err *err)
{
	for (size_t i = 0; i < work->pending_count; i++) {
		const struct migration *one = work->pending[i];
		int64_t start = clock_us();
		int64_t duration;
		char text[CLOCK_TEXT_MAX];

		progress_set(&connection->progress, "%s/%s %s (%zu of %zu)",
			one->contributor, one->id, one->name, i + 1, work->pending_count);
		if (run_one(connection, spec, one, err) < 0)
			return -1;
		duration = clock_us() - start;
		if (ledger_add(connection, insert, one, duration, "groundwork", err) < 0)
			return -1;
		clock_duration(duration, text);
		log_debug(spec->log, "'%s': %s/%s %s (%s)", spec->path, one->contributor,
			one->id, one->name, text);
	}
	return 0;
}

/* What a migration sets it to must be what we will ask for at the next start. */
static int stamp(struct connection *connection, const struct db_spec *spec,
	const struct db_report *work, struct err *err)
{
	char sql[80];

	if (!work->stamp)
		return 0;
	(void)snprintf(sql, sizeof sql, "PRAGMA main.application_id=%lld",
		(long long)spec->application_id); /* fits */
	return connection_exec(connection, "set the application_id", sql, err);
}

int execute_migrations(struct connection *connection, const struct db_spec *spec,
	const struct db_report *work, struct err *err)
{
	struct sqlite3_stmt *insert = NULL;
	int rc;

	if (stamp(connection, spec, work, err) < 0)
		return -1;
	/* An empty ledger beside somebody's tables would say that nothing is in. */
	if (work->state != DB_ABSENT && !work->pending_count && !work->adopted_count)
		return 0;
	if (ledger_create(connection, err) < 0 ||
		ledger_prepare(connection, &insert, err) < 0)
		return -1;
	rc = adopt_all(connection, work, insert, err);
	if (rc == 0)
		rc = run_all(connection, spec, work, insert, err);
	(void)sqlite3_finalize(insert); /* repeats an error that was told */
	connection->refused[0] = '\0';
	return rc;
}
