/* SPDX-License-Identifier: MIT */
/*
 * Headers and assignments of all files made into one list of sections.
 *
 *	struct merge merge = {.arena = …, .schemas = …, .problems = …};
 *	reader_read(… merge_line …) for each drop-in
 *	merge_finish(&merge);
 *	merge.module = …; reader_read(…), manifest_read(…) for each module
 *	merge_overrides(&merge); merge_finish(&merge);
 *
 * A module's sections have its name in front of theirs. A drop-in names one of them so,
 * [kind:module/name], and says more of it: these lines wait until the modules were read.
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
	const struct log *log; /* for warnings; may be NULL */
	struct section_list sections;
	struct section_list defaults; /* [defaults:kind]: a section of that kind each */
	struct section *current;      /* NULL: below a wrong header */
	bool repeated; /* that header is in the file already, which was reported */
	const struct schema *schema; /* of `current` */
	const char *text;            /* the last key, if its lines are a text; or NULL */
	struct place text_end; /* its last line, if a header may be meant to follow */
	const char *module;    /* whose files are read; NULL: drop-ins */
	struct reader_line *overrides;
	size_t overrides_count;
	const struct list *disabled; /* modules, whose overrides say nothing; or NULL */
	bool keeping;                /* the lines below the last header are overrides */
	bool overriding;             /* they are read */
	struct section *finished;    /* the last one; NULL: none */
};

/* A reader_handler's function: `user` is the struct merge. */
void merge_line(void *user, const struct reader_line *line);

/* Reads what waits for the modules. What names none of their sections is an error. */
void merge_overrides(struct merge *merge);

/*
 * complete.c: checks what was written, fills from [defaults:kind], finds missing keys: of
 * all sections that are new since the last time.
 */
void merge_finish(struct merge *merge);

/*
 * complete.c: where a section of a drop-in is wrong and a module has one of that name,
 * the error says how that one is called.
 */
void merge_hint_modules(struct merge *merge);

/* The section of that kind and name, or NULL. */
struct section *merge_find(const struct merge *merge, const char *kind, const char *name);

/* Is it a name of a section, or of a module's directory? */
bool is_section_name(const char *name);

/* ---- shared by merge.c and complete.c ---- */

const struct schema *schema_find(const struct schema *schemas, const char *kind);

/* The kind's own field of that name, or the common one, or that of variables, or NULL. */
const struct field *schema_field(const struct schema *schema, const char *key);

#endif
