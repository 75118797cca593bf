/* SPDX-License-Identifier: MIT */
/* The ledgers of other tools on a server. */
#include "ledger/adopt_sql.h"

#include <string.h>

#include "base/buf.h"
#include "ledger/adopt_tools.h"
#include "ledger/query.h"
#include "migration/format.h"
#include "pg/connection.h"

/* Columns have the types that their tools give them, or the query fails. */
static const struct adopt_sql tools[ADOPT_TOOLS] = {
	[ADOPT_DBMATE] = {.migration = "version",
		.damage = "CASE WHEN version !~ '^[0-9]+$' THEN "
			  "'a version that is not digits,' END"},
	[ADOPT_GOLANG_MIGRATE] = {.migration = "version",
		.state = "dirty",
		.whole = "IS FALSE",
		.reach = "1"},
	[ADOPT_GOOSE] = {.migration = "version_id",
		.where = "version_id <> 0",
		.newest = "id",
		.having = "is_applied"},
	[ADOPT_SQLX] = {.migration = "version",
		.recorded = "encode(checksum, 'hex')",
		.state = "success",
		.whole = "IS TRUE"},
	[ADOPT_DIESEL] = {.migration = "version"},
	[ADOPT_REFINERY] = {.migration = "version", .recorded = "checksum"},
	[ADOPT_FLYWAY] = {.migration = "coalesce(version, '" FORMAT_REPEATABLE_PREFIX
				       "' || description)",
		.recorded = "checksum::text",
		.state = "success",
		.whole = "IS TRUE",
		.reach = "CASE WHEN type LIKE '%BASELINE' THEN 2 ELSE 0 END",
		.where = "type <> 'SCHEMA'",
		.newest = "installed_rank",
		.having = "type <> 'DELETE' AND type NOT LIKE 'UNDO\\_%' "
			  "OR success IS NOT TRUE",
		.damage = "CASE WHEN version IS NULL AND type LIKE '%BASELINE' "
			  "THEN 'a baseline without a version,' END"},
	[ADOPT_PRISMA] = {.migration = "migration_name",
		.recorded = "checksum",
		.state = "finished_at",
		.whole = "IS NOT NULL",
		.where = "rolled_back_at IS NULL"},
	[ADOPT_DRIZZLE] = {.table = "drizzle.__drizzle_migrations",
		.migration = "name",
		.recorded = "hash"},
	[ADOPT_DRIZZLE_OLD] = {.table = "drizzle.__drizzle_migrations",
		.migration = "hash",
		.when = "created_at"},
	[ADOPT_SQL_MIGRATE] = {.migration = "id"},
	[ADOPT_ALEMBIC] = {.migration = "version_num", .reach = "3"},
};

/* A name may have its schema in front; else it is in ours, not in the search_path. */
static void write_from(struct store *store, const char *table, struct buf *ret)
{
	CLEANUP_BUF struct buf schema = BUF_INIT;
	const char *dot = strchr(table, '.');

	if (dot)
		buf_add(&schema, table, (size_t)(dot - table));
	else
		buf_puts(&schema, pg_connection_of(store)->schema);
	buf_puts(ret, " FROM ");
	query_quote_name(ret, schema.data);
	buf_putc(ret, '.');
	query_quote_name(ret, dot ? dot + 1 : table);
}

static void write_state(const struct adopt_sql *sql, struct buf *ret)
{
	if (sql->state)
		buf_printf(ret,
			"CASE WHEN %s %s THEN NULL ELSE '%s = ' || "
			"coalesce(%s::text, 'NULL') END",
			sql->state, sql->whole, sql->state, sql->state);
	else
		buf_puts(ret, "NULL");
}

static void write_query(struct store *store, const struct adopt_tool *tool,
	const char *table, struct buf *ret)
{
	const struct adopt_sql *sql = &tools[adopt_tool_id(tool)];

	/* Of the rows of one name DISTINCT ON takes the first. */
	if (sql->newest)
		buf_printf(ret,
			"SELECT a, b, c, d, e FROM (SELECT DISTINCT ON (%s) %s AS a, ",
			sql->migration, sql->migration);
	else
		buf_printf(ret, "SELECT %s AS a, ", sql->migration);
	buf_printf(ret, "%s AS b, ", sql->recorded ? sql->recorded : "NULL::text");
	write_state(sql, ret);
	buf_printf(ret, " AS c, %s AS d, %s AS e", sql->reach ? sql->reach : "0",
		sql->when ? sql->when : "NULL::bigint");
	if (sql->newest)
		buf_printf(ret, ", (%s) AS counts", sql->having);
	write_from(store, table, ret);
	if (sql->where)
		buf_printf(ret, " WHERE %s", sql->where);
	if (sql->newest)
		buf_printf(ret, " ORDER BY %s, %s DESC) AS newest WHERE counts",
			sql->migration, sql->newest);
}

const struct adopt_engine pg_adopting = {
	.tools = tools,
	.size = {"octet_length((", ")::text)"},
	.quoted = {"quote_nullable((", ")::text)"},
	.from = write_from,
	.query = write_query,
};
