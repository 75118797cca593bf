/* SPDX-License-Identifier: MIT */
/*
 * What a value says to its author and not to us: other formats and shells take away
 * comments behind a value, quotes around it and a "~/" in front, separate items by
 * commas, and expand "$(…)" and "{a,b}". Here they would become part of a path, of an
 * item of a list, or of a variable, in silence.
 */
#ifndef CONF_MISREAD_H
#define CONF_MISREAD_H

#include "conf/field.h"

struct command_words;

/*
 * Judges a value as it was written, its "${…}" left out: so "${X:- #}" and "${X:-~}/a"
 * say that it is meant. Prose, texts and commands are never wrong in this way. Returns 0,
 * or -1 with ERR_CONFIG, whose text says what to write instead of what stands at
 * `ret_at`, and shows nothing of a variable's value.
 */
int misread_check(const struct field *field, const char *text, const char **ret_at,
	struct err *err);

/* The same of "$NAME" alone, in a text that is a path, or `plain` (conf/field.h). */
int misread_check_dollar(
	const char *text, bool plain, const char **ret_at, struct err *err);

/*
 * Judges the words of a command as they were written: lines of a script, or of an
 * `sh -c` without quotes, that would be words of its first command. As above.
 */
int misread_check_words(
	const struct command_words *words, const char **ret_at, struct err *err);

/* The size of an item up to a comma in it, which misread_check() reports. */
size_t misread_size(const struct field *field, const char *item);

/*
 * Does what stands on the key's line, of a value with more lines, only say in YAML, a
 * shell or Python that a text follows? Returns 0, or -1 as above.
 */
int misread_check_begin(const struct value *value, struct err *err);

#endif
