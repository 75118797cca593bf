/* SPDX-License-Identifier: MIT */
/* Checking the database after the migrations. */
#include "db/verify.h"

#include <sqlite3.h>

#include "base/err.h"
#include "base/log.h"
#include "db/connection.h"
#include "db/db.h"
#include "db/ledger.h"
#include "db/query.h"

/* Of a table without rowids, broken references to one parent can only be counted. */
#define VIOLATIONS \
	"SELECT \"table\" AS child, rowid AS row, parent, count(*) AS n " \
	"FROM pragma_foreign_key_check GROUP BY 1, 2, 3"

static const char checking[] = "foreign_key_check";
static const char before_sql[] = "INSERT INTO temp.groundwork_broken " VIOLATIONS;
static const char after_sql[] =
	"SELECT child, coalesce(row, '?'), parent FROM (" VIOLATIONS
	") AS now WHERE n > coalesce("
	"(SELECT n FROM temp.groundwork_broken AS b WHERE b.child IS now.child "
	"AND b.row IS now.row AND b.parent IS now.parent), 0) LIMIT 1";

/* As if a foreign key refers to columns that are not unique. */
static bool is_sql_error(const struct connection *connection)
{
	return (sqlite3_errcode(connection->db) & 0xff) == SQLITE_ERROR;
}

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
	/* verify_end() fails in the same way, and warns. */
	if (is_sql_error(connection))
		return 0;
	*err = why;
	return -1;
}

static int check_references(
	struct connection *connection, const struct db_spec *spec, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	DECLARE_ERR(why);
	int rc = query_run(&query, connection, checking, after_sql, NULL, 0, &why);

	if (rc == 1)
		return err_fail(err,
			"the migrations leave a broken foreign key: row %s of '%s' "
			"refers to a missing row of '%s'",
			query_text(&query, 1), query_text(&query, 0),
			query_text(&query, 2));
	if (rc < 0 && query.statement && is_sql_error(connection)) {
		log_warn(spec->log, "'%s': foreign keys cannot be checked: %s",
			spec->path, why.text);
		return 0;
	}
	if (rc < 0)
		*err = why;
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
	CLEANUP_QUERY struct query query = {0};
	const char *result;

	if (how == DB_NONE)
		return 0;
	progress_set(&connection->progress, "%s", checks[how].name);
	if (query_run(&query, connection, checks[how].name, checks[how].sql, NULL, 0,
		    err) < 0)
		return -1;
	result = query_text(&query, 0);
	if (result && sqlite3_stricmp(result, "ok") == 0)
		return 0;
	return err_fail(err, "the database is damaged: %s", result ? result : "?");
}

int verify_end(struct connection *connection, const struct db_spec *spec, struct err *err)
{
	int64_t id = spec->application_id;

	progress_set(&connection->progress, "%s", checking);
	if (check_references(connection, spec, err) < 0 ||
		(id && ledger_application_id(connection, &id, err) < 0))
		return -1;
	if (id != spec->application_id)
		return err_fail(err,
			"the migrations set the application_id to %lld, and the key says "
			"%lld",
			(long long)id, (long long)spec->application_id);
	return verify_pages(connection, spec->verify, err);
}
