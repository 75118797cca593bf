/* SPDX-License-Identifier: MIT */
/*
 * A database in memory with the schema of another one, and no rows.
 *
 *	memory_read_schema()	in a connection to that one
 *	memory_open()		with what was read; then connection_release()
 *
 * Tables and indexes are created anew by the SQL that is stored for them, as VACUUM does
 * it; views and triggers, which may refer to what is missing, are stored as they are. So
 * is a virtual table whose module this SQLite does not have: using it fails as it does in
 * the other database.
 */
#ifndef DB_MEMORY_H
#define DB_MEMORY_H

#include <stddef.h>

struct arena;
struct connection;
struct db_spec;
struct err;

/* A row of sqlite_schema. */
struct memory_object {
	const char *type;
	const char *name;
	const char *table;
	const char *sql; /* NULL: it comes with its table */
};

struct memory_schema {
	struct memory_object *list; /* in the arena */
	size_t count;
	const char *unusable; /* why memory_open() cannot make it, or NULL */
};

/* Reads the schema into the arena. Returns 0, or -1. */
int memory_read_schema(struct connection *connection, struct arena *arena,
	const struct memory_schema **ret, struct err *err);

/*
 * Opens a database in memory with this schema; with NULL it is empty. Returns 0; 1 if the
 * schema cannot be made here, with the reason in `err`, and the connection is to be
 * released all the same; or -1.
 */
int memory_open(struct connection *connection, const struct db_spec *spec,
	const struct memory_schema *schema, struct err *err);

#endif
