/* SPDX-License-Identifier: MIT */
/* Names of files, for a message that has all of them. */
#include "migration/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/listed.h"
#include "base/mem.h"

void names_add(struct names *names, const char *name)
{
	names->list = mem_grow(names->list, names->count, sizeof *names->list);
	names->list[names->count++] = name;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void names_sort(struct names *names)
{
	if (names->count > 1)
		qsort(names->list, names->count, sizeof *names->list, by_name);
}

bool names_has(const struct names *names, const char *name)
{
	return names->count > 0 &&
		bsearch(&name, names->list, names->count, sizeof *names->list, by_name);
}

void names_print(struct names *names, size_t max, struct buf *to)
{
	names_sort(names);
	for (size_t i = 0; i < names->count; i++)
		listed_add(to, i, names->count, max, "%s", names->list[i]);
}

void names_release(struct names *names)
{
	free(names->list);
	*names = (struct names){0};
}
