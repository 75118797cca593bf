/* SPDX-License-Identifier: MIT */
/* What another tool has applied, and no file here is. */
#include "db/adopt_missing.h"

#include "base/mem.h"
#include "base/str.h"
#include "db/adopt.h"
#include "db/adopt_ledger.h"
#include "db/adopt_tools.h"
#include "migration/format.h"
#include "migration/migration.h"
#include "migration/version.h"

/* Has another migration this id? Then all of the name is the id (sequence.c). */
static bool is_taken(
	const struct adopting *adopting, const char *contributor, const char *id)
{
	const struct migrations *all = adopting->spec->migrations;
	const struct adoption *adoption = adopting->adoption;
	const char *key = NULL; /* of the id, in the contributor's order */

	if (adoption->missing_count &&
		str_equal(adoption->missing[adoption->missing_count - 1].id, id))
		return true;
	for (size_t i = 0; i < all->count; i++) {
		if (!migration_is_of(&all->list[i], contributor))
			continue;
		if (!key)
			key = version_key(all->list[i].order, id, adopting->arena);
		if (str_equal(all->list[i].key, key))
			return true;
	}
	return false;
}

/* Returns false if no file of that name would be a migration. */
static bool split(const struct adopting *adopting, const struct adopt_tool *tool,
	const char *contributor, struct db_missing *ret)
{
	const char *inside = tool->named == ADOPT_DIRECTORY ? "migration.sql" : NULL;
	struct format_name name;

	if (tool->named == ADOPT_VERSION)
		return true;
	if (!format_parse(ret->id, inside, adopting->arena, &name))
		return false;
	ret->id = name.id;
	ret->name = name.name;
	if (is_taken(adopting, contributor, ret->id)) {
		ret->id = name.stem;
		ret->name = "";
	}
	return true;
}

void adopt_missing_add(const struct adopting *adopting, const struct adopt_tool *tool,
	const char *contributor, const char *name)
{
	struct adoption *adoption = adopting->adoption;
	struct db_missing missing = {
		.contributor = contributor,
		.id = arena_strdup(adopting->arena, name),
		.name = "",
		.tool = tool->name,
	};

	if (!split(adopting, tool, contributor, &missing))
		return;
	adoption->missing = arena_array_grow(adopting->arena, adoption->missing,
		adoption->missing_count, sizeof missing);
	adoption->missing[adoption->missing_count++] = missing;
}
