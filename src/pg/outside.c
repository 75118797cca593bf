/* SPDX-License-Identifier: MIT */
/* Migrations that run outside of a transaction. */
#include "pg/outside.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "ledger/ledger.h"
#include "migration/migration.h"
#include "pg/connection.h"

/* Does a line begin with `prefix`, and have `word` behind it? */
static bool has_line(const char *text, const char *prefix, const char *word)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		size_t size = strcspn(text, "\n");
		size_t skip = strlen(prefix);

		if (str_starts(text, prefix) &&
			memmem(text + skip, size - skip, word, strlen(word)))
			return true;
	}
	return false;
}

bool outside_is_marked(const struct migration_text *text)
{
	const char *sql = text->text.data;

	return has_line(sql, "-- migrate:up", "transaction:false") ||
		has_line(sql, "-- +goose", "NO TRANSACTION") ||
		str_starts(sql, "-- no-transaction");
}

/* CREATE INDEX CONCURRENTLY leaves one where it fails. */
static const char invalid_sql[] =
	"SELECT i.indexrelid::regclass::text FROM pg_catalog.pg_index i "
	"JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid "
	"JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
	"WHERE NOT i.indisvalid AND n.nspname = $1 ORDER BY 1 LIMIT 5";

static int name_invalid(
	struct pg_connection *connection, struct buf *ret, struct err *err)
{
	const struct query_value schema = {.text = connection->schema};
	CLEANUP_QUERY struct query query = {0};
	int rc = query_run(&query, &connection->store, "look for invalid indexes",
		invalid_sql, &schema, 1, err);

	for (; rc == 1; rc = query_next(&query, err))
		buf_printf(ret, "%s%s", ret->len ? ", " : "; invalid indexes are: ",
			query_text(&query, 0));
	return rc;
}

int outside_check(
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
