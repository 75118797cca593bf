/* SPDX-License-Identifier: MIT */
/* The ledger: reading and writing it. */
#include "db/ledger.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/err.h"
#include "base/str.h"
#include "db/connection.h"
#include "migration/migration.h"
#include "migration/format.h"
#include "migration/version.h"

/* No set of migrations is so large. */
#define ROWS_MAX  100000
#define BYTES_MAX (64 * 1024 * 1024)

/* No STRICT: older libraries could not open it. */
static const char create_sql[] =
	"CREATE TABLE IF NOT EXISTS main.groundwork_migrations("
	"module TEXT, id TEXT, name TEXT, hash BLOB, applied_at INTEGER, "
	"duration_us INTEGER, tool TEXT, PRIMARY KEY(module, id))";
/* What SQLite keeps of that. */
static const char kept_sql[] =
	"CREATE TABLE groundwork_migrations("
	"module TEXT, id TEXT, name TEXT, hash BLOB, applied_at INTEGER, "
	"duration_us INTEGER, tool TEXT, PRIMARY KEY(module, id))";
/* SQLite has made sure that these columns are what `sql` says (bExtraSchemaChecks). */
static const char tables_sql[] =
	"SELECT tbl_name = 'groundwork_migrations' COLLATE NOCASE, type, name, sql "
	"FROM main.sqlite_master WHERE type IN ('table', 'view') AND "
	"name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
	"OR tbl_name = 'groundwork_migrations' COLLATE NOCASE";
static const char read_sql[] =
	"SELECT module, id, name, hash FROM main.groundwork_migrations";
static const char insert_sql[] =
	"INSERT INTO main.groundwork_migrations(module, id, name, hash, applied_at, "
	"duration_us, tool) VALUES(?, ?, ?, ?, ?, ?, ?)";
static const char delete_sql[] =
	"DELETE FROM main.groundwork_migrations WHERE module = ? AND id = ?";
static const char application_sql[] = "PRAGMA main.application_id";

/* ---- reading ---- */

static int row_cmp(const char *contributor_a, const char *id_a, const char *contributor_b,
	const char *id_b)
{
	int order = strcmp(contributor_a, contributor_b);

	return order ? order : version_cmp(id_a, id_b);
}

static int by_version(const void *a, const void *b)
{
	const struct ledger_row *left = a, *right = b;

	return row_cmp(left->contributor, left->id, right->contributor, right->id);
}

static const char *column_text(sqlite3_stmt *statement, int column, struct arena *arena)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return arena_strdup(arena, text ? (const char *)text : "");
}

static size_t row_size(sqlite3_stmt *statement)
{
	size_t size = 0;

	for (int column = 0; column < 4; column++)
		size += (size_t)sqlite3_column_bytes(statement, column);
	return size;
}

static void add_row(struct ledger *ledger, sqlite3_stmt *statement, struct arena *arena)
{
	struct ledger_row *row;
	const void *hash;

	ledger->rows = mem_grow(ledger->rows, ledger->count, sizeof *ledger->rows);
	row = &ledger->rows[ledger->count++];
	*row = (struct ledger_row){
		.contributor = column_text(statement, 0, arena),
		.id = column_text(statement, 1, arena),
		.name = column_text(statement, 2, arena),
	};
	hash = sqlite3_column_blob(statement, 3);
	row->hash_size = (size_t)sqlite3_column_bytes(statement, 3);
	row->hash = (const unsigned char *)arena_memdup(arena, hash, row->hash_size);
}

/* All of them, into `ledger->rows`, which are then the caller's to free. */
static int step_rows(struct connection *connection, sqlite3_stmt *statement,
	struct arena *arena, struct ledger *ledger, struct err *err)
{
	size_t bytes = 0;
	int rc;

	while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
		bytes += row_size(statement);
		if (ledger->count == ROWS_MAX || bytes > BYTES_MAX)
			return err_fail(err,
				"its ledger has more than %d rows, or %d MiB; no set of "
				"migrations is so large: is it damaged?",
				ROWS_MAX, BYTES_MAX / 1024 / 1024);
		add_row(ledger, statement, arena);
	}
	return rc == SQLITE_DONE ? 0
				 : connection_fail(connection, "read the ledger", err);
}

static int read_rows(struct connection *connection, struct arena *arena,
	struct ledger *ledger, struct err *err)
{
	sqlite3_stmt *statement = NULL;
	struct ledger_row *grown;
	int rc;

	if (connection_prepare(connection,
		    "read the ledger, the table groundwork_migrations", read_sql,
		    &statement, err) < 0)
		return -1;
	rc = step_rows(connection, statement, arena, ledger, err);
	grown = ledger->rows;
	ledger->rows = arena_alloc(arena, ledger->count * sizeof *grown);
	if (ledger->count)
		memcpy(ledger->rows, grown, ledger->count * sizeof *grown);
	free(grown);
	(void)sqlite3_finalize(statement); /* repeats an error that was told */
	if (ledger->count > 1)
		qsort(ledger->rows, ledger->count, sizeof *ledger->rows, by_version);
	return rc;
}

/* The next character of SQL but for blanks and quotes, in lower case; '\0' at the end. */
static char next_letter(const char **at)
{
	while (**at && (str_is_space(**at) || strchr("\"`[]", **at)))
		++*at;
	if (!**at)
		return '\0';
	return **at >= 'A' && **at <= 'Z' ? (char)(*(*at)++ | 0x20) : *(*at)++;
}

static bool same_sql(const char *a, const char *b)
{
	char letter;

	if (str_equal(a, b))
		return true;
	do {
		letter = next_letter(&a);
		if (letter != next_letter(&b))
			return false;
	} while (letter);
	return true;
}

/*
 * One row of the schema that is about the ledger. In a database of somebody else's it may
 * be anything, and we would run it: so it is the table that we make, and nothing else is
 * on it (the index of its primary key has no SQL).
 */
static int check_object(
	struct connection *connection, sqlite3_stmt *statement, struct err *err)
{
	const char *type = (const char *)sqlite3_column_text(statement, 1);
	const char *name = (const char *)sqlite3_column_text(statement, 2);
	const char *sql = (const char *)sqlite3_column_text(statement, 3);

	if (!type || !name)
		return connection_fail(connection, "read the schema", err);
	if (str_equal(type, "table") && sql && same_sql(sql, kept_sql))
		return 0;
	if (str_equal(type, "index") && !sql)
		return 0;
	if (str_equal(type, "table"))
		return err_fail(err,
			"its table groundwork_migrations is not the ledger that "
			"groundwork makes: other columns, constraints or options; it was "
			"left as it is: was it made by a newer version?");
	return err_fail(err,
		"the %s '%s' is in the place of the ledger, or on it, where only the "
		"table groundwork_migrations belongs; it was left as it is: drop the %s",
		type, name, type);
}

static int read_tables(
	struct connection *connection, struct ledger *ledger, struct err *err)
{
	sqlite3_stmt *statement = NULL;
	int rc, checked = 0;

	if (connection_prepare(
		    connection, "read the schema", tables_sql, &statement, err) < 0)
		return -1;
	while (checked == 0 && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
		if (!sqlite3_column_int(statement, 0)) {
			ledger->others = true;
			continue;
		}
		ledger->exists = true;
		checked = check_object(connection, statement, err);
	}
	if (checked == 0 && rc != SQLITE_DONE)
		checked = connection_fail(connection, "read the schema", err);
	(void)sqlite3_finalize(statement); /* repeats an error that was told */
	return checked;
}

static int read_application_id(
	struct connection *connection, struct ledger *ledger, struct err *err)
{
	sqlite3_stmt *statement = NULL;
	int rc;

	if (connection_prepare(connection, "read the application_id", application_sql,
		    &statement, err) < 0)
		return -1;
	rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		ledger->application_id = sqlite3_column_int64(statement, 0);
	rc = rc == SQLITE_ROW ? 0 : connection_fail(connection, application_sql, err);
	(void)sqlite3_finalize(statement); /* repeats an error that was told */
	return rc;
}

/* Would a connection that may write get further than this one, which may not? */
static bool needs_recovery(const struct connection *connection)
{
	int code = sqlite3_errcode(connection->db) & 0xff;

	if (!sqlite3_db_readonly(connection->db, "main"))
		return false;
	return code == SQLITE_READONLY || code == SQLITE_CANTOPEN ||
		code == SQLITE_PROTOCOL;
}

int ledger_read(struct connection *connection, struct arena *arena, struct ledger *ret,
	struct err *err)
{
	DECLARE_ERR(why);
	struct ledger ledger = {.exists = false};
	int rc = read_tables(connection, &ledger, &why);

	if (rc == 0 && ledger.exists)
		rc = read_rows(connection, arena, &ledger, &why);
	if (rc == 0)
		rc = read_application_id(connection, &ledger, &why);
	if (rc < 0 && needs_recovery(connection))
		return 1;
	if (rc < 0) {
		*err = why;
		return -1;
	}
	*ret = ledger;
	return 0;
}

struct ledger_row *ledger_find(
	const struct ledger *ledger, const char *contributor, const char *id)
{
	struct ledger_row key = {.contributor = contributor, .id = id};

	if (!ledger->count)
		return NULL;
	return bsearch(&key, ledger->rows, ledger->count, sizeof key, by_version);
}

/* ---- writing ---- */

int ledger_create(struct connection *connection, struct err *err)
{
	return connection_exec(connection, "create the ledger", create_sql, err);
}

int ledger_prepare(
	struct connection *connection, struct sqlite3_stmt **ret, struct err *err)
{
	return connection_prepare(connection, "write the ledger", insert_sql, ret, err);
}

/* The row that a repeatable migration has from when it ran before. */
static int drop_row(
	struct connection *connection, const struct migration *migration, struct err *err)
{
	sqlite3_stmt *statement = NULL;
	int rc;

	if (connection_prepare(
		    connection, "write the ledger", delete_sql, &statement, err) < 0)
		return -1;
	/* What binding could fail with is memory, and then the step fails with it. */
	(void)sqlite3_bind_text(statement, 1, migration->contributor, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(statement, 2, migration->id, -1, SQLITE_STATIC);
	rc = sqlite3_step(statement) == SQLITE_DONE
		? 0
		: connection_fail(connection, "write the ledger", err);
	(void)sqlite3_finalize(statement); /* repeats an error that was told */
	return rc;
}

int ledger_add(struct connection *connection, struct sqlite3_stmt *insert,
	const struct migration *migration, int64_t duration_us, const char *tool,
	struct err *err)
{
	if (format_is_repeatable(migration->id) &&
		drop_row(connection, migration, err) < 0)
		return -1;
	/* What binding could fail with is memory, and then the step fails with it. */
	(void)sqlite3_bind_text(insert, 1, migration->contributor, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(insert, 2, migration->id, -1, SQLITE_STATIC);
	(void)sqlite3_bind_text(insert, 3, migration->name, -1, SQLITE_STATIC);
	(void)sqlite3_bind_blob(insert, 4, migration->hash, DIGEST_SIZE, SQLITE_STATIC);
	(void)sqlite3_bind_int64(insert, 5, clock_epoch());
	(void)sqlite3_bind_int64(insert, 6, duration_us);
	(void)sqlite3_bind_text(insert, 7, tool, -1, SQLITE_STATIC);
	if (sqlite3_step(insert) != SQLITE_DONE)
		return connection_fail(connection, "write the ledger", err);
	if (sqlite3_reset(insert) != SQLITE_OK)
		return connection_fail(connection, "write the ledger", err);
	return 0;
}
