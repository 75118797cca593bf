/* SPDX-License-Identifier: MIT */
/* What was read of all contributors, as text. */
#ifndef TESTS_DB_LISTING_H
#define TESTS_DB_LISTING_H

#include "fixture.h"

/* All migrations as "module/id name" lines. */
static inline const char *listing(struct world *world)
{
	struct buf text = BUF_INIT;
	char *kept;

	for (size_t i = 0; i < world->migrations.count; i++) {
		const struct db_migration *one = &world->migrations.list[i];

		buf_printf(&text, "%s/%s %s\n", one->module, one->id, one->name);
	}
	kept = arena_strdup(&world->arena, text.data);
	buf_release(&text);
	return kept;
}

#endif
