/* SPDX-License-Identifier: MIT */
/* Finding fields, and the items of lists. */
#include "conf/field.h"

#include <fnmatch.h>

#include "base/mem.h"
#include "base/str.h"

bool list_has(const struct list *list, const char *item)
{
	for (size_t i = 0; i < list->count; i++)
		if (str_equal(list->items[i], item))
			return true;
	return false;
}

bool list_matches(const struct list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (fnmatch(list->items[i], name, 0) == 0)
			return true;
	return false;
}

void list_add(struct list *list, struct arena *arena, const char *text, size_t size)
{
	size_t filled = list->count ? list->count + 1 : 0; /* with the NULL */

	list->items = arena_array_grow(arena, list->items, filled, sizeof *list->items);
	list->items[list->count++] = arena_memdup(arena, text, size);
	list->items[list->count] = NULL;
}

const struct field *field_find(const struct field *fields, const char *name)
{
	for (; fields && fields->name; fields++)
		if (str_equal(fields->name, name))
			return fields;
	return NULL;
}

const struct field *field_exported(const struct field *fields)
{
	while (fields->name && !fields->exported)
		fields++;
	return fields->name ? fields : NULL;
}
