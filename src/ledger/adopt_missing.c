/* SPDX-License-Identifier: MIT */
/* What another tool has applied, and no file here is. */
#include "ledger/adopt_missing.h"

#include "base/mem.h"
#include "base/str.h"
#include "ledger/adopt_ledger.h"
#include "ledger/adopt_rows.h"
#include "ledger/adopt_tools.h"
#include "ledger/spec.h"
#include "ledger/ledger.h"
#include "migration/format.h"
#include "migration/migration.h"

/* Returns false if no file of that name would be a migration. */
static bool split(const struct adopt_tool *tool, const char *name, struct arena *arena,
	struct format_name *ret)
{
	const char *inside = tool->named == ADOPT_DIRECTORY ? "migration.sql" : NULL;

	if (tool->named != ADOPT_VERSION)
		return format_parse(name, inside, arena, ret);
	*ret = (struct format_name){.name = ""};
	ret->id = ret->stem = arena_strdup(arena, name);
	return true;
}

/* Has our ledger a row of it: of its whole name, or of a file that is gone? */
static bool is_recorded(const struct adopting *adopting, const char *contributor,
	const struct format_name *name)
{
	const struct migration *like = adopting->ours
		? migrations_first_of(adopting->spec->migrations, contributor)
		: NULL;
	const struct ledger_row *row;

	if (!like)
		return false;
	if (ledger_find(adopting->ours, like, name->stem, adopting->arena))
		return true;
	row = ledger_find(adopting->ours, like, name->id, adopting->arena);
	if (row && str_equal(row->name, name->name))
		return true;
	row = name->former_id
		? ledger_find(adopting->ours, like, name->former_id, adopting->arena)
		: NULL;
	return row && str_equal(row->name, name->former_name);
}

bool adopt_missing_add(const struct adopting *adopting, const struct adopt_tool *tool,
	const char *contributor, const char *name, int64_t when_ms)
{
	struct adopt_found *found = adopting->found;
	struct format_name parts;

	if (!split(tool, name, adopting->arena, &parts))
		return true;
	if (is_recorded(adopting, contributor, &parts))
		return false;
	/* Of several with one number, each has its own row so. */
	found->missing = arena_array_grow(adopting->arena, found->missing,
		found->missing_count, sizeof *found->missing);
	found->missing[found->missing_count++] = (struct ledger_missing){
		.contributor = contributor,
		.id = parts.stem,
		.tool = tool->name,
		.when_ms = when_ms,
	};
	return true;
}
