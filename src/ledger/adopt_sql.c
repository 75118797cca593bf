/* SPDX-License-Identifier: MIT */
/* The queries about the ledger of another tool that each engine makes the same way. */
#include "ledger/adopt_sql.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "ledger/adopt_tools.h"
#include "ledger/store.h"

void adopt_sql_damage(struct store *store, const struct adopt_tool *tool,
	const char *table, struct buf *ret)
{
	const struct adopt_engine *engine = store->engine->adopting;
	const struct adopt_sql *sql = &engine->tools[adopt_tool_id(tool)];
	const char *const columns[] = {sql->migration, sql->recorded, sql->state};

	buf_printf(ret, "SELECT %s, 0", sql->damage ? sql->damage : "NULL");
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		if (columns[i])
			buf_printf(ret, " + coalesce(%s%s%s, 0)", engine->size.before,
				columns[i], engine->size.after);
	engine->from(store, table, ret);
}

void adopt_sql_twice(struct store *store, const struct adopt_tool *tool,
	const char *table, struct buf *ret)
{
	const struct adopt_engine *engine = store->engine->adopting;
	const struct adopt_sql *sql = &engine->tools[adopt_tool_id(tool)];
	bool may = sql->newest || tool->by_content;

	buf_printf(ret, "SELECT %s%s%s", engine->quoted.before, sql->migration,
		engine->quoted.after);
	engine->from(store, table, ret);
	buf_printf(ret,
		" WHERE %s GROUP BY %s HAVING count(*) > 1 AND 1 = %d AND (%s) IS NOT "
		"NULL",
		sql->where ? sql->where : "1 = 1", sql->migration, !may, sql->migration);
}
