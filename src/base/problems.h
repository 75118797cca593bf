/* SPDX-License-Identifier: MIT */
/*
 * A list of errors, each with its place, so that all of them are reported at once. All
 * zero is empty.
 */
#ifndef BASE_PROBLEMS_H
#define BASE_PROBLEMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/place.h"

struct err;

struct problem {
	struct place at;
	const char *text;
	size_t number; /* of problems that were added before it */
};

#define PROBLEMS_MAX 200 /* more are counted and not kept */

struct problems {
	struct arena arena;
	struct problem *list;
	size_t count;
	size_t added; /* with those that were dropped */
	size_t left_out;
};

/* Adds an error; the text is copied, the file's name is not. */
__attribute__((format(printf, 3, 4))) void problems_add(
	struct problems *problems, struct place at, const char *format, ...);

/* Adds it unless the list has an error of that place and text. */
void problems_add_err(struct problems *problems, const struct err *err);

/* Adds to the text of the first error of that file and line, if there is one. */
void problems_append(struct problems *problems, struct place at, const char *more);

/* How many there are, with those that were left out. */
size_t problems_total(const struct problems *problems);

/* Are there so many that a further one is only counted? */
bool problems_full(const struct problems *problems);

/* Does it have an error of that file, from that line to the last one? */
bool problems_between(const struct problems *problems, struct place at, int last_line);

/* Does it have an error of that file and line? */
bool problems_at(const struct problems *problems, struct place at);

/* Drops all but the first `count`, and forgets those that were left out after them. */
void problems_truncate(struct problems *problems, size_t count);

/* Sorts by place; those of one place stay in the order in which they were added. */
void problems_sort(struct problems *problems);

/* Place and text, as place_text() writes them; lives as long as the list. */
const char *problem_text(struct problems *problems, size_t i);

/*
 * Raises all from `first` on as one error (ERR_CONFIG) with the place of the first of
 * them: "text; file:13: text; and 3 more". Returns -1, or 0 where there is none.
 */
int problems_raise(struct problems *problems, size_t first, struct err *err);

void problems_release(struct problems *problems);

#endif
