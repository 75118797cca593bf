/* SPDX-License-Identifier: MIT */
/* Checking the pages of a database. */
#include "db/verify_pages.h"

#include <sqlite3.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "db/connection.h"
#include "ledger/query.h"

static const struct {
	const char *name, *whole, *table;
} checks[] = {
	[DB_QUICK] = {"quick_check", "PRAGMA main.quick_check(1)",
		"SELECT quick_check FROM pragma_quick_check(?1, 'main')"},
	[DB_FULL] = {"integrity_check", "PRAGMA main.integrity_check(1)",
		"SELECT integrity_check FROM pragma_integrity_check(?1, 'main')"},
	[DB_NONE] = {"no check of the pages", NULL, NULL},
};

const char *verify_pages_name(enum db_verify how)
{
	return checks[how].name;
}

/* The result of a check is "ok", or what is wrong. */
static int judge(const struct query *query, struct err *err)
{
	const char *result = query_text(query, 0);

	if (result && sqlite3_stricmp(result, "ok") == 0)
		return 0;
	return err_fail(err, "the database is damaged: %s", result ? result : "?");
}

static bool is_unknown(struct connection *connection)
{
	static const char *const messages[] = {"unknown function: ", "no such function: ",
		"no such collation sequence: "};

	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++)
		if (str_starts(sqlite3_errmsg(connection->db), messages[i]))
			return true;
	return false;
}

/*
 * Checks all, or the table. Returns 0; 1 with SQLite's message in `unknown` if it has a
 * definition that SQLite cannot compile; or -1.
 */
static int run(struct connection *connection, enum db_verify how, const char *table,
	char unknown[160], struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	const struct query_value value = {.text = table};
	const char *sql = table ? checks[how].table : checks[how].whole;
	DECLARE_ERR(why);

	if (query_run(&query, &connection->store, checks[how].name, sql, &value,
		    table != NULL, &why) >= 0)
		return judge(&query, err);
	if (is_unknown(connection)) {
		/* Cut if it is too long: it is for a warning. */
		(void)sqlite3_snprintf(
			160, unknown, "%s", sqlite3_errmsg(connection->db));
		return 1;
	}
	*err = why;
	return -1;
}

/* The same without CHECK constraints. */
static int run_unconstrained(struct connection *connection, enum db_verify how,
	const char *table, char unknown[160], struct err *err)
{
	int rc = connection_exec(
		connection, checks[how].name, "PRAGMA ignore_check_constraints=ON", err);

	if (rc == 0)
		rc = run(connection, how, table, unknown, err);
	if (rc >= 0 &&
		connection_exec(connection, checks[how].name,
			"PRAGMA ignore_check_constraints=OFF", err) < 0)
		return -1;
	return rc;
}

int verify_pages_of(struct connection *connection, enum db_verify how, const char *table,
	struct err *err)
{
	char unknown[160], still[160];
	const char *what = "passed over the CHECK constraints of";
	int rc;

	progress_set(&connection->progress, "%s of %s", checks[how].name, table);
	rc = run(connection, how, table, unknown, err);
	if (rc != 1)
		return rc;
	rc = run_unconstrained(connection, how, table, still, err);
	/* It compares no index with its table. */
	if (rc == 1 && how == DB_FULL) {
		what = "did no more than a quick_check of";
		rc = run_unconstrained(connection, DB_QUICK, table, still, err);
	}
	if (rc < 0)
		return -1;
	log_warn(connection->progress.log,
		"'%s': %s %s the table '%s', since only the application has what that "
		"needs: %s",
		connection->path, checks[how].name, rc ? "passed over" : what, table,
		unknown);
	return 0;
}

/* Checks each table that is left to be checked. */
static int check_tables(struct connection *connection, enum db_verify how,
	bool constraints, struct err *err)
{
	static const char sql[] =
		"SELECT 'sqlite_master' WHERE NOT ?1 UNION ALL "
		"SELECT name FROM main.sqlite_master WHERE type = 'table' AND rootpage "
		"AND (NOT ?1 OR sql LIKE '%check%')";
	CLEANUP_QUERY struct query query = {0};
	const struct query_value only = {.integer = constraints};
	struct arena arena = {0};
	const char **tables = NULL;
	size_t count = 0;
	int rc = query_run(
		&query, &connection->store, checks[how].name, sql, &only, 1, err);

	for (; rc == 1; rc = query_next(&query, err)) {
		tables = arena_array_grow(&arena, tables, count, sizeof *tables);
		tables[count++] = arena_strdup(&arena, query_text(&query, 0));
	}
	query_release(&query);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = verify_pages_of(connection, how, tables[i], err);
	arena_release(&arena);
	return rc;
}

/* Where the whole check cannot be made: what SQLite does in no check of one table. */
static int check_across(struct connection *connection, enum db_verify how,
	char unknown[160], struct err *err)
{
	/* It needs no expressions of indexes. */
	if (how == DB_FULL) {
		int rc = run_unconstrained(connection, DB_QUICK, NULL, unknown, err);

		if (rc != 1)
			return rc;
	}
	log_warn(connection->progress.log,
		"'%s': %s made no check across tables (of free pages, and of pages that "
		"two tables have, or none), since only the application has what that "
		"needs: %s",
		connection->path, checks[how].name, unknown);
	return 0;
}

int verify_pages(struct connection *connection, enum db_verify how, struct err *err)
{
	char unknown[160];
	int rc;

	if (how == DB_NONE)
		return 0;
	progress_set(&connection->progress, "%s", checks[how].name);
	rc = run(connection, how, NULL, unknown, err);
	if (rc != 1)
		return rc;
	rc = run_unconstrained(connection, how, NULL, unknown, err);
	if (rc < 0)
		return -1;
	if (rc == 1 && check_across(connection, how, unknown, err) < 0)
		return -1;
	return check_tables(connection, how, rc == 0, err);
}
