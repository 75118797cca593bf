/* SPDX-License-Identifier: MIT */
/* The variables that a loop goes over. */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "conf/expansion.h"
#include "conf/field.h"

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_variable(char *const *environment, const char *name, size_t size)
{
	for (; *environment; environment++)
		if (strncmp(*environment, name, size) == 0 && (*environment)[size] == '=')
			return true;
	return false;
}

/* The NAME_FILE of a NAME that is there, too. */
static bool is_twin(char *const *environment, const char *name)
{
	size_t size = strlen(name), ending = strlen("_FILE");

	return str_ends(name, "_FILE") && has_variable(environment, name, size - ending);
}

void expansion_names(
	char *const *environment, const char *glob, struct arena *arena, struct list *ret)
{
	char *const *entry = environment;

	for (; entry && *entry; entry++) {
		size_t size = strcspn(*entry, "=");
		const char *name = arena_memdup(arena, *entry, size);

		if (fnmatch(glob, name, 0) == 0 && !is_twin(environment, name))
			list_add(ret, arena, name, size);
	}
	if (ret->count)
		qsort(ret->items, ret->count, sizeof *ret->items, by_name);
}
