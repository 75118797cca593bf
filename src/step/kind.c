/* SPDX-License-Identifier: MIT */
/* Finding a kind, and the words that kinds stand for: a test has a list of its own. */
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
	const char **words;
	size_t count = 0;

	while (kinds[count])
		count++;
	words = arena_alloc(arena, (count + 2) * sizeof *words);
	count = 0;
	words[count++] = EXPAND_FILE;
	for (const struct kind *const *kind = kinds; *kind; kind++)
		if ((*kind)->value)
			words[count++] = (*kind)->name;
	return words;
}
