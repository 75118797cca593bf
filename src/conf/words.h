/* SPDX-License-Identifier: MIT */
/* Values split into items, with every "${…}" kept whole. Items live in the arena. */
#ifndef CONF_WORDS_H
#define CONF_WORDS_H

#include "conf/field.h"

struct words {
	struct arena *arena;
	const char **items; /* free() */
	size_t count;
};

#define CLEANUP_WORDS __attribute__((cleanup(words_release)))

void words_add(struct words *words, const char *text, size_t size);
void words_release(struct words *words);

#define WORDS_SPACE " \t\n\v\f\r"

/* Adds what stands between any of these separators. */
void words_split(struct words *words, const char *text, const char *separators);

/* As a list in the arena, NULL-terminated. */
struct list words_list(const struct words *words);

/*
 * Adds the items of `text`: the words of a command, the lines of FIELD_ENV, else what
 * white space separates. Returns 0, or -1 where a quote or a ${ in a command is not
 * closed; items in front of that are added.
 */
int words_split_field(struct words *words, const struct field *field, const char *text,
	struct err *err);

#endif
