/* SPDX-License-Identifier: MIT */
/*
 * Lists of which the first few are named, "a, b, c and 4 more":
 *
 *	for (size_t i = 0; i < count; i++)
 *		listed_add(&text, i, count, 3, "'%s'", names[i]);
 */
#ifndef BASE_LISTED_H
#define BASE_LISTED_H

#include <stddef.h>

struct buf;

/* Appends item `i` of `count`: of those behind the first `most` how many they are. */
__attribute__((format(printf, 5, 6))) void listed_add(
	struct buf *to, size_t i, size_t count, size_t most, const char *format, ...);

#endif
