/* SPDX-License-Identifier: MIT */
/* Whether a migration has changed the ledger. */
#include "pg/ledger_check.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "ledger/ledger.h"
#include "pg/connection.h"
#include "pg/literals.h"

/* The table $1 is as it was created; its columns are eight (ledger_table.c). */
#define IS_PLAIN \
	"NOT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE NOT tgisinternal " \
	"AND tgrelid OPERATOR(pg_catalog.=) CAST($1 AS pg_catalog.regclass)) " \
	"AND NOT EXISTS (SELECT FROM pg_catalog.pg_rewrite " \
	"WHERE ev_class OPERATOR(pg_catalog.=) CAST($1 AS pg_catalog.regclass)) " \
	"AND NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relrowsecurity " \
	"AND oid OPERATOR(pg_catalog.=) CAST($1 AS pg_catalog.regclass)) " \
	"AND (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute " \
	"WHERE attnum OPERATOR(pg_catalog.>) 0 AND NOT attisdropped " \
	"AND attrelid OPERATOR(pg_catalog.=) CAST($1 AS pg_catalog.regclass)) " \
	"OPERATOR(pg_catalog.=) 8"

/*
 * What is done with a table takes a lock of it until the transaction ends ("Explicit
 * Locking"): one look, however many rows there are.
 */
#define LOCKS \
	"SELECT FROM pg_catalog.pg_locks " \
	"WHERE pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() " \
	"AND relation OPERATOR(pg_catalog.=) pg_catalog.to_regclass($1)"

/* Who changes rows has this one. TRUNCATE has another one, and leaves none of them. */
#define IS_UNWRITTEN \
	" AND NOT EXISTS (" LOCKS " AND mode OPERATOR(pg_catalog.=) 'RowExclusiveLock')"

#define DIGEST \
	"SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(" \
	"pg_catalog.string_agg(CAST(l AS pg_catalog.text), ',' ORDER BY position), " \
	"'UTF8')), 'hex') FROM %s l"

/* One that is missing has none, and our row then finds no table. */
void ledger_check_look(const struct pg_connection *connection, struct buf *to)
{
	const struct query_value ledger = {.text = connection->ledger};

	literals_write(to, LOCKS " LIMIT 1", &ledger);
}

/* The cast of a text that is no number fails; and any use of a table that is missing. */
void ledger_check_write(
	const struct pg_connection *connection, const char *digest, struct buf *to)
{
	const char *ledger = connection->ledger;
	const struct query_value values[] = {{.text = ledger}, {.text = digest}};
	CLEANUP_BUF struct buf sql = BUF_INIT;

	buf_puts(&sql, "SELECT CAST(CASE WHEN " IS_PLAIN IS_UNWRITTEN);
	if (connection->has_rows)
		buf_printf(&sql, " AND EXISTS (SELECT FROM %s)", ledger);
	if (digest)
		buf_printf(&sql, " AND (" DIGEST ") OPERATOR(pg_catalog.=) $2", ledger);
	buf_puts(&sql, " THEN '0' ELSE '" LEDGER_NAME "' END AS pg_catalog.int4)");
	buf_puts(to, LEDGER_CHECK_DEFERRED);
	literals_write(to, sql.data, values);
}

void ledger_check_name(const struct pg_connection *connection, struct err *err)
{
	if ((!pg_is_state(connection, "22P02") && !pg_is_state(connection, "42P01")) ||
		!strstr(err->text, LEDGER_NAME))
		return;
	(void)err_fail(err, /* always -1 */
		"the migration has changed, emptied or dropped the ledger, %s, which "
		"says what was applied: leave that table out of it",
		connection->ledger);
}

int ledger_check_digest(
	struct pg_connection *connection, char ret[LEDGER_DIGEST_SIZE], struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	CLEANUP_BUF struct buf sql = BUF_INIT;
	const char *digest;

	buf_printf(&sql, DIGEST, connection->ledger);
	if (query_run(&query, &connection->store, "read the ledger", sql.data, NULL, 0,
		    err) < 0)
		return -1;
	digest = query_text(&query, 0);
	(void)snprintf(
		ret, LEDGER_DIGEST_SIZE, "%s", digest ? digest : ""); /* 64 digits */
	return 0;
}
