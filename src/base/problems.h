/* SPDX-License-Identifier: MIT */
/*
 * A list of mistakes, each with its place, so that all of them are told at once.
 */
#ifndef BASE_PROBLEMS_H
#define BASE_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

/* Where something was written. `file` NULL: the command line or nowhere. */
struct place {
	const char *file;
	int line;   /* from 1; 0: the file as a whole */
	int column; /* from 1; 0: the line as a whole */
};

struct problem {
	struct place at;
	const char *text;
};

#define PROBLEMS_MAX 200 /* more are counted and not kept */

struct problems {
	struct arena arena;
	struct problem *list;
	size_t count;
	size_t left_out;
};

#define PROBLEMS_INIT \
	{ \
		.arena = ARENA_INIT \
	}

/* Adds one; the text is copied, the file's name is not. */
__attribute__((format(printf, 3, 4))) void problems_add(
	struct problems *problems, struct place at, const char *format, ...);

/* An error that names its place itself ("file:12: …"), unless that is in the list. */
void problems_add_text(struct problems *problems, const char *text);

/* Is there one of that file and line? */
bool problems_at(const struct problems *problems, struct place at);

/* Forgets all but the first `count`. */
void problems_truncate(struct problems *problems, size_t count);

/* By file, line, column. */
void problems_sort(struct problems *problems);

/* "file:12: text", or "file:12:7: text"; lives as long as the list. */
const char *problem_text(struct problems *problems, size_t i);

void problems_release(struct problems *problems);

#endif
