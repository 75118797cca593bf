/* SPDX-License-Identifier: MIT */
/* The ledgers of other tools. */
#include "ledger/adopt_tools.h"

#include <string.h>

#include "base/buf.h"
#include "base/crypto.h"
#include "base/mem.h"
#include "base/str.h"
#include "ledger/adopt_file.h"
#include "ledger/spec.h"
#include "migration/format.h"

/* Of both forms of Drizzle's. */
#define WRONG_WHEN \
	"CASE WHEN typeof(created_at) NOT IN ('integer', 'real', 'null') " \
	"THEN 'a created_at that is no number,' END"

static const struct adopt_tool tools[] = {
	{.name = "dbmate",
		.table = "schema_migrations",
		.columns = "version",
		.exact = true,
		.unlike = "ar_internal_metadata", /* Rails */
		.migration = "version",
		.order = VERSION_TEXT,
		.damage = "CASE WHEN version GLOB '*[^0-9]*' THEN "
			  "'a version that is not digits,' END",
		.name_of = adopt_name_digits},
	{.name = "golang-migrate",
		.table = "schema_migrations",
		.columns = "version dirty",
		.exact = true,
		.migration = "version",
		.state = "dirty",
		.whole = "IS 0",
		.reach = "1",
		.number = true,
		.single = true,
		.name_of = adopt_name_digits,
		.mend = "then set the version with `migrate force`"},
	/* Of one version the newest row counts; version 0 is no migration. */
	{.name = "goose",
		.table = "goose_db_version",
		.columns = "id version_id is_applied tstamp",
		.migration = "version_id",
		.where = "version_id IS NOT 0",
		.newest = "id",
		.having = "is_applied IS NOT 0",
		.number = true,
		.damage = "CASE WHEN typeof(version_id) IS NOT 'integer' "
			  "OR typeof(id) IS NOT 'integer' "
			  "THEN 'something else than a number' "
			  "WHEN is_applied IS NOT 0 AND is_applied IS NOT 1 "
			  "THEN 'is_applied = ' || quote(is_applied) END",
		.name_of = adopt_name_digits},
	{.name = "sqlx",
		.table = "_sqlx_migrations",
		.columns = "version description installed_on success checksum "
			   "execution_time",
		.migration = "version",
		.recorded = "lower(hex(checksum))",
		.state = "success",
		.whole = "IS 1",
		.number = true,
		.name_of = adopt_name_digits,
		.sum = ADOPT_SUM_SHA384,
		.verified = "the SHA-384 of it",
		.foreign_keys = ADOPT_KEYS_ON,
		.mend = "then set `success` of its row to 1, or delete the row"},
	{.name = "diesel",
		.table = "__diesel_schema_migrations",
		.columns = "version run_on",
		.migration = "version",
		.foreign_keys = ADOPT_KEYS_BUILD,
		.order = VERSION_DASHLESS,
		.name_of = adopt_name_diesel},
	{.name = "refinery",
		.table = "refinery_schema_history",
		.columns = "version name applied_on checksum",
		.migration = "version",
		.recorded = "checksum",
		.number = true,
		.foreign_keys = ADOPT_KEYS_BUILD,
		.name_of = adopt_name_digits,
		.sum = ADOPT_SUM_SIPHASH,
		.verified = "the SipHash-1-3 of its name, version and text"},
	/* Of one version the newest row counts: it may revert or delete it. */
	{.name = "flyway",
		.table = "flyway_schema_history",
		.columns = "installed_rank version description type script checksum "
			   "installed_by installed_on execution_time success",
		.migration = "coalesce(version, '" FORMAT_REPEATABLE_PREFIX
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
			  "THEN 'a baseline without a version,' END",
		.reverts = "U",
		.order = VERSION_DOTTED,
		.repeats = true,
		.name_of = adopt_name_flyway,
		.sum = ADOPT_SUM_LINES_CRC32,
		.verified = "the CRC-32 of its lines",
		.mend = "then run `flyway repair`"},
	{.name = "prisma",
		.table = "_prisma_migrations",
		.columns = "id checksum finished_at migration_name logs rolled_back_at "
			   "started_at applied_steps_count",
		.migration = "migration_name",
		.recorded = "checksum",
		.state = "finished_at",
		.whole = "IS NOT NULL",
		.where = "rolled_back_at IS NULL",
		.named = ADOPT_DIRECTORY,
		.foreign_keys = ADOPT_KEYS_BUILD,
		.order = VERSION_NAME,
		.name_of = adopt_name_directory,
		.sum = ADOPT_SUM_LINES_SHA256,
		.verified = "the SHA-256 of it, whatever ends its lines",
		.mend = "then run `prisma migrate resolve`"},
	/* 1.0 has names; before, a migration is recognized by its text alone. */
	{.name = "drizzle",
		.table = "__drizzle_migrations",
		.columns = "hash created_at name applied_at",
		.migration = "name",
		.recorded = "hash",
		.damage = WRONG_WHEN,
		.named = ADOPT_DIRECTORY,
		.foreign_keys = ADOPT_KEYS_BUILD,
		.order = VERSION_NAME,
		.name_of = adopt_name_directory,
		.sum = ADOPT_SUM_SHA256,
		.verified = "the SHA-256 of it"},
	{.name = "drizzle",
		.table = "__drizzle_migrations",
		.columns = "hash created_at",
		.migration = "hash",
		.damage = WRONG_WHEN,
		.foreign_keys = ADOPT_KEYS_BUILD,
		.order = VERSION_NAME,
		.sum = ADOPT_SUM_SHA256,
		.by_content = true,
		.when = "created_at",
		.verified = "the SHA-256 of it"},
	{.name = "d1",
		.table = "d1_migrations",
		.columns = "id name applied_at",
		.migration = "name",
		.named = ADOPT_FILE,
		.foreign_keys = ADOPT_KEYS_ON,
		.order = VERSION_NAME,
		.name_of = adopt_name_path},
	{.name = "sql-migrate",
		.table = "gorp_migrations",
		.columns = "id applied_at",
		.exact = true,
		.migration = "id",
		.named = ADOPT_FILE,
		.order = VERSION_NAME,
		.name_of = adopt_name_path},
};

#define TOOLS (sizeof tools / sizeof *tools)

const struct adopt_tool *adopt_tool_at(size_t i)
{
	return i < TOOLS ? &tools[i] : NULL;
}

const struct adopt_tool *adopt_tool_of_text(const char *tool, const char *id)
{
	size_t size = strspn(id, "0123456789abcdef");

	if (id[size] || size != 2 * (size_t)SHA256_SIZE)
		return NULL;
	for (size_t i = 0; i < TOOLS; i++)
		if (tools[i].by_content && str_equal(tools[i].name, tool))
			return &tools[i];
	return NULL;
}

void adopt_query(const struct adopt_tool *tool, const char *table, struct buf *ret)
{
	buf_printf(ret, "SELECT %s, %s, ", tool->migration,
		tool->recorded ? tool->recorded : "NULL");
	if (tool->state)
		buf_printf(ret, "CASE WHEN %s %s THEN NULL ELSE '%s = ' || quote(%s) END",
			tool->state, tool->whole, tool->state, tool->state);
	else
		buf_puts(ret, "NULL");
	buf_printf(ret, ", %s, %s", tool->reach ? tool->reach : "0",
		tool->when ? tool->when : "NULL");
	if (tool->newest)
		buf_printf(ret, ", max(%s)", tool->newest);
	buf_printf(ret, " FROM main.%s NOT INDEXED", table);
	if (tool->where)
		buf_printf(ret, " WHERE %s", tool->where);
	if (tool->newest)
		buf_printf(ret, " GROUP BY 1 HAVING %s", tool->having);
}

void adopt_damage_query(const struct adopt_tool *tool, const char *table, struct buf *ret)
{
	const char *const columns[] = {tool->migration, tool->recorded, tool->state};

	buf_printf(ret, "SELECT %s, 0", tool->damage ? tool->damage : "NULL");
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		if (columns[i])
			buf_printf(ret, " + ifnull(length(CAST(%s AS BLOB)), 0)",
				columns[i]);
	buf_printf(ret, " FROM main.%s NOT INDEXED", table);
}

void adopt_twice_query(const struct adopt_tool *tool, const char *table, struct buf *ret)
{
	bool may = tool->newest || tool->by_content;

	buf_printf(ret, "SELECT quote(%s) FROM main.%s NOT INDEXED WHERE %s",
		tool->migration, table, tool->where ? tool->where : "1");
	buf_printf(ret, " GROUP BY %s HAVING count(*) > 1 AND %d AND %s NOT NULL",
		tool->migration, !may, tool->migration);
}

static bool is_another_form(size_t i)
{
	return i > 0 && str_equal(tools[i].name, tools[i - 1].name);
}

bool adopt_tool_describe(size_t i, struct adopt_described *ret)
{
	static const char *const keys[] = {
		[ADOPT_KEYS_OFF] = "off",
		[ADOPT_KEYS_BUILD] = "on in most builds of its library",
		[ADOPT_KEYS_ON] = "on",
	};

	for (size_t t = 0; t < TOOLS; t++) {
		if (is_another_form(t) || i-- > 0)
			continue;
		*ret = (struct adopt_described){
			.name = tools[t].name,
			.table = tools[t].table,
			.verified = tools[t].verified,
			.foreign_keys = keys[tools[t].foreign_keys],
		};
		return true;
	}
	return false;
}

const char **adopt_sources(struct arena *arena)
{
	static const char *const others[] = {"auto", "baseline", "user_version"};
	const char **list = arena_alloc(arena, (TOOLS + 4) * sizeof *list);
	size_t count = 0;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		list[count++] = others[i];
	for (size_t i = 0; i < TOOLS; i++)
		if (!is_another_form(i))
			list[count++] = tools[i].name;
	return list;
}
