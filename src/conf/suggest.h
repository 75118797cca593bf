/* SPDX-License-Identifier: MIT */
/*
 * What to write instead of a section or a key that there is not: the end of an error, in
 * the arena, or "".
 */
#ifndef CONF_SUGGEST_H
#define CONF_SUGGEST_H

#include <stdbool.h>

struct merge;

/* Of a section; `steps_only`: not of one of settings. */
const char *suggest_kind(const struct merge *merge, const char *word, bool steps_only);

/* Of the id of a module's section. */
const char *suggest_scoped(const struct merge *merge, const char *id);

/* Of a key in merge->current; `ret_near` gets the one that is meant, or NULL. */
const char *suggest_key(
	const struct merge *merge, const char *key, const char **ret_near);

/* Where the line may have been meant as one of a text above. */
const char *suggest_text(const struct merge *merge);

#endif
