/* SPDX-License-Identifier: MIT */
/*
 * Keys of a document (conf/document.h) that are set to values which are no text of its
 * format yet, as those of variables.
 */
#ifndef CONF_DOCUMENT_ASSIGN_H
#define CONF_DOCUMENT_ASSIGN_H

#include "conf/document.h"

struct arena;
struct buf;
struct err;

struct document_value {
	const char *section; /* "" for none; of json, properties: begins the key */
	const char *key;
	const char *value;
	const char *from; /* what it comes from, for errors */
};

/*
 * Sets the keys in the text and appends the new one to `to`, as document_edit() does;
 * what is new there is in the order of its names. A value is written as the format needs
 * it. Of json a number or boolean is one, null removes the member, and all else is a
 * string; but where the text has a string, each value becomes one. A key of json is its
 * path, which leads through objects alone, by the longest names that there are.
 *
 * The values are sorted meanwhile, `arena` is for the work. Returns 0, or -1 with
 * ERR_CONFIG, also for two values of one key, and for a key or value that cannot stand in
 * the format. Not for NONE and LINES, which have no keys to be set.
 */
int document_assign(enum document_format format, const char *file, const char *text,
	size_t size, struct document_value *values, size_t count, struct arena *arena,
	struct buf *to, struct err *err);

#endif
