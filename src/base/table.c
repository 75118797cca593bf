/* SPDX-License-Identifier: MIT */
/* A table from texts to pointers. */
#include "base/table.h"

#include <stdint.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

#define FIRST_BITS 4

struct table_slot {
	const char *key; /* NULL: free */
	size_t size;
	uint64_t hash;
	void *value;
};

/* The slot of the key, or the free one where it goes. */
static struct table_slot *slot_of(
	const struct table *table, const char *key, size_t size, uint64_t hash)
{
	size_t mask = ((size_t)1 << table->bits) - 1;
	size_t i = hash_slot(hash, table->bits);

	for (;; i = (i + 1) & mask) {
		struct table_slot *slot = &table->slots[i];

		if (!slot->key ||
			(slot->hash == hash && slot->size == size &&
				memcmp(slot->key, key, size) == 0))
			return slot;
	}
}

static void grow(struct table *table)
{
	struct table old = *table;
	size_t count = old.slots ? (size_t)1 << old.bits : 0;

	table->bits = old.slots ? old.bits + 1 : FIRST_BITS;
	table->slots = arena_alloc(
		table->arena, ((size_t)1 << table->bits) * sizeof *table->slots);
	for (size_t i = 0; i < count; i++) {
		const struct table_slot *slot = &old.slots[i];

		if (slot->key)
			*slot_of(table, slot->key, slot->size, slot->hash) = *slot;
	}
}

void *table_get(const struct table *table, const char *key, size_t size)
{
	return table->slots
		? slot_of(table, key, size, hash_add(HASH_BEGIN, key, size))->value
		: NULL;
}

void table_put(struct table *table, const char *key, size_t size, void *value)
{
	uint64_t hash = hash_add(HASH_BEGIN, key, size);
	struct table_slot *slot;

	if (!table->slots || table->count >= (size_t)1 << (table->bits - 1))
		grow(table);
	slot = slot_of(table, key, size, hash);
	table->count += slot->key == NULL;
	*slot = (struct table_slot){key, size, hash, value};
}
