/* SPDX-License-Identifier: MIT */
/*
 * The variables of a shell's text that it declares as numbers or as names of others, and
 * those that it reads its input into.
 */
#ifndef CONF_SHELL_VARIABLES_H
#define CONF_SHELL_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum shell_use {
	SHELL_TEXT,
	SHELL_NUMBER, /* not even a name is safe: it would be a variable */
	SHELL_CODE,   /* only what means nothing to any shell is safe */
};

/* The commands of one sort in a text. */
struct shell_follower {
	size_t done; /* how far the text is read */

	/* Of the command that is at hand there: */
	bool inside, escaped;
	char quote, option;
	struct buf word;
};

struct shell_variables {
	struct buf names;  /* each behind its option's letter, with a NUL behind it */
	struct buf inputs; /* those that `read` and its like name, with no letter */
	struct buf loop;   /* that of the last `for NAME` that has no `in` in its line */

	/* What a value is read as that any of the declared gets, or any that is read: */
	enum shell_use any, input;
	size_t judged_names, judged_inputs; /* the bytes of both that `input` is of */

	struct shell_follower declared, handed;
};

void shell_variables_init(struct shell_variables *variables);

/*
 * Reads the text on, to its end. Which commands are run, and when, nobody knows: what is
 * declared anywhere counts from there on.
 */
void shell_variables_read(struct shell_variables *variables, const struct buf *text);

/* What a value that is assigned to this variable is read as. */
enum shell_use shell_variables_use(
	const struct shell_variables *variables, const char *name, size_t size);

/* The same of a word in a line that begins with `in`. */
enum shell_use shell_variables_loop(const struct shell_variables *variables);

/* The NAME of a word NAME, or of an option as in -aNAME of that letter, or "". */
const char *shell_variables_option(const char *word, char letter);

void shell_variables_release(struct shell_variables *variables);

#endif
