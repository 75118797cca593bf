/* SPDX-License-Identifier: MIT */
/* One command of a shell's text, up to a word of which it is asked what it is read as. */
#ifndef CONF_SHELL_COMMAND_H
#define CONF_SHELL_COMMAND_H

#include "conf/escape.h"
#include "conf/shell_words.h"

/* A command, of which the last word is judged. */
struct shell_command {
	const struct shell_words *words;
	const struct shell_level *level;
	const char *items[SHELL_WORDS_MAX + 3]; /* with the last one, and room for "-c" */
	bool unknown[SHELL_WORDS_MAX + 1];
	size_t count, head;       /* `head` is the one that is run */
	const char *last, *value; /* what goes into it */
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
 * What it is where [[ compares it: a number is arithmetic there, but not in [. The lexer
 * is at the end of the word so far; `next`: what stands behind that, NULL if not known.
 */
enum shell_use shell_find_compared(const struct shell_command *command,
	const struct lexer *lexer, const struct escape_next *next);

#endif
