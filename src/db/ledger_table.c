/* SPDX-License-Identifier: MIT */
/* The table of the ledger in a database of SQLite. */
#include "db/ledger_table.h"

#include <sqlite3.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "db/connection.h"
#include "db/db.h"
#include "ledger/compare.h"
#include "ledger/ledger.h"
#include "ledger/query.h"

#define COLUMNS \
	"module TEXT, id TEXT, name TEXT, hash BLOB, applied_at INTEGER, " \
	"duration_us INTEGER, tool TEXT, PRIMARY KEY(module, id)"

/* No STRICT: older libraries could not open it. */
static const char create_sql[] =
	"CREATE TABLE IF NOT EXISTS " LEDGER_TABLE "(" COLUMNS ")";
/* What SQLite stores of that. */
static const char stored_sql[] = "CREATE TABLE " LEDGER_NAME "(" COLUMNS ")";
/* SQLite checks that these columns agree with `sql` (bExtraSchemaChecks). */
static const char schema_sql[] =
	"SELECT tbl_name = '" LEDGER_NAME "' COLLATE NOCASE, type, name, sql "
	"FROM main.sqlite_master WHERE type IN ('table', 'view') AND "
	"name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
	"OR tbl_name = '" LEDGER_NAME "' COLLATE NOCASE";

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
			"its table " LEDGER_NAME " is not the ledger that "
			"groundwork creates: it has other columns, constraints or "
			"options; it was left as it is: was it created by a newer "
			"version?");
	return err_fail(err,
		"the %s '%s' is in the place of the ledger, or on it, where only the "
		"table " LEDGER_NAME " belongs; it was left as it is: drop the %s",
		type, name, type);
}

static int read_schema(
	struct connection *connection, struct ledger *ledger, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(
		&query, &connection->store, "read the schema", schema_sql, NULL, 0, err);

	for (; rc == 1; rc = query_next(&query, err)) {
		if (!query_integer(&query, 0)) {
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
	int rc = query_run(&query, &connection->store, "read the application_id",
		"PRAGMA main.application_id", NULL, 0, err);

	if (rc < 0)
		return -1;
	*ret = rc == 1 ? query_integer(&query, 0) : 0;
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

static int read_all(struct connection *connection, struct arena *arena,
	struct db_ledger *ledger, struct err *err)
{
	int rc = read_schema(connection, &ledger->is, err);

	if (rc == 0 && ledger->is.exists)
		rc = ledger_read(&connection->store, arena, &ledger->is, err);
	if (rc == 0)
		rc = ledger_application_id(connection, &ledger->application_id, err);
	return rc;
}

static int check_application(
	const struct db_spec *spec, const struct db_ledger *ledger, struct err *err)
{
	if (!spec->application_id || !ledger->application_id ||
		ledger->application_id == spec->application_id)
		return 0;
	return err_fail(err,
		"it is another application's: its application_id is %lld, not %lld; it "
		"was left as it is",
		(long long)ledger->application_id, (long long)spec->application_id);
}

int ledger_table_read(struct connection *connection, const struct db_spec *spec,
	struct arena *arena, struct db_ledger *ret, struct err *err)
{
	DECLARE_ERR(why);
	struct db_ledger ledger = {.application_id = 0};
	int rc = read_all(connection, arena, &ledger, &why);

	if (rc < 0 && needs_recovery(connection))
		return 1;
	if (rc < 0) {
		*err = why;
		return -1;
	}
	*ret = ledger;
	if (check_application(spec, ret, err) < 0)
		return -1;
	return compare_adopt(&connection->store, &spec->ledger, &ret->is, arena, err);
}

int ledger_table_compare(const struct db_spec *spec, struct db_ledger *ledger, bool warn,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	int rc = compare_ledger(&spec->ledger, &ledger->is, warn, arena, &ret->work, err);

	if (rc < 0)
		return -1;
	ret->set_id = spec->application_id && !ledger->application_id;
	ret->state = rc == 1 || ret->set_id ? DB_PENDING : DB_CURRENT;
	return 0;
}

int ledger_table_create(struct connection *connection, struct err *err)
{
	return connection_exec(connection, "create the ledger", create_sql, err);
}
