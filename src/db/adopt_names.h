/* SPDX-License-Identifier: MIT */
/* The migrations of one message about adoption: a few are named, the rest is counted. */
#ifndef DB_ADOPT_NAMES_H
#define DB_ADOPT_NAMES_H

#include <stddef.h>

struct arena;

#define ADOPT_NAMED 5 /* of each kind in one message */

/* The migrations of one message: what is said of the first, and how many there are. */
struct adopt_names {
	const char *first[ADOPT_NAMED];
	size_t count;
};

/* Adds one; what is said of it is kept in the arena if there is room. */
__attribute__((format(printf, 3, 4))) void adopt_names_add(
	struct adopt_names *names, struct arena *arena, const char *format, ...);

#endif
