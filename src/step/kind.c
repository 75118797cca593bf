/* SPDX-License-Identifier: MIT */
/* Finding a kind, and the words that kinds stand for: a test has a list of its own. */
#include <string.h>

#include "base/str.h"
#include "step/kinds.h"

const struct kind *kind_find(const char *name)
{
	for (const struct kind *const *kind = kinds; *kind; kind++)
		if (str_equal((*kind)->name, name))
			return *kind;
	return NULL;
}

const char *const *kind_words(struct arena *arena)
{
	struct list words = {0};

	list_add(&words, arena, EXPAND_FILE, strlen(EXPAND_FILE));
	list_add(&words, arena, EXPAND_TEXT, strlen(EXPAND_TEXT));
	for (const struct kind *const *kind = kinds; *kind; kind++)
		if ((*kind)->value)
			list_add(&words, arena, (*kind)->name, strlen((*kind)->name));
	return words.items;
}
