/* SPDX-License-Identifier: MIT */
/*
 * Questions about strings. No allocation, no failure, no locale.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool str_equal(const char *a, const char *b);

/* Is it one of the words of a list that ends with NULL? Of a part, its `size` bytes. */
bool str_is_among(const char *text, const char *const *list);
bool str_part_is_among(const char *text, size_t size, const char *const *list);

bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);

/*
 * The natural order, as strcmp(3): digits in a row are compared as a number, whatever its
 * size ("9-a" goes before "10-a"), and all else bytewise. Where that makes no difference
 * ("1" and "01") it is bytewise, too.
 */
int str_compare_natural(const char *a, const char *b);

/* White space and digits of the C locale, whatever setlocale() says. */
bool str_is_space(char c);
bool str_is_digit(char c);
bool str_is_alnum(char c);
/* The column of `at`, in characters from 1, in the line that begins at `line`. */
int str_column(const char *line, const char *at);

/* Returns with how many digits the text begins. */
size_t str_digits(const char *text);

/* Are these `size` bytes the name of an environment variable: [A-Za-z_][A-Za-z0-9_]*? */
bool str_is_name(const char *text, size_t size);

/*
 * Checks `size` bytes for UTF-8 (RFC 3629: no surrogates, no overlong forms, nothing
 * above U+10FFFF). Returns the offset of the first invalid byte, or `size`.
 */
size_t str_utf8_valid(const char *text, size_t size);

/* Returns the size of the byte order mark that the text begins with, or 0. */
size_t str_bom_size(const char *text, size_t size);

/*
 * Returns how many of the first `size` bytes of a text are to be shown where it goes on
 * behind them and is cut there: no character of UTF-8 is cut.
 */
size_t str_cut(const char *text, size_t size);

/*
 * The character that begins `text`, of `size` bytes, which are not 0. Returns how many of
 * them it has; 0 where it is no valid UTF-8.
 */
size_t str_character(const char *text, size_t size, uint32_t *ret_code);

/*
 * Does this character act on a terminal, or on how the text around it is displayed,
 * instead of being visible? C0 and C1 controls, line and paragraph separators, and what
 * sets the direction of text (Unicode Standard Annex 9: marks, embeddings, overrides,
 * isolates).
 */
bool str_is_control(uint32_t code);

/* Returns whether all of `text` is a decimal number, which is at most `max`. */
bool str_to_u64(const char *text, uint64_t max, uint64_t *ret);

/* Makes lower-case letters of those of ASCII, in place. Returns the text. */
char *str_lower(char *text);

/*
 * The one of the NULL-terminated `known` that `word` was most likely meant to be, or NULL
 * where none is near (an edit distance, transpositions counted as one, of a third of its
 * length at most; Damerau 1964) and not exactly one begins with it, or has its letters in
 * their order ("cmd" and "command").
 */
const char *str_nearest(const char *word, const char *const *known);

/* Does `other`, which may be NULL, differ from it in one letter at the most? */
bool str_is_near(const char *word, const char *other);

/*
 * "; did you mean 'x'?" with the one that str_nearest() finds, or "": the end of an error
 * that says that there is no `word`. The text is in `room`.
 */
#define STR_SUGGEST_SIZE 128
const char *str_suggest(
	const char *word, const char *const *known, char room[STR_SUGGEST_SIZE]);

#endif
