/* SPDX-License-Identifier: MIT */
/*
 * SQL of a schema without what makes no difference: white space, comments, upper and
 * lower case of words and names, and quotes around a name.
 *
 * Where SQLite knows no name "X", it takes it for the text 'X', in which case matters. So
 * it is a name here if something in the schema has that name, except as a default.
 *
 *	schema_names_add() of each object and column, then schema_text() of each text
 */
#ifndef DB_SCHEMA_TEXT_H
#define DB_SCHEMA_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct schema_names {
	const char **list;
	size_t count;
	bool sorted; /* which they are once one of them is looked for */
};

/* Adds a name, which is not copied. */
void schema_names_add(struct schema_names *names, struct arena *arena, const char *name);

/* Returns the SQL in that form, in the arena. */
const char *schema_text(const char *sql, struct schema_names *names, struct arena *arena);

#endif
