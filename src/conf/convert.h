/* SPDX-License-Identifier: MIT */
/* One expanded text made into the C type of its field (conf/field.h). */
#ifndef CONF_CONVERT_H
#define CONF_CONVERT_H

#include <stdbool.h>

#include "conf/field.h"

struct conversion {
	struct arena *arena;
	const char *base; /* absolute: where FIELD_PATH starts */
	const char *dir;  /* absolute: where FIELD_READ_PATH starts */
	bool set;         /* written in the section itself */
	bool secret;      /* never quote it */
};

/* "755", "0755", "1777": up to four octal digits. False for anything else. */
bool mode_parse(const char *text, mode_t *ret);

/*
 * Converts `text` to what `slot` points at; an item of a list, to a const char *. Returns
 * 0, or -1 with ERR_CONFIG, whose text does not name the key. Not for FIELD_TEXT.
 */
int convert(const struct field *field, const char *text, const struct conversion *how,
	void *slot, struct err *err);

/* The size of what `slot` points at. */
size_t convert_size(const struct field *field);

/* What `slot` holds where nothing was written, and the field has no default. */
void convert_nothing(const struct field *field, void *slot);

#endif
