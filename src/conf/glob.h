/* SPDX-License-Identifier: MIT */
/*
 * Globs at the beginning or the end of a text, as in POSIX.1-2017 XCU 2.13: "*", "?",
 * "[…]" with "!" or "^", ranges and classes of ASCII ("[:alpha:]"), and a backslash that
 * takes the meaning away. A character is one of UTF-8.
 */
#ifndef CONF_GLOB_H
#define CONF_GLOB_H

#include <stdbool.h>
#include <stddef.h>

struct err;

#define GLOB_MAX 1024 /* characters */

/*
 * How much of the text's beginning (`back`: end) the glob matches: the shortest such
 * part, or the longest; 0 where it matches none. It takes as long as the text times the
 * glob. Returns 0, or -1 where the glob is longer than GLOB_MAX.
 */
int glob_match(const char *glob, const char *text, bool back, bool longest,
	size_t *ret_size, struct err *err);

#endif
