/* SPDX-License-Identifier: MIT */
/* Pending migrations that come before one that is applied. */
#include "ledger/out_of_order.h"

#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "ledger/adopt_tools.h"
#include "ledger/disagreement.h"
#include "ledger/ledger.h"
#include "migration/format.h"
#include "migration/migration.h"
#include "migration/version.h"

/* What is applied of a contributor and has a version: the last of each, or NULL. */
struct latest {
	const struct ledger_row *ours;
	const struct ledger_row *timed; /* has no version, but a time */
	/* The same of what has no file here, by its key. */
	const char *gone;
	const char *gone_key;
	enum version_order order; /* of that key */
};

/* Was it recorded with all of its name, since there was another of its number? */
static bool is_whole_name(const char *id)
{
	return str_is_digit(*id) && id[strspn(id, "0123456789-._")];
}

/*
 * Only sql-migrate has two migrations of one number. Their markers are not read where the
 * files that there are now go by number to every tool.
 */
static enum version_order order_of(
	const struct ledger *ledger, const struct migration *any)
{
	enum version_order order = any->order;

	for (size_t i = 0; order == VERSION_NUMBER && i < ledger->count; i++)
		if (!ledger->rows[i].migration &&
			str_equal(ledger->rows[i].contributor, any->contributor) &&
			is_whole_name(ledger->rows[i].id))
			order = VERSION_PREFIX;
	return order;
}

/*
 * Of what has no file: to sql-migrate all of the name counts, which is in two parts if
 * it was the only one of its number.
 */
static void note_gone(
	struct latest *latest, const char *id, const char *name, struct arena *arena)
{
	const char *entry = arena_printf(arena, "%s%s%s.sql", id, *name ? "_" : "", name);
	const char *key = version_key(latest->order, id, arena);

	if (latest->order == VERSION_PREFIX)
		key = version_sort_key(latest->order, key, entry, arena);
	if (latest->gone && strcmp(key, latest->gone_key) <= 0)
		return;
	latest->gone = id;
	latest->gone_key = key;
}

/* Has what was applied under this id a place before or behind others? */
static bool has_version(const char *id, const char *tool)
{
	return !format_is_repeatable(id) && !(tool && adopt_tool_of_text(tool, id));
}

static struct latest find_latest(
	const struct ledger *ledger, const struct migration *any, struct arena *arena)
{
	struct latest latest = {.order = order_of(ledger, any)};

	for (size_t i = 0; i < ledger->count; i++) {
		const struct ledger_row *row = &ledger->rows[i];

		if (!str_equal(row->contributor, any->contributor))
			continue;
		if (row->when_ms &&
			(!latest.timed || latest.timed->when_ms < row->when_ms))
			latest.timed = row;
		if (!has_version(row->id, row->tool))
			continue;
		if (!row->migration)
			note_gone(&latest, row->id, row->name, arena);
		else if (!latest.ours || row->migration > latest.ours->migration)
			latest.ours = row;
	}
	return latest;
}

/*
 * The id of what is applied and comes after the migration, or NULL. Of our migrations the
 * list has the order; of others their keys show it, if the order is one of keys, and else
 * their times.
 */
static const char *find_after(const struct latest *latest,
	const struct migration *migration, struct arena *arena)
{
	const char *key = latest->order != VERSION_PREFIX
		? migration->key
		: version_sort_key(latest->order, migration->key,
			  path_base(migration->file), arena);

	if (latest->ours && latest->ours->migration > migration)
		return latest->ours->id;
	if (latest->order != VERSION_JOURNAL)
		return latest->gone && strcmp(latest->gone_key, key) > 0 ? latest->gone
									 : NULL;
	if (latest->timed && migration->when_ms &&
		latest->timed->when_ms > migration->when_ms)
		return latest->timed->id;
	return NULL;
}

int out_of_order_check(const struct ledger_spec *spec, const struct ledger *ledger,
	bool warn, const struct ledger_work *work, struct arena *arena, struct err *err)
{
	struct disagreement late = {.count = 0};
	struct latest latest = {.ours = NULL};
	const char *contributor = NULL; /* whose latest they are */

	for (size_t i = 0; i < work->pending_count; i++) {
		const struct migration *migration = work->pending[i];
		const char *after;

		if (!contributor || !str_equal(contributor, migration->contributor)) {
			contributor = migration->contributor;
			latest = find_latest(ledger, migration, arena);
		}
		after = find_after(&latest, migration, arena);
		if (after)
			disagreement_add(&late, arena, "%s/%s ('%s', before %s)",
				contributor, migration->id, migration->file, after);
	}
	return disagreement_answer(spec->out_of_order, warn, spec, &late,
		"comes before one that is already applied; give it a later version, or "
		"write `out_of_order = apply`",
		err);
}
