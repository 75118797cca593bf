/* SPDX-License-Identifier: MIT */
/* One expanded text made into the C type of its field (conf/field.h). */
#ifndef CONF_CONVERT_H
#define CONF_CONVERT_H

#include <stdbool.h>

#include "conf/field.h"

struct conversion {
	struct arena *arena;
	const char *base; /* absolute: where made paths start */
	const char *dir;  /* absolute: where read paths start */
	bool set;         /* written in the section itself */
	bool secret;      /* never quote it */
};

/* A field of many items: its target is a struct list. */
bool field_is_list(const struct field *field);

/* "755", "0755", "01777", "0o755". */
bool mode_parse(const char *text, mode_t *ret);

/* Converts `text` to what `slot` points at; of a list one item, to a const char *. */
int convert(const struct field *field, const char *text, const struct conversion *how,
	void *slot, struct err *err);

/* What `slot` holds where nothing was written, and the field has no default. */
void convert_nothing(const struct field *field, struct arena *arena, void *slot);

#endif
