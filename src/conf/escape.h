/* SPDX-License-Identifier: MIT */
/*
 * Making a value safe inside the quotes of a format: json, yaml, toml, nginx and xml
 * stand in double quotes, shell and sql in single ones, ini is the rest of a line.
 */
#ifndef CONF_ESCAPE_H
#define CONF_ESCAPE_H

#include <stdbool.h>

struct buf;
struct err;

enum escape { ESCAPE_NONE, ESCAPE_JSON, ESCAPE_SHELL, ESCAPE_SQL };

/* NULL-terminated, in the order of the enum: also the choices of the key `escape`. */
extern const char *const escape_names[];

bool escape_find(const char *name, enum escape *ret);

/* What the ending of a path suggests: ".json" gives json, an unknown one none. */
enum escape escape_for_path(const char *path);

/* Appends `value` made safe; -1 where it cannot be made safe there (a NUL, say). */
int escape_add(enum escape escape, const char *value, struct buf *ret, struct err *err);

#endif
