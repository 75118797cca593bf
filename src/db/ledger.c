/* SPDX-License-Identifier: MIT */
/* The ledger: reading and writing it. */
#include "db/ledger.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "db/connection.h"
#include "db/db.h"
#include "db/query.h"
#include "migration/format.h"
#include "migration/migration.h"

/* No set of migrations is so large. */
#define ROWS_MAX  100000
#define BYTES_MAX (64 * 1024 * 1024)

#define OURS   "groundwork"
#define STAMP  "stamp:" /* before a contributor's name */
#define SCHEMA "schema:digest"
#define NUMBER "number:user_version"

#define COLUMNS \
	"module TEXT, id TEXT, name TEXT, hash BLOB, applied_at INTEGER, " \
	"duration_us INTEGER, tool TEXT, PRIMARY KEY(module, id)"

/* No STRICT: older libraries could not open it. */
static const char create_sql[] =
	"CREATE TABLE IF NOT EXISTS main.groundwork_migrations(" COLUMNS ")";
/* What SQLite stores of that. */
static const char stored_sql[] = "CREATE TABLE groundwork_migrations(" COLUMNS ")";
/* SQLite checks that these columns agree with `sql` (bExtraSchemaChecks). */
static const char schema_sql[] =
	"SELECT tbl_name = 'groundwork_migrations' COLLATE NOCASE, type, name, sql "
	"FROM main.sqlite_master WHERE type IN ('table', 'view') AND "
	"name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
	"OR tbl_name = 'groundwork_migrations' COLLATE NOCASE";
static const char read_sql[] =
	"SELECT module, id, name, hash, tool FROM main.groundwork_migrations "
	"ORDER BY rowid";
static const char insert_sql[] =
	"INSERT INTO main.groundwork_migrations(module, id, name, hash, applied_at, "
	"duration_us, tool) VALUES(?, ?, ?, ?, ?, ?, ?)";
static const char missing_sql[] =
	"INSERT OR IGNORE INTO main.groundwork_migrations(module, id, name, hash, "
	"applied_at, duration_us, tool) VALUES(?, ?, ?, NULL, ?, 0, ?)";
static const char delete_sql[] =
	"DELETE FROM main.groundwork_migrations WHERE module = ? AND id = ?";

/* ---- reading ---- */

static const char *copy_text(const struct query *query, int column, struct arena *arena)
{
	const char *text = query_text(query, column);

	return arena_strdup(arena, text ? text : "");
}

static size_t row_size(const struct query *query)
{
	size_t size = 0;

	for (int column = 0; column < 5; column++)
		size += (size_t)sqlite3_column_bytes(query->statement, column);
	return size;
}

/* NULL if it is ours. Rows of one tool are next to each other, and share its name. */
static const char *copy_tool(
	const struct query *query, const struct ledger *ledger, struct arena *arena)
{
	const char *tool = query_text(query, 4);
	const char *last = ledger->count ? ledger->rows[ledger->count - 1].tool : NULL;

	if (!tool || str_equal(tool, OURS))
		return NULL;
	return last && str_equal(tool, last) ? last : arena_strdup(arena, tool);
}

static void add_row(struct ledger *ledger, const struct query *query, struct arena *arena)
{
	const char *tool = copy_tool(query, ledger, arena);
	struct ledger_row *row;
	const void *hash;

	ledger->rows = mem_grow(ledger->rows, ledger->count, sizeof *ledger->rows);
	row = &ledger->rows[ledger->count++];
	*row = (struct ledger_row){
		.position = ledger->count,
		.contributor = copy_text(query, 0, arena),
		.id = copy_text(query, 1, arena),
		.name = copy_text(query, 2, arena),
		.tool = tool,
	};
	ledger->adopted |= tool != NULL;
	hash = sqlite3_column_blob(query->statement, 3);
	row->hash_size = (size_t)sqlite3_column_bytes(query->statement, 3);
	row->hash = arena_memdup(arena, hash, row->hash_size);
}

/* Reads all rows into ledger->rows, which the caller must free. */
static int collect_rows(struct connection *connection, struct arena *arena,
	struct ledger *ledger, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	size_t bytes = 0;
	int rc = query_run(&query, connection,
		"read the ledger, the table groundwork_migrations", read_sql, NULL, 0,
		err);

	for (; rc == 1; rc = query_next(&query, err)) {
		bytes += row_size(&query);
		if (ledger->count == ROWS_MAX || bytes > BYTES_MAX)
			return err_fail(err,
				"its ledger has more than %d rows, or %d MiB; no set of "
				"migrations is so large: is it damaged?",
				ROWS_MAX, BYTES_MAX / 1024 / 1024);
		add_row(ledger, &query, arena);
	}
	return rc;
}

/* A row of no contributor. */
static void add_own(
	struct ledger *ledger, const struct ledger_row *row, struct arena *arena)
{
	if (str_equal(row->id, SCHEMA) && row->hash_size == DIGEST_SIZE)
		ledger->schema_digest = row->hash;
	if (str_equal(row->id, NUMBER))
		ledger->user_version = arena_printf(
			arena, "%.*s", (int)row->hash_size, (const char *)row->hash);
	if (!str_starts(row->id, STAMP))
		return;
	ledger->stamps = arena_array_grow(
		arena, ledger->stamps, ledger->stamps_count, sizeof *ledger->stamps);
	ledger->stamps[ledger->stamps_count] = *row;
	ledger->stamps[ledger->stamps_count++].id += strlen(STAMP);
}

/* Takes the rows of no contributor from the others. */
static void split_own(struct ledger *ledger, struct arena *arena)
{
	size_t kept = 0;

	for (size_t i = 0; i < ledger->count; i++) {
		struct ledger_row *row = &ledger->rows[i];

		if (!*row->contributor) {
			add_own(ledger, row, arena);
			continue;
		}
		ledger->rows[kept++] = *row;
		ledger->user_version = NULL;
	}
	ledger->count = kept;
}

static int read_rows(struct connection *connection, struct arena *arena,
	struct ledger *ledger, struct err *err)
{
	int rc = collect_rows(connection, arena, ledger, err);
	struct ledger_row *rows = ledger->rows;

	split_own(ledger, arena);
	ledger->rows = arena_memdup(arena, rows, ledger->count * sizeof *rows);
	free(rows);
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
 * Checks a row of the schema that is about the ledger. In a database of unknown origin it
 * may be anything, which our statements would run: so it must be the table that we
 * create, and nothing else may be on it (the index of its primary key has no SQL).
 */
static int check_object(
	struct connection *connection, const struct query *row, struct err *err)
{
	const char *type = query_text(row, 1);
	const char *name = query_text(row, 2);
	const char *sql = query_text(row, 3);

	if (!type || !name)
		return connection_fail(connection, row->what, err);
	if (str_equal(type, "table") && sql && same_sql(sql, stored_sql))
		return 0;
	if (str_equal(type, "index") && !sql)
		return 0;
	if (str_equal(type, "table"))
		return err_fail(err,
			"its table groundwork_migrations is not the ledger that "
			"groundwork creates: it has other columns, constraints or "
			"options; it was left as it is: was it created by a newer "
			"version?");
	return err_fail(err,
		"the %s '%s' is in the place of the ledger, or on it, where only the "
		"table groundwork_migrations belongs; it was left as it is: drop the %s",
		type, name, type);
}

static int read_schema(
	struct connection *connection, struct ledger *ledger, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(
		&query, connection, "read the schema", schema_sql, NULL, 0, err);

	for (; rc == 1; rc = query_next(&query, err)) {
		if (!sqlite3_column_int64(query.statement, 0)) {
			ledger->others = true;
			continue;
		}
		ledger->exists = true;
		if (check_object(connection, &query, err) < 0)
			return -1;
	}
	return rc;
}

int ledger_application_id(struct connection *connection, int64_t *ret, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(&query, connection, "read the application_id",
		"PRAGMA main.application_id", NULL, 0, err);

	if (rc < 0)
		return -1;
	*ret = rc == 1 ? sqlite3_column_int64(query.statement, 0) : 0;
	return 0;
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
	int rc = read_schema(connection, &ledger, &why);

	if (rc == 0 && ledger.exists)
		rc = read_rows(connection, arena, &ledger, &why);
	if (rc == 0)
		rc = ledger_application_id(connection, &ledger.application_id, &why);
	if (rc < 0 && needs_recovery(connection))
		return 1;
	if (rc < 0) {
		*err = why;
		return -1;
	}
	*ret = ledger;
	return 0;
}

/* ---- writing ---- */

static const char writing[] = "write the ledger";

int ledger_create(struct connection *connection, struct err *err)
{
	return connection_exec(connection, "create the ledger", create_sql, err);
}

int ledger_add(struct connection *connection, struct query *insert,
	const struct migration *migration, int64_t duration_us, const char *tool,
	const char *replaces, struct err *err)
{
	const struct query_value values[] = {
		{.text = migration->contributor},
		{.text = migration->id},
		{.text = migration->name},
		{.blob = migration->hash, .size = sizeof migration->hash},
		{.integer = clock_epoch()},
		{.integer = duration_us},
		{.text = tool},
	};
	const struct query_value old[] = {
		{.text = migration->contributor},
		{.text = replaces ? replaces : migration->id},
	};
	CLEANUP_QUERY struct query delete = {0};

	/* A repeatable one has a row from its last run. */
	if ((replaces || format_is_repeatable(migration->id)) &&
		query_run(&delete, connection, writing, delete_sql, old, 2, err) < 0)
		return -1;
	return query_run(insert, connection, writing, insert_sql, values,
		sizeof values / sizeof *values, err);
}

int ledger_add_missing(struct connection *connection, struct query *insert,
	const struct db_missing *missing, struct err *err)
{
	const struct query_value values[] = {
		{.text = missing->contributor},
		{.text = missing->id},
		{.text = ""},
		{.integer = clock_epoch()},
		{.text = missing->tool},
	};

	return query_run(insert, connection, writing, missing_sql, values,
		sizeof values / sizeof *values, err);
}

/* In the place of the row that has this id, if there is one. */
static int set_own(struct connection *connection, const char *id, const void *hash,
	size_t size, struct err *err)
{
	const struct query_value values[] = {
		{.text = ""},
		{.text = id},
		{.text = ""},
		{.blob = hash, .size = size},
		{.integer = clock_epoch()},
		{.integer = 0},
		{.text = OURS},
	};
	CLEANUP_QUERY struct query delete = {0};
	CLEANUP_QUERY struct query insert = {0};

	if (query_run(&delete, connection, writing, delete_sql, values, 2, err) < 0)
		return -1;
	return query_run(&insert, connection, writing, insert_sql, values,
		sizeof values / sizeof *values, err);
}

int ledger_set_stamp(struct connection *connection, const char *contributor,
	const unsigned char hash[DIGEST_SIZE], struct err *err)
{
	CLEANUP_BUF struct buf id = BUF_INIT;

	buf_printf(&id, STAMP "%s", contributor);
	return set_own(connection, id.data, hash, DIGEST_SIZE, err);
}

int ledger_set_schema_digest(struct connection *connection,
	const unsigned char digest[DIGEST_SIZE], struct err *err)
{
	return set_own(connection, SCHEMA, digest, DIGEST_SIZE, err);
}

int ledger_set_user_version(
	struct connection *connection, const char *number, struct err *err)
{
	return set_own(connection, NUMBER, number, strlen(number), err);
}
