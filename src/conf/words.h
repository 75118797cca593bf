/* SPDX-License-Identifier: MIT */
/* Values split into items, with every "${…}" kept whole. Items live in the arena. */
#ifndef CONF_WORDS_H
#define CONF_WORDS_H

#include "conf/field.h"

#define WORDS_SPACE " \t\n\v\f\r"

/* Adds what stands between any of these separators. */
void words_split(
	const char *text, const char *separators, struct arena *arena, struct list *ret);

/* The size of what stands in front of the first of these bytes, as strcspn(3). */
size_t words_span(const char *text, const char *bytes);

struct command_words {
	struct list list;
	const char **at;   /* where each begins in the text */
	const char *wrong; /* where the error is */
};

/*
 * Adds what are words for a shell: quotes and backslash honoured, no expansion of
 * anything. Returns 0, or -1 with "unclosed quote", "unclosed '${'", or an unquoted word
 * that is for a shell to act on ("|", "2>&1", "x;"): words in front of that are added.
 */
int command_split(const char *text, struct arena *arena, struct command_words *ret,
	struct err *err);

/*
 * The quote that is open behind a piece of a command, as command_split() reads it, if
 * `quote` is open in front of it; 0: none.
 */
char command_quote(const char *text, size_t size, char quote);

/* In a command, the word of a reference that stands for many words. */
#define WORDS_WORD "words"

/*
 * Of a word that is "${words:NAME…}" as a whole: "${NAME…}", in the arena, whose value is
 * split. NULL for any other.
 */
const char *words_reference(const char *raw, struct arena *arena);

#endif
