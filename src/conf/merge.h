/* SPDX-License-Identifier: MIT */
/*
 * Headers and assignments of all files made into one list of sections.
 *
 *	struct merge merge = {.arena = …, .schemas = …, .problems = …};
 *	reader_read(… merge_line …) for each file
 *	merge_finish(&merge);
 */
#ifndef CONF_MERGE_H
#define CONF_MERGE_H

#include <stddef.h>

#include "base/table.h"
#include "conf/conf.h"
#include "conf/reader.h"

#define SECTIONS_MAX 65536

struct section_list {
	struct section *first;
	struct section *last;
	struct table by_id;
	size_t count;
};

struct merge {
	struct arena *arena;
	const struct schema *schemas;
	const char *const *words;                /* of ${word:name} */
	const struct condition_kind *conditions; /* of ${if …} */
	struct problems *problems;
	struct section_list sections;
	struct section_list defaults; /* [defaults:kind]: a section of that kind each */
	struct section *current;      /* NULL: below a wrong header */
	const struct schema *schema;  /* of `current` */
};

/* A reader_handler's function: `user` is the struct merge. */
void merge_line(void *user, const struct reader_line *line);

/* complete.c: checks what was written, fills from [defaults:kind], finds missing keys. */
void merge_finish(struct merge *merge);

/* ---- shared by merge.c and complete.c ---- */

const struct schema *schema_find(const struct schema *schemas, const char *kind);

/* The kind's own field of that name, or the common one, or that of variables, or NULL. */
const struct field *schema_field(const struct schema *schema, const char *key);

struct setting *setting_add(
	struct arena *arena, struct section *section, const char *key);

#endif
