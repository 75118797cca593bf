/* SPDX-License-Identifier: MIT */
/* Names of files, for a message that has all of them. All zero is empty. */
#ifndef MIGRATION_NAMES_H
#define MIGRATION_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

struct names {
	const char **list;
	size_t count;
};

/* Adds a name, which is not copied. */
void names_add(struct names *names, const char *name);

void names_sort(struct names *names);

/* Is the name one of those, which are sorted? */
bool names_has(const struct names *names, const char *name);

/* Sorts them, and appends the first `max` with commas: "a, b and 3 more". */
void names_print(struct names *names, size_t max, struct buf *to);

void names_release(struct names *names);

#endif
