/* SPDX-License-Identifier: MIT */
/*
 * SQL of a schema without what makes no difference: white space, comments, upper and
 * lower case of words and names, and quotes around a name.
 *
 * Where SQLite knows no name "X", it takes it for the text 'X', in which case matters. So
 * it is a name here if something in the schema has that name, except as a default.
 *
 *	schema_names_add() of each object and column, schema_names_sort(), schema_text()
 */
#ifndef DB_SCHEMA_TEXT_H
#define DB_SCHEMA_TEXT_H

#include <stddef.h>

struct arena;

struct schema_names {
	const char **list;
	size_t count;
};

/* Adds a name, which is not copied. */
void schema_names_add(struct schema_names *names, struct arena *arena, const char *name);

void schema_names_sort(struct schema_names *names);

/* Returns the SQL in that form, in the arena. */
const char *schema_text(
	const char *sql, const struct schema_names *names, struct arena *arena);

#endif
