/* SPDX-License-Identifier: MIT */
/* Lines of the log: for the files of base/log.h alone. */
#ifndef BASE_LOG_INTERNAL_H
#define BASE_LOG_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

#define LOG_INDENT 2 /* of further lines */

/* Where a line goes: into a buffer that grows, or into one in which it is cut. */
struct output {
	struct buf *buf; /* NULL: into `data` */
	char *data;
	size_t size, room;
	size_t fits; /* what of it leaves room for the mark of a cut */
	bool cut;
};

/* Adds it as a whole, or cuts the line, to which nothing is added then. */
void output_add(struct output *to, const char *text, size_t size);
void output_text(struct output *to, const char *text);

#endif
