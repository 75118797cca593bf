/* SPDX-License-Identifier: MIT */
/* The variables of a shell's text that it declares as numbers or as names of others. */
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

struct shell_variables {
	struct buf names; /* each behind its option's letter, with a NUL behind it */
	size_t done;      /* how far the text is read */

	/* Of the command that is at hand there: */
	bool inside, escaped;
	char quote, option;
	struct buf word;
};

/*
 * Reads the text on, to its end. Which commands are run, and when, nobody knows: what is
 * declared anywhere counts from there on.
 */
void shell_variables_read(struct shell_variables *variables, const struct buf *text);

/* What a value that is assigned to this variable is read as. */
enum shell_use shell_variables_use(
	const struct shell_variables *variables, const char *name, size_t size);

void shell_variables_release(struct shell_variables *variables);

#endif
