/* SPDX-License-Identifier: MIT */
/* One migration for several databases. */
#include "migration/variant.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"

#define WORDS_MAX 5

const char *const variant_databases[] = {"sqlite", "postgres", "mysql", "mariadb",
	"cockroach", "mssql", "oracle", "clickhouse", "db2", "h2", "duckdb", "snowflake",
	"bigquery", "redshift", "spanner", "yugabyte", "tidb", "vertica", "firebird",
	NULL};

/* Other words for some of them. */
static const struct {
	const char *database;
	const char *words[WORDS_MAX];
} others[] = {
	{"sqlite", {"sqlite3"}},
	{"postgres", {"postgresql", "pg", "pgsql", "psql"}},
	{"cockroach", {"cockroachdb", "crdb"}},
	{"mssql", {"sqlserver", "tsql"}},
	{"oracle", {"oci8", "plsql"}},
	{"yugabyte", {"yugabytedb", "ysql"}},
};

/* Words that say where a migration goes, which may stand behind that of the database. */
static const char *const directions[] = {"up", "down", NULL};

const char *variant_of(const char *word)
{
	for (size_t i = 0; variant_databases[i]; i++)
		if (strcasecmp(word, variant_databases[i]) == 0)
			return variant_databases[i];
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		for (size_t j = 0; others[i].words[j]; j++)
			if (strcasecmp(word, others[i].words[j]) == 0)
				return others[i].database;
	return NULL;
}

/* The dot before the last word of these `size` bytes, or NULL. */
static const char *last_dot(const char *file, size_t size)
{
	return size > 0 ? memrchr(file, '.', size) : NULL;
}

const char *variant_split(const char *file, struct arena *arena, const char **ret_plain)
{
	const char *end = last_dot(file, strlen(file));
	const char *dot = end ? last_dot(file, (size_t)(end - file)) : NULL;
	const char *database;

	if (dot && str_part_is_among(dot + 1, (size_t)(end - dot) - 1, directions)) {
		end = dot;
		dot = last_dot(file, (size_t)(end - file));
	}
	if (!dot || dot == file)
		return NULL;
	database = variant_of(arena_memdup(arena, dot + 1, (size_t)(end - dot) - 1));
	if (database)
		*ret_plain = arena_printf(arena, "%.*s%s", (int)(dot - file), file, end);
	return database;
}
