/* SPDX-License-Identifier: MIT */
/*
 * The comments between two tokens.
 *
 *	struct comment comment = {.end = from, .next_line = line};
 *	while (comment_next(text, to, &comment))
 *		…	comment.text, comment.size
 */
#ifndef MIGRATION_COMMENT_H
#define MIGRATION_COMMENT_H

#include <stdbool.h>
#include <stddef.h>

struct comment {
	size_t start;
	size_t end;
	int next_line; /* of `end` */

	int line;         /* where it begins */
	const char *text; /* without its signs: "--", or those of a block */
	size_t size;
	bool whole; /* there is nothing else on its lines */
};

/*
 * Goes to the next comment from comment->end up to `to`, between which there are only
 * comments and white space; false if there is none. The text ends with a NUL.
 */
bool comment_next(const char *text, size_t to, struct comment *comment);

#endif
