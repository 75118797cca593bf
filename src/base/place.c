/* SPDX-License-Identifier: MIT */
/* Places: their order, and how they are written. */
#include "base/place.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

int place_compare(const struct place *a, const struct place *b)
{
	int order = strcmp(a->file ? a->file : "", b->file ? b->file : "");

	if (order == 0)
		order = (a->line > b->line) - (a->line < b->line);
	if (order == 0)
		order = (a->column > b->column) - (a->column < b->column);
	return order;
}

int place_print(char *to, size_t size, const struct place *at, const char *text)
{
	if (!at->file)
		return snprintf(to, size, "%s", text);
	if (!at->line)
		return snprintf(to, size, "%s: %s", at->file, text);
	if (!at->column)
		return snprintf(to, size, "%s:%d: %s", at->file, at->line, text);
	return snprintf(to, size, "%s:%d:%d: %s", at->file, at->line, at->column, text);
}

const char *place_text(struct arena *arena, const struct place *at, const char *text)
{
	size_t size;
	char *ret;
	int length = place_print(NULL, 0, at, text);

	if (length < 0)
		mem_exhausted();
	size = (size_t)length + 1;
	ret = arena_alloc(arena, size);
	(void)place_print(ret, size, at, text); /* measured above */
	return ret;
}
