/* SPDX-License-Identifier: MIT */
/*
 * The physical lines of one value, gathered, and the forms that are made of them
 * (conf/value.h: flat, quoted, text). The lines point into the file's text.
 */
#ifndef CONF_LINES_H
#define CONF_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "conf/value.h"

struct line {
	const char *begin; /* of the physical line that it is in */
	const char *text;  /* without its line ending */
	size_t size;
	int number; /* from 1 */
};

struct lines {
	struct line first; /* what stands behind the "=" */
	struct line *more; /* the indented lines below it, blank ones among them */
	size_t count;
};

/* Cuts blanks and tabs off both ends. */
struct line line_trim(struct line line);
bool line_blank(const struct line *line);

void lines_start(struct lines *lines, struct line first);
void lines_add(struct lines *lines, struct arena *arena, struct line line);

/*
 * Makes the value; `*ret` is NULL where nothing was written. Returns false where it is
 * longer than `limit` bytes. The caller fills in `at.file`, `text_at.file` and `dir`.
 */
bool lines_value(
	const struct lines *lines, size_t limit, struct arena *arena, struct value **ret);

#endif
