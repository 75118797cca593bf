/* SPDX-License-Identifier: MIT */
/*
 * Making a value safe inside the quotes of a format: JSON strings stand in double quotes,
 * values of shell and SQL in single ones.
 *
 * An escape is the index of its row; 0 is "none", which leaves a value as it is. To add
 * one, write its function and its row in escape.c.
 */
#ifndef CONF_ESCAPE_H
#define CONF_ESCAPE_H

struct buf;
struct err;

/* By index, NULL-terminated: also the choices of the key `escape`. */
extern const char *const escape_names[];

/* The escape of that name, or -1. */
int escape_find(const char *name);

/* What the ending of a path suggests: that of json for ".json", 0 for an unknown one. */
int escape_for_path(const char *path);

/*
 * Appends `value` made safe and returns 0, or returns -1 (ERR_CONFIG) where it cannot be
 * made safe there, as bytes that are not UTF-8 in JSON. A value has no NUL byte.
 */
int escape_add(int escape, const char *value, struct buf *ret, struct err *err);

/* For help: where a value is safe ("inside double quotes"); NULL-terminated endings. */
const char *escape_help(int escape);
const char *const *escape_endings(int escape);

#endif
