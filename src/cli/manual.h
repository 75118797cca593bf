/* SPDX-License-Identifier: MIT */
/*
 * The manual pages. Their prose stands in src/cli/NAME.SECTION.md, which the build makes
 * a string; a line "@keys app" in it stands for what the program's own tables say.
 */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "cli/page.h"

struct command;

struct manual {
	struct page_title title; /* by whose name it is asked for */
	const char *text;
};

extern const struct manual manuals[]; /* ends with a NULL text */

/* The manual of that name ("groundwork", "groundwork.1"), or NULL. */
const struct manual *manual_find(const char *name);

void manual_print(const struct manual *manual, const struct command *commands,
	const struct page_format *format, struct buf *ret);

/*
 * Prints, below the text `lead` (may be ""), what the manuals say of a word: what is
 * called by it or has it as code, or, if there is nothing such, what mentions it. Returns
 * whether there is something; else nothing is printed.
 */
bool manual_print_about(const char *word, const char *lead,
	const struct command *commands, const struct page_format *format,
	struct buf *ret);

/* Made by the build. */
extern const char manual_groundwork_text[];
extern const char manual_groundwork_ini_text[];

#endif
