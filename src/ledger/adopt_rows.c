/* SPDX-License-Identifier: MIT */
/* What is found of a tool's migrations, as rows of our ledger. */
#include "ledger/adopt_rows.h"

#include <string.h>

#include "base/mem.h"
#include "ledger/spec.h"
#include "ledger/ledger.h"
#include "migration/migration.h"

/* Without `old` it comes behind all others. */
static struct ledger_row row_of(const struct migration *migration,
	const struct ledger_origin *origin, const struct ledger_row *old, size_t position)
{
	return (struct ledger_row){
		.contributor = migration->contributor,
		.id = migration->id,
		.name = migration->name,
		.hash = migration->hash,
		.hash_size = sizeof migration->hash,
		.tool = origin->tool ? origin->tool : old->tool,
		.position = old ? old->position : position,
		.added = true,
		.verified = origin->verified,
		.replaces = old ? old->id : NULL,
		.migration = migration,
	};
}

static void add(struct ledger *ledger, const struct ledger_row *row)
{
	ledger->rows[ledger->count++] = *row;
	ledger->adopted = true;
}

static void add_migration(struct ledger *ledger, const struct migration *migration,
	const struct ledger_origin *origin, const struct ledger_row *old)
{
	struct ledger_row row;

	if (!origin->tool && !(old && ledger_is_trusted(old)))
		return;
	row = row_of(migration, origin, old, ledger->count + 1);
	if (old)
		ledger->rows[old - ledger->rows] = row;
	else
		add(ledger, &row);
}

void adopt_rows_add(struct ledger *ledger, const struct migrations *all,
	const struct adopt_found *found, const struct ledger_row **rows,
	struct arena *arena)
{
	static const struct ledger_origin unknown;
	size_t most = ledger->count + all->count + found->missing_count;
	struct ledger_row *room = arena_alloc(arena, most * sizeof *room);
	struct ledger_row *before = ledger->rows;

	if (ledger->count)
		memcpy(room, before, ledger->count * sizeof *room);
	ledger->rows = room;
	for (size_t i = 0; i < all->count; i++)
		add_migration(ledger, &all->list[i],
			found->from ? &found->from[i] : &unknown,
			rows && rows[i] ? room + (rows[i] - before) : NULL);
	for (size_t i = 0; i < found->missing_count; i++) {
		const struct ledger_missing *missing = &found->missing[i];

		add(ledger,
			&(struct ledger_row){
				.contributor = missing->contributor,
				.id = missing->id,
				.name = "",
				.tool = missing->tool,
				.when_ms = missing->when_ms,
				.position = ledger->count + 1,
				.added = true,
			});
	}
}
