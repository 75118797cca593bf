/* SPDX-License-Identifier: MIT */
/* Where something was written: what an error in a file is about. */
#ifndef BASE_PLACE_H
#define BASE_PLACE_H

#include <stddef.h>

struct arena;

/* The file's name is not copied: it outlives the place and what carries it. */
struct place {
	const char *file; /* NULL: nowhere, or on the command line */
	int line;         /* from 1; 0: the file as a whole */
	int column;       /* from 1; 0: the line as a whole */
};

/* Order by file, line and column, as strcmp() says it; nowhere comes first. */
int place_compare(const struct place *a, const struct place *b);

/*
 * Writes `text` behind its place, as far as that is known ("file: text",
 * "file:12: text", "file:12:7: text"), like snprintf(): the length of the whole is
 * returned, and what does not fit into `size` is cut.
 */
int place_print(char *to, size_t size, const struct place *at, const char *text);

/* The same in an arena, whole. */
const char *place_text(struct arena *arena, const struct place *at, const char *text);

#endif
