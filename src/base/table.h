/* SPDX-License-Identifier: MIT */
/*
 * A table from texts to pointers, in an arena. Keys are not copied: they outlive it.
 *
 *	struct table table = {.arena = &arena};
 *	table_put(&table, step->id, strlen(step->id), step);
 *
 * Open addressing, at most half full (base/hash.h). The keys are the operator's own, so
 * nobody chooses them for their hashes.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stddef.h>

struct arena;

/* All zero but for the arena is empty. */
struct table {
	struct arena *arena;
	struct table_slot *slots; /* 1 << bits of them, or NULL */
	unsigned bits;
	size_t count;
};

/* The value of the key, which has `size` bytes, or NULL. */
void *table_get(const struct table *table, const char *key, size_t size);

/* Sets it, in place of the one that there is. `value` is not NULL. */
void table_put(struct table *table, const char *key, size_t size, void *value);

#endif
