/* SPDX-License-Identifier: MIT */
/* Which changes of files matter. */
#include "proc/sources.h"

#include <string.h>

#include "base/hash.h"

#define FULL (SOURCES_SLOTS / 4 * 3)

/* Two that are alike cost a run that changes nothing. */
static uint64_t key_of(int watch, const char *name)
{
	uint64_t key = hash_add(HASH_BEGIN, &watch, sizeof watch);

	key = hash_add(key, name, strlen(name));
	return key ? key : 1;
}

static bool has(const struct source_set *set, uint64_t key)
{
	for (uint64_t i = key % SOURCES_SLOTS; set->keys[i]; i = (i + 1) % SOURCES_SLOTS)
		if (set->keys[i] == key)
			return true;
	return false;
}

static void add(struct source_set *set, uint64_t key)
{
	uint64_t i = key % SOURCES_SLOTS;

	if (set->all || has(set, key))
		return;
	if (set->count == FULL) {
		set->all = true;
		return;
	}
	while (set->keys[i])
		i = (i + 1) % SOURCES_SLOTS;
	set->keys[i] = key;
	set->count++;
}

static struct source_set *next_set(struct sources *sources)
{
	return &sources->sets[!sources->current];
}

void sources_begin(struct sources *sources)
{
	struct source_set *set = next_set(sources);

	if (set->count || set->all)
		memset(set, 0, sizeof *set);
}

/* No file has this name. */
#define ANY_NAME "/"

void sources_add(struct sources *sources, int watch, const char *name)
{
	add(next_set(sources), key_of(watch, name ? name : ANY_NAME));
}

void sources_end(struct sources *sources, bool whole)
{
	const struct source_set *before = &sources->sets[sources->current];
	struct source_set *set = next_set(sources);

	for (unsigned i = 0; i < SOURCES_SLOTS && !whole && before->count; i++)
		if (before->keys[i])
			add(set, before->keys[i]);
	if (!whole && before->all)
		set->all = true;
	sources->current = !sources->current;
}

void sources_set_due(struct sources *sources)
{
	sources->due = true;
}

bool sources_are_due(const struct sources *sources)
{
	return sources->due;
}

bool sources_take_due(struct sources *sources)
{
	bool due = sources->due;

	sources->due = false;
	return due;
}

bool sources_matter(const struct sources *sources, int watch, const char *name)
{
	const struct source_set *set = &sources->sets[sources->current];

	return set->all || !*name || has(set, key_of(watch, name)) ||
		has(set, key_of(watch, ANY_NAME));
}
