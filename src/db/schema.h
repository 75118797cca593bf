/* SPDX-License-Identifier: MIT */
/*
 * The schema of a database, and how two of them differ.
 *
 * What SQLite itself makes no difference of is none here (schema_text.h). Our ledger and
 * SQLite's own tables are no part of it.
 */
#ifndef DB_SCHEMA_H
#define DB_SCHEMA_H

#include <stddef.h>

struct arena;
struct connection;
struct err;

struct schema_column {
	const char *name;
	const char *text; /* "body TEXT NOT NULL DEFAULT ''" */
	const char *sql;  /* that, without what makes no difference */
};

struct schema_object {
	const char *type; /* "table", "index", "trigger", "view" */
	const char *name;
	const char *table;             /* that it belongs to; a table's own name */
	const char *sql;               /* without what makes no difference */
	struct schema_column *columns; /* of a table that is not virtual */
	size_t columns_count;
};

/* In the order of type and name. */
struct schema {
	struct schema_object *list;
	size_t count;
};

/* Reads it, in the transaction of the connection, into the arena. Returns 0, or -1. */
int schema_read(struct connection *connection, struct arena *arena, struct schema *ret,
	struct err *err);

/*
 * Says how `after` differs from `before`. Returns the number of lines, which `ret` has in
 * the arena: "+ table notes", "- index by_name", "~ table notes: - old TEXT, + body TEXT"
 * and, if its constraints or options differ, ", its constraints".
 */
size_t schema_compare(const struct schema *before, const struct schema *after,
	struct arena *arena, const char ***ret);

#endif
