/* SPDX-License-Identifier: MIT */
/*
 * The difference of two texts, line by line, in the unified format (POSIX.1-2017, diff
 * -u). The lines that differ are found as in E. W. Myers, "An O(ND) Difference Algorithm
 * and Its Variations", Algorithmica 1 (1986); texts with more than DIFF_EDITS_MAX edits
 * are shown as replaced from the first line that differs to the last.
 */
#ifndef BASE_DIFF_H
#define BASE_DIFF_H

#include <stddef.h>

struct buf;

#define DIFF_EDITS_MAX 512

struct diff_text {
	const char *name; /* for the head */
	const char *data;
	size_t size;
};

/*
 * Appends the difference, with three lines around what differs; nothing where the texts
 * are the same. `hidden` (or NULL) stands for each line that is removed. No line is cut,
 * and no character is escaped.
 */
void diff_unified(const struct diff_text *before, const struct diff_text *after,
	const char *hidden, struct buf *ret);

#endif
