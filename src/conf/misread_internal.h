/* SPDX-License-Identifier: MIT */
/* The parts of conf/misread.h; what they judge has an x for each byte of its "${…}". */
#ifndef CONF_MISREAD_INTERNAL_H
#define CONF_MISREAD_INTERNAL_H

#include "conf/field.h"

bool misread_is_quote(char c);

/* In quotes as a whole, and in no others? */
bool misread_is_quoted(const char *text, size_t size);

/* Always -1. `quote`: that may be meant, or '\0'; `word`: an item, without its quotes. */
int misread_refuse_quotes(char quote, struct err *err);
int misread_refuse_item_quotes(
	const char *word, size_t size, char quote, struct err *err);

/* A path, or an item of a list of them. */
int misread_check_path(
	const struct field *field, const char *word, size_t size, struct err *err);

/* Lines of NAME=value, or the value of a variable; `ret_at` as in conf/misread.h. */
int misread_check_variables(const struct field *field, const char *text, const char *bare,
	const char **ret_at, struct err *err);

#endif
