/* SPDX-License-Identifier: MIT */
/* The ledgers of other tools in a database of SQLite. */
#include "ledger/adopt_sql.h"

#include "base/buf.h"
#include "db/connection.h"
#include "ledger/adopt_tools.h"
#include "ledger/query.h"
#include "migration/format.h"

/* Of both forms of Drizzle's. */
#define WRONG_WHEN \
	"CASE WHEN typeof(created_at) NOT IN ('integer', 'real', 'null') " \
	"THEN 'a created_at that is no number,' END"

static const struct adopt_sql tools[ADOPT_TOOLS] = {
	[ADOPT_DBMATE] = {.migration = "version",
		.damage = "CASE WHEN version GLOB '*[^0-9]*' THEN "
			  "'a version that is not digits,' END"},
	[ADOPT_GOLANG_MIGRATE] = {.migration = "version",
		.state = "dirty",
		.whole = "IS 0",
		.reach = "1"},
	[ADOPT_GOOSE] = {.migration = "version_id",
		.where = "version_id IS NOT 0",
		.newest = "id",
		.having = "is_applied IS NOT 0",
		.damage = "CASE WHEN typeof(version_id) IS NOT 'integer' "
			  "OR typeof(id) IS NOT 'integer' "
			  "THEN 'something else than a number' "
			  "WHEN is_applied IS NOT 0 AND is_applied IS NOT 1 "
			  "THEN 'is_applied = ' || quote(is_applied) END"},
	[ADOPT_SQLX] = {.migration = "version",
		.recorded = "lower(hex(checksum))",
		.state = "success",
		.whole = "IS 1"},
	[ADOPT_DIESEL] = {.migration = "version"},
	[ADOPT_REFINERY] = {.migration = "version", .recorded = "checksum"},
	[ADOPT_FLYWAY] = {.migration = "coalesce(version, '" FORMAT_REPEATABLE_PREFIX
				       "' || description)",
		.recorded = "checksum",
		.state = "success",
		.whole = "IS 1",
		.reach = "2 * (type GLOB '*BASELINE')",
		.where = "type IS NOT 'SCHEMA'",
		.newest = "installed_rank",
		.having = "type IS NOT 'DELETE' AND type NOT GLOB 'UNDO_*' "
			  "OR success IS NOT 1",
		.damage = "CASE WHEN typeof(installed_rank) IS NOT 'integer' "
			  "THEN 'an installed_rank that is no number,' "
			  "WHEN typeof(type) IS NOT 'text' "
			  "THEN 'a type that is no text,' "
			  "WHEN version IS NULL AND type GLOB '*BASELINE' "
			  "THEN 'a baseline without a version,' END"},
	[ADOPT_PRISMA] = {.migration = "migration_name",
		.recorded = "checksum",
		.state = "finished_at",
		.whole = "IS NOT NULL",
		.where = "rolled_back_at IS NULL"},
	[ADOPT_DRIZZLE] = {.migration = "name", .recorded = "hash", .damage = WRONG_WHEN},
	[ADOPT_DRIZZLE_OLD] = {.migration = "hash",
		.damage = WRONG_WHEN,
		.when = "created_at"},
	[ADOPT_D1] = {.migration = "name"},
	[ADOPT_SQL_MIGRATE] = {.migration = "id"},
	[ADOPT_ALEMBIC] = {.migration = "version_num", .reach = "3"},
};

/* An index may be damaged, and the table not. */
static void write_from(struct store *store, const char *table, struct buf *ret)
{
	(void)store;
	buf_puts(ret, " FROM main.");
	query_quote_name(ret, table);
	buf_puts(ret, " NOT INDEXED");
}

static void write_query(struct store *store, const struct adopt_tool *tool,
	const char *table, struct buf *ret)
{
	const struct adopt_sql *sql = &tools[adopt_tool_id(tool)];

	buf_printf(ret, "SELECT %s, %s, ", sql->migration,
		sql->recorded ? sql->recorded : "NULL");
	if (sql->state)
		buf_printf(ret, "CASE WHEN %s %s THEN NULL ELSE '%s = ' || quote(%s) END",
			sql->state, sql->whole, sql->state, sql->state);
	else
		buf_puts(ret, "NULL");
	buf_printf(ret, ", %s, %s", sql->reach ? sql->reach : "0",
		sql->when ? sql->when : "NULL");
	if (sql->newest)
		buf_printf(ret, ", max(%s)", sql->newest);
	write_from(store, table, ret);
	if (sql->where)
		buf_printf(ret, " WHERE %s", sql->where);
	if (sql->newest)
		buf_printf(ret, " GROUP BY 1 HAVING %s", sql->having);
}

const struct adopt_engine connection_adopting = {
	.tools = tools,
	.size = {"length(CAST(", " AS BLOB))"},
	.quoted = {"quote(", ")"},
	.from = write_from,
	.query = write_query,
};
