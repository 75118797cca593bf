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

static const struct adopt_tool tools[ADOPT_TOOLS] = {
	[ADOPT_DBMATE] = {.name = "dbmate",
		.table = "schema_migrations",
		.columns = "version",
		.exact = true,
		.unlike = "ar_internal_metadata", /* Rails */
		.order = VERSION_TEXT,
		.name_of = adopt_name_digits},

	[ADOPT_GOLANG_MIGRATE] = {.name = "golang-migrate",
		.table = "schema_migrations",
		.columns = "version dirty",
		.exact = true,
		.number = true,
		.second = "a second version, where it has one,",
		.name_of = adopt_name_digits,
		.mend = "then set the version with `migrate force`"},

	/* Of one version the newest row counts; version 0 is no migration. */
	[ADOPT_GOOSE] = {.name = "goose",
		.table = "goose_db_version",
		.columns = "id version_id is_applied tstamp",
		.number = true,
		.name_of = adopt_name_digits},

	[ADOPT_SQLX] = {.name = "sqlx",
		.table = "_sqlx_migrations",
		.columns = "version description installed_on success checksum "
			   "execution_time",
		.number = true,
		.name_of = adopt_name_digits,
		.sum = ADOPT_SUM_SHA384,
		.verified = "the SHA-384 of it",
		.foreign_keys = ADOPT_KEYS_ON,
		.mend = "then set `success` of its row to 1, or delete the row"},

	[ADOPT_DIESEL] = {.name = "diesel",
		.table = "__diesel_schema_migrations",
		.columns = "version run_on",
		.foreign_keys = ADOPT_KEYS_BUILD,
		.order = VERSION_DASHLESS,
		.name_of = adopt_name_diesel},

	[ADOPT_REFINERY] = {.name = "refinery",
		.table = "refinery_schema_history",
		.columns = "version name applied_on checksum",
		.number = true,
		.foreign_keys = ADOPT_KEYS_BUILD,
		.name_of = adopt_name_digits,
		.sum = ADOPT_SUM_SIPHASH,
		.verified = "the SipHash-1-3 of its name, version and text"},

	/* Of one version the newest row counts: it may revert or delete it. */
	[ADOPT_FLYWAY] = {.name = "flyway",
		.table = "flyway_schema_history",
		.columns = "installed_rank version description type script checksum "
			   "installed_by installed_on execution_time success",
		.reverts = "U",
		.order = VERSION_DOTTED,
		.repeats = true,
		.name_of = adopt_name_flyway,
		.sum = ADOPT_SUM_LINES_CRC32,
		.verified = "the CRC-32 of its lines",
		.mend = "then run `flyway repair`"},

	[ADOPT_PRISMA] = {.name = "prisma",
		.table = "_prisma_migrations",
		.columns = "id checksum finished_at migration_name logs rolled_back_at "
			   "started_at applied_steps_count",
		.named = ADOPT_DIRECTORY,
		.foreign_keys = ADOPT_KEYS_BUILD,
		.order = VERSION_NAME,
		.name_of = adopt_name_directory,
		.sum = ADOPT_SUM_LINES_SHA256,
		.verified = "the SHA-256 of it, whatever ends its lines",
		.mend = "then run `prisma migrate resolve`"},

	/* 1.0 has names; before, a migration is recognized by its text alone. */
	[ADOPT_DRIZZLE] = {.name = "drizzle",
		.table = "__drizzle_migrations",
		.columns = "hash created_at name applied_at",
		.named = ADOPT_DIRECTORY,
		.foreign_keys = ADOPT_KEYS_BUILD,
		.order = VERSION_NAME,
		.name_of = adopt_name_directory,
		.sum = ADOPT_SUM_SHA256,
		.verified = "the SHA-256 of it"},

	[ADOPT_DRIZZLE_OLD] = {.name = "drizzle",
		.table = "__drizzle_migrations",
		.columns = "hash created_at",
		.foreign_keys = ADOPT_KEYS_BUILD,
		.order = VERSION_NAME,
		.sum = ADOPT_SUM_SHA256,
		.by_content = true,
		.verified = "the SHA-256 of it"},

	[ADOPT_D1] = {.name = "d1",
		.table = "d1_migrations",
		.columns = "id name applied_at",
		.named = ADOPT_FILE,
		.foreign_keys = ADOPT_KEYS_ON,
		.order = VERSION_NAME,
		.name_of = adopt_name_path},

	[ADOPT_SQL_MIGRATE] = {.name = "sql-migrate",
		.table = "gorp_migrations",
		.columns = "id applied_at",
		.exact = true,
		.named = ADOPT_FILE,
		.order = VERSION_NAME,
		.name_of = adopt_name_path},

	/* Its migrations are Python: ours are SQL that was made of them. */
	[ADOPT_ALEMBIC] = {.name = "alembic",
		.table = "alembic_version",
		.columns = "version_num",
		.exact = true,
		.second = "a second head, which `alembic merge heads` joins with the "
			  "first,",
		.order = VERSION_NAME,
		.name_of = adopt_name_alembic},
};

const struct adopt_tool *adopt_tool_at(size_t i)
{
	return i < ADOPT_TOOLS ? &tools[i] : NULL;
}

enum adopt_tool_id adopt_tool_id(const struct adopt_tool *tool)
{
	return (enum adopt_tool_id)(tool - tools);
}

const struct adopt_tool *adopt_tool_of_text(const char *tool, const char *id)
{
	size_t size = strspn(id, "0123456789abcdef");

	if (id[size] || size != 2 * (size_t)SHA256_SIZE)
		return NULL;
	for (size_t i = 0; i < ADOPT_TOOLS; i++)
		if (tools[i].by_content && str_equal(tools[i].name, tool))
			return &tools[i];
	return NULL;
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

	for (size_t t = 0; t < ADOPT_TOOLS; t++) {
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
	const char **list = arena_alloc(arena, (ADOPT_TOOLS + 4) * sizeof *list);
	size_t count = 0;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		list[count++] = others[i];
	for (size_t i = 0; i < ADOPT_TOOLS; i++)
		if (!is_another_form(i))
			list[count++] = tools[i].name;
	return list;
}
