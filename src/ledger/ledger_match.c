/* SPDX-License-Identifier: MIT */
/* The rows of the ledger, and the migrations that they are of. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "ledger/ledger.h"
#include "migration/migration.h"
#include "migration/version.h"

static int by_key(const void *a, const void *b)
{
	const struct ledger_row *left = a, *right = b;
	int order = strcmp(left->contributor, right->contributor);

	return order ? order : strcmp(left->key, right->key);
}

/* The first migration of each contributor that was asked for; NULL: it has none. */
struct firsts {
	const struct migrations *migrations;
	struct arena *arena;
	struct first {
		const char *contributor;
		const struct migration *migration;
	} * list;
	size_t count;
};

/* Contributors that were applied by turns are asked for by turns. */
static const struct migration *first_of(struct firsts *firsts, const char *contributor)
{
	struct first *first;

	for (size_t i = 0; i < firsts->count; i++)
		if (str_equal(firsts->list[i].contributor, contributor))
			return firsts->list[i].migration;
	firsts->list = arena_array_grow(
		firsts->arena, firsts->list, firsts->count, sizeof *firsts->list);
	first = &firsts->list[firsts->count++];
	first->contributor = contributor;
	first->migration = migrations_first_of(firsts->migrations, contributor);
	return first->migration;
}

/*
 * Rows are mostly in the order in which they were applied, which is that of the keys, and
 * most are those of the migrations, whose keys are known.
 */
static void set_keys(
	struct ledger *ledger, const struct migrations *migrations, struct arena *arena)
{
	struct firsts firsts = {.migrations = migrations, .arena = arena};
	const struct migration *any = NULL;
	bool sorted = true;

	for (size_t i = 0; i < ledger->count; i++) {
		struct ledger_row *row = &ledger->rows[i];
		const struct migration *same =
			i < migrations->count ? &migrations->list[i] : NULL;

		if (i == 0 || !str_equal(row->contributor, row[-1].contributor))
			any = first_of(&firsts, row->contributor);
		if (same && str_equal(same->contributor, row->contributor) &&
			str_equal(same->id, row->id))
			row->key = same->key;
		else
			row->key =
				any ? version_key(any->order, row->id, arena) : row->id;
		sorted = sorted && (i == 0 || by_key(row - 1, row) <= 0);
	}
	if (!sorted)
		qsort(ledger->rows, ledger->count, sizeof *ledger->rows, by_key);
}

static struct ledger_row *find_key(
	const struct ledger *ledger, const char *contributor, const char *key)
{
	struct ledger_row wanted = {.contributor = contributor, .key = key};

	if (!ledger->count)
		return NULL;
	return bsearch(&wanted, ledger->rows, ledger->count, sizeof wanted, by_key);
}

struct ledger_row *ledger_find(const struct ledger *ledger, const struct migration *like,
	const char *id, struct arena *arena)
{
	return find_key(ledger, like->contributor, version_key(like->order, id, arena));
}

/* As former versions have split its name, or as another tool's ledger has it. */
static struct ledger_row *find_otherwise(const struct ledger *ledger,
	const struct migration *migration, struct arena *arena)
{
	struct ledger_row *row = NULL;

	if (migration->former_id)
		row = ledger_find(ledger, migration, migration->former_id, arena);
	if (row && str_equal(row->name, migration->former_name))
		return row;
	if (!ledger->adopted)
		return NULL;
	row = ledger_find(ledger, migration, migration->stem, arena);
	return row && ledger_is_trusted(row) ? row : NULL;
}

const struct ledger_row **ledger_match(
	struct ledger *ledger, const struct migrations *migrations, struct arena *arena)
{
	const struct ledger_row **ret =
		arena_alloc(arena, migrations->count * sizeof(void *));
	struct ledger_row *next = ledger->rows, *end = next + ledger->count;

	set_keys(ledger, migrations, arena);
	for (size_t i = 0; i < migrations->count; i++) {
		const struct migration *migration = &migrations->list[i];
		struct ledger_row *row = next;

		if (next == end || !str_equal(next->key, migration->key) ||
			!str_equal(next->contributor, migration->contributor))
			row = find_key(ledger, migration->contributor, migration->key);
		if (!row)
			row = find_otherwise(ledger, migration, arena);
		if (!row)
			continue;
		row->migration = migration;
		ret[i] = row;
		next = row + 1;
	}
	return ret;
}

bool ledger_is_trusted(const struct ledger_row *row)
{
	return row->tool && !row->hash_size;
}

bool ledger_is_changed(const struct ledger_row *row)
{
	const struct migration *migration = row->migration;

	if (ledger_is_trusted(row))
		return false;
	return row->hash_size != sizeof migration->hash ||
		memcmp(row->hash, migration->hash, sizeof migration->hash) != 0;
}
