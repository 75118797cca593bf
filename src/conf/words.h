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

/* As a list in the arena, NULL-terminated. */
struct list words_list(const struct words *words);

/* At white space; at line ends. */
void words_split(struct words *words, const char *text);
void words_split_lines(struct words *words, const char *text);

/* As the type of `field` says. -1 where a command's quote is not closed. */
int words_split_field(struct words *words, const struct field *field, const char *text,
	struct err *err);

#endif
