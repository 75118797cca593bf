/* SPDX-License-Identifier: MIT */
/*
 * What a value says to its author and not to us: other formats and shells take away
 * comments behind a value, quotes around it and a "~/" in front. Here they would become
 * part of a path, or of an item of a list, in silence.
 */
#ifndef CONF_MISREAD_H
#define CONF_MISREAD_H

#include "conf/field.h"

/*
 * Judges a value as it was written, its "${…}" left out: so "${X:- #}" and "${X:-~}/a"
 * say that it is meant. Texts, commands and NAME=value lines are never wrong in this way,
 * nor is a FIELD_STRING that is no `path`. Returns 0, or -1 with ERR_CONFIG, whose text
 * says what to write instead of what stands at `ret_at`.
 */
int misread_check(const struct field *field, const char *text, const char **ret_at,
	struct err *err);

/* The size of an item less the comma behind it, which misread_check() reports. */
size_t misread_size(const struct field *field, const char *item);

#endif
