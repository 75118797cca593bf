/* SPDX-License-Identifier: MIT */
/*
 * Headers and assignments of all files made into one list of sections.
 *
 *	merge_init → reader_read(… merge_line …) for each file → merge_finish
 */
#ifndef CONF_MERGE_H
#define CONF_MERGE_H

#include <stddef.h>

#include "conf/conf.h"
#include "conf/reader.h"

#define SECTIONS_MAX 4096

struct section_list {
	struct section *first;
	struct section *last;
	size_t count;
};

struct merge {
	struct arena *arena;
	const struct schema *schemas;
	struct problems *problems;
	struct section_list sections;
	struct section_list defaults; /* [defaults:kind]; `kind` is the kind they are for */
	struct section *current;      /* NULL: below a header that is wrong */
	const struct schema *schema;  /* of `current` */
};

/* A reader_handler's function: `user` is the struct merge. */
void merge_line(void *user, const struct reader_line *line);

/* Checks what was written, then lets [defaults:kind] fill, then asks for what is missing. */
void merge_finish(struct merge *merge);

#endif
