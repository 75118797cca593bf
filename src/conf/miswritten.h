/* SPDX-License-Identifier: MIT */
/* What to write instead of a header or a line that other formats would accept. */
#ifndef CONF_MISWRITTEN_H
#define CONF_MISWRITTEN_H

#include <stddef.h>

struct arena;

/*
 * Judges what stands between '[' and ']'. Returns NULL, or, where there is white space in
 * it, an error that says how it is written; in the arena.
 */
const char *miswritten_header(const char *section, struct arena *arena);

/*
 * The error about a line that is no assignment, of `size` bytes, of which the first
 * `key_size` may be those of a key; in the arena.
 */
const char *miswritten_line(
	const char *line, size_t size, size_t key_size, struct arena *arena);

#endif
