/* SPDX-License-Identifier: MIT */
/* Migrations that have begun outside of a transaction, and not ended. */
#include "pg/begun.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "ledger/ledger.h"
#include "migration/migration.h"
#include "pg/connection.h"

/*
 * CREATE INDEX CONCURRENTLY leaves one where it fails. That of a table in parts is
 * invalid until each part has its own.
 */
static const char invalid_sql[] =
	"SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) FROM pg_index i "
	"JOIN pg_class c ON c.oid = i.indexrelid "
	"JOIN pg_namespace n ON n.oid = c.relnamespace "
	"WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname <> 'pg_toast' "
	"ORDER BY 1 LIMIT 5";

/* In a transaction of pg_begin_reading(). */
static int name_invalid(
	struct pg_connection *connection, struct buf *ret, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(&query, &connection->store, "look for invalid indexes",
		invalid_sql, NULL, 0, err);

	for (; rc == 1; rc = query_next(&query, err)) {
		const char *name = query_text(&query, 0);

		if (name)
			buf_printf(ret, "%s DROP INDEX CONCURRENTLY %s",
				ret->len ? ";"
					 : "; an invalid index is left, unless another "
					   "session is building it:",
				name);
	}
	return rc;
}

int begun_check(
	struct pg_connection *connection, const struct ledger *ledger, struct err *err)
{
	CLEANUP_BUF struct buf invalid = BUF_INIT;

	if (!ledger->begun)
		return 0;
	if (name_invalid(connection, &invalid, err) < 0)
		return -1;
	return err_fail(err,
		"%s has begun outside of a transaction, and has not ended: how far it "
		"came is not known%s; see what it has left, and undo that; then DELETE "
		"FROM %s WHERE module = '' AND id = 'begun:%s', and it runs again",
		ledger->begun, invalid.data, connection->ledger, ledger->begun);
}

/* What cannot be found out is not said: the error is another one. */
static void find_invalid(struct pg_connection *connection, struct buf *ret)
{
	const char *const *path;
	struct arena arena = {0};
	DECLARE_ERR(ignored);

	pg_roll_back(connection); /* it may have begun a transaction of its own */
	if (pg_begin_reading(connection, &arena, &path, &ignored) == 0)
		(void)name_invalid(connection, ret, &ignored);
	pg_roll_back(connection);
	arena_release(&arena);
}

int begun_advise(struct pg_connection *connection, const struct migration *migration,
	struct err *err)
{
	CLEANUP_BUF struct buf invalid = BUF_INIT;

	if (err->kind != ERR_FAILED)
		return -1;
	find_invalid(connection, &invalid);
	return err_append(err,
		"%s; what the migration has done is not rolled back, and the next start "
		"refuses to run it again: undo that, and DELETE FROM %s WHERE module = "
		"'' AND id = 'begun:%s/%s'",
		invalid.data, connection->ledger, migration->contributor, migration->id);
}
