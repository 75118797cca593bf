/* SPDX-License-Identifier: MIT */
/*
 * What to write instead of a section or a key that there is not: the end of an error, in
 * the arena, or "".
 */
#ifndef CONF_SUGGEST_H
#define CONF_SUGGEST_H

#include <stdbool.h>

struct field;
struct merge;

/*
 * Of a section; `steps_only`: not of one of settings; `with_name`: the nearest of all,
 * and where none is near, those that have a name.
 */
const char *suggest_kind(
	const struct merge *merge, const char *word, bool steps_only, bool with_name);

/* Of the id of a module's section. */
const char *suggest_scoped(const struct merge *merge, const char *id);

/* Of a key in merge->current; `ret_near` gets the one that is meant, or NULL. */
const char *suggest_key(
	const struct merge *merge, const char *key, const char **ret_near);

/* The field that this is elsewhere, or is said by in another way, or NULL. */
const struct field *suggest_renamed(const struct field *fields, const char *name);

/* Where the line may have been meant as one of a text above. */
const char *suggest_text(const struct merge *merge);

#endif
