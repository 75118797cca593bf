/* SPDX-License-Identifier: MIT */
/* One command of a shell's text, up to a word of which it is asked what it is read as. */
#ifndef CONF_SHELL_COMMAND_H
#define CONF_SHELL_COMMAND_H

#include "conf/escape.h"
#include "conf/shell_words.h"

enum shell_use {
	SHELL_TEXT,
	SHELL_NUMBER, /* not even a name is safe: it would be a variable */
	SHELL_CODE,   /* only what means nothing to any shell is safe */
};

/* A command, of which the last word is judged. */
struct shell_command {
	const struct shell_words *words;
	const struct shell_level *level;
	const char *items[SHELL_WORDS_MAX + 3]; /* with the last one, and room for "-c" */
	bool unknown[SHELL_WORDS_MAX + 1];
	size_t count, head; /* `head` is the one that is run */
	const char *last;
	bool found;
	struct buf *ret;
};

/* Is the last word the name of a variable, or run later, for this builtin of bash? */
bool shell_takes_names(const struct shell_command *command, const char *name);

/* What `declare` and its like, if this is one, read the last word as. */
enum shell_use shell_find_declared(const struct shell_command *command, const char *name);

/* Is it the NAME of [ -v NAME ]? */
bool shell_is_name_test(const struct shell_command *command);

/*
 * What it is where [[ compares it: a number is arithmetic. The lexer is at the end of the
 * word so far, and `next` is what stands behind that; NULL: not known.
 */
enum shell_use shell_find_compared(const struct shell_command *command,
	const struct lexer *lexer, const struct escape_next *next);

#endif
