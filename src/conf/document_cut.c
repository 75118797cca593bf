/* SPDX-License-Identifier: MIT */
/* Changes of a text. */
#include "conf/document_cut.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/mem.h"

void cuts_add(struct cuts *cuts, size_t at, size_t size, const char *with)
{
	cuts->items = arena_array_grow(
		cuts->arena, cuts->items, cuts->count, sizeof *cuts->items);
	cuts->items[cuts->count] =
		(struct cut){.at = at, .size = size, .with = with, .order = cuts->count};
	cuts->count++;
}

static int by_place(const void *a, const void *b)
{
	const struct cut *one = a, *other = b;

	if (one->at != other->at)
		return one->at < other->at ? -1 : 1;
	return one->order < other->order ? -1 : 1;
}

void cuts_write(struct cuts *cuts, const char *text, size_t size, struct buf *to)
{
	size_t at = 0;

	if (cuts->count)
		qsort(cuts->items, cuts->count, sizeof *cuts->items, by_place);
	for (size_t i = 0; i < cuts->count; i++) {
		const struct cut *cut = &cuts->items[i];

		buf_add(to, text + at, cut->at - at);
		buf_puts(to, cut->with);
		at = cut->at + cut->size;
	}
	buf_add(to, text + at, size - at);
}
