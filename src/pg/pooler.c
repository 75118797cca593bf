/* SPDX-License-Identifier: MIT */
/* Poolers between us and the server. */
#include "pg/pooler.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "ledger/query.h"
#include "migration/migration.h"
#include "pg/connection.h"
#include "pg/pg.h"
#include "pg/sql.h"

static const char server_sql[] =
	"SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_schema(), "
	"pg_catalog.current_setting('standard_conforming_strings')";

static int refuse(struct place at, const char *what, struct err *err)
{
	err_fail(err,
		"%s does not hold outside of a transaction behind a pooler, which may "
		"run each statement in another session: let `url` lead to the server "
		"itself",
		what);
	return err_at(err, at);
}

/* It needs no settings of ours where the sessions have them. */
static int check_ours(const struct query *server, const struct pg_connection *connection,
	const struct server_spec *spec, struct place at, struct err *err)
{
	const char *schema = query_text(server, 1), *strings = query_text(server, 2);

	if (spec->schema && (!schema || !str_equal(schema, connection->schema)))
		return refuse(at, "`schema`", err);
	if (spec->statement_timeout_ms)
		return refuse(at, "`statement_timeout`", err);
	if (!strings || !str_equal(strings, "on"))
		return refuse(at, "standard_conforming_strings = on", err);
	return 0;
}

static int check_own(const struct migration_text *text, struct place at, struct err *err)
{
	for (size_t i = 0; i < text->statements_count; i++) {
		const struct statement *statement = &text->statements[i];
		CLEANUP_BUF struct buf what = BUF_INIT;

		if (!pg_sql_sets_session(statement->text, statement->size))
			continue;
		at.line = statement->line;
		statement_quote(statement, &what);
		return refuse(at, what.data, err);
	}
	return 0;
}

int pooler_check(struct pg_connection *connection, const struct server_spec *spec,
	const struct migration *migration, const struct migration_text *text,
	struct err *err)
{
	CLEANUP_QUERY struct query server = {0};
	struct place at = {.file = migration->file};
	int rc = query_run(&server, &connection->store, "look for a pooler", server_sql,
		NULL, 0, err);

	if (rc < 0)
		return -1;
	if (rc == 0 || query_integer(&server, 0) == connection->session.server_pid)
		return 0;
	return check_ours(&server, connection, spec, at, err) < 0 ||
			check_own(text, at, err) < 0
		? -1
		: 1;
}
