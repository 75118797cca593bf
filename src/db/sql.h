/* SPDX-License-Identifier: MIT */
/*
 * SQLite's SQL: what a migration may contain. db_dialect (db.h) is made of it.
 *
 * A statement ends where sqlite3_complete() says so (a trigger's body has semicolons of
 * its own). `PRAGMA foreign_keys` is a setting: authorizer.h sees its value when it is
 * prepared.
 */
#ifndef DB_SQL_H
#define DB_SQL_H

#include <stdbool.h>

/* How long a CREATE statement may be: the schema, which has it, is read with limits. */
#define SQL_SCHEMA_MAX (8 * 1024 * 1024)

/*
 * May a migration use that pragma, by itself or through a virtual table? (Full-text
 * tables use some that SQL must not set.)
 */
bool sql_pragma_allowed(const char *name);

#endif
