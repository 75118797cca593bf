/* SPDX-License-Identifier: MIT */
/* Is the database sound after the migrations? */
#include "db/verify.h"

#include <sqlite3.h>

#include "base/err.h"
#include "base/log.h"
#include "db/connection.h"
#include "db/db.h"

/* In a table without rowids all broken references to one parent can only be counted. */
#define VIOLATIONS \
	"SELECT \"table\" AS child, rowid AS row, parent, count(*) AS n " \
	"FROM pragma_foreign_key_check GROUP BY 1, 2, 3"

static const char checking[] = "foreign_key_check";
static const char before_sql[] = "INSERT INTO temp.groundwork_broken " VIOLATIONS;
static const char after_sql[] =
	"SELECT child, row, parent FROM (" VIOLATIONS ") AS now WHERE n > coalesce("
	"(SELECT n FROM temp.groundwork_broken AS b WHERE b.child IS now.child "
	"AND b.row IS now.row AND b.parent IS now.parent), 0) LIMIT 1";

int verify_begin(struct connection *connection, struct err *err)
{
	DECLARE_ERR(why);

	if (connection_exec(connection, checking,
		    "DROP TABLE IF EXISTS temp.groundwork_broken;"
		    "CREATE TEMP TABLE groundwork_broken(child, row, parent, n);"
		    "CREATE INDEX temp.groundwork_broken_index ON "
		    "groundwork_broken(child, row, parent)",
		    err) < 0)
		return -1;
	if (connection_exec(connection, checking, before_sql, &why) == 0)
		return 0;
	/* A key that refers to no unique column: the same is said, and told, after. */
	if ((sqlite3_errcode(connection->db) & 0xff) == SQLITE_ERROR)
		return 0;
	*err = why;
	return -1;
}

static const char *text(sqlite3_stmt *statement, int column)
{
	const unsigned char *value = sqlite3_column_text(statement, column);

	return value ? (const char *)value : "?";
}

static int check_references(
	struct connection *connection, const struct db_spec *spec, struct err *err)
{
	DECLARE_ERR(why);
	sqlite3_stmt *statement = NULL;
	int rc = SQLITE_DONE;

	if (connection_prepare(connection, checking, after_sql, &statement, err) < 0)
		return -1;
	rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		rc = err_fail(err,
			"the migrations leave a foreign key that leads nowhere: row %s "
			"of '%s' "
			"refers to a row of '%s' that is not there",
			text(statement, 1), text(statement, 0), text(statement, 2));
	else if (rc != SQLITE_DONE)
		rc = connection_fail(connection, checking, &why);
	else
		rc = 0;
	if (why.kind != ERR_NONE &&
		(sqlite3_errcode(connection->db) & 0xff) == SQLITE_ERROR) {
		log_warn(spec->log, "'%s': foreign keys cannot be checked: %s",
			spec->path, why.text);
		rc = 0;
	} else if (why.kind != ERR_NONE) {
		*err = why;
	}
	(void)sqlite3_finalize(statement); /* repeats an error that was told */
	return rc;
}

int verify_pages(struct connection *connection, enum db_verify how, struct err *err)
{
	static const struct {
		const char *name, *sql;
	} checks[] = {
		[DB_QUICK] = {"quick_check", "PRAGMA main.quick_check(1)"},
		[DB_FULL] = {"integrity_check", "PRAGMA main.integrity_check(1)"},
	};
	sqlite3_stmt *statement = NULL;
	int rc;

	if (how == DB_NONE)
		return 0;
	progress_set(&connection->progress, "%s", checks[how].name);
	if (connection_prepare(
		    connection, checks[how].name, checks[how].sql, &statement, err) < 0)
		return -1;
	rc = sqlite3_step(statement);
	if (rc != SQLITE_ROW)
		rc = connection_fail(connection, checks[how].name, err);
	else if (sqlite3_stricmp(text(statement, 0), "ok") != 0)
		rc = err_fail(err, "the database is damaged: %s", text(statement, 0));
	else
		rc = 0;
	(void)sqlite3_finalize(statement); /* repeats an error that was told */
	return rc;
}

static int check_application(
	struct connection *connection, const struct db_spec *spec, struct err *err)
{
	static const char what[] = "read the application_id";
	sqlite3_stmt *statement = NULL;
	int rc;

	if (!spec->application_id)
		return 0;
	if (connection_prepare(
		    connection, what, "PRAGMA main.application_id", &statement, err) < 0)
		return -1;
	rc = sqlite3_step(statement);
	if (rc != SQLITE_ROW)
		rc = connection_fail(connection, what, err);
	else if (sqlite3_column_int64(statement, 0) != spec->application_id)
		rc = err_fail(err,
			"the migrations set the application_id to %lld, and the key says "
			"%lld",
			sqlite3_column_int64(statement, 0),
			(long long)spec->application_id);
	else
		rc = 0;
	(void)sqlite3_finalize(statement); /* repeats an error that was told */
	return rc;
}

int verify_end(struct connection *connection, const struct db_spec *spec, struct err *err)
{
	progress_set(&connection->progress, "%s", checking);
	if (check_references(connection, spec, err) < 0 ||
		check_application(connection, spec, err) < 0)
		return -1;
	return verify_pages(connection, spec->verify, err);
}
