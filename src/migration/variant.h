/* SPDX-License-Identifier: MIT */
/*
 * One migration for several databases: 02_fix.sql, 02_fix.postgres.sql,
 * 02_fix.sqlite.up.sql. The word before the ending says which one a file is for; that of
 * a directory is all of its name.
 */
#ifndef MIGRATION_VARIANT_H
#define MIGRATION_VARIANT_H

#include <stdbool.h>

struct arena;

/* The databases that are known, by the first of their words; NULL-terminated. */
extern const char *const variant_databases[];

/* The same in a line, for help. */
#define VARIANT_DATABASES \
	"sqlite, postgres, mysql, mariadb, cockroach, mssql, oracle, clickhouse, db2, " \
	"h2, duckdb, snowflake, bigquery, redshift, spanner, yugabyte, tidb, vertica, " \
	"firebird"

/* Returns the database that a word names ("pg": "postgres"), or NULL. */
const char *variant_of(const char *word);

/*
 * If a file's name has such a word, returns its database and sets `ret_plain` to the name
 * without the word, in the arena; else returns NULL.
 */
const char *variant_split(const char *file, struct arena *arena, const char **ret_plain);

#endif
