/* SPDX-License-Identifier: MIT */
/* Which database a file is for, by its name. */
#include "../unit.h"
#include "base/mem.h"
#include "migration/variant.h"

/* Expects "DATABASE PLAIN", or "" where the name does not say one. */
static void expect(const char *file, const char *wanted)
{
	struct arena arena = {0};
	char got[100] = "";
	const char *plain;
	const char *database = variant_split(file, &arena, &plain);

	if (database)
		(void)snprintf(got, sizeof got, "%s %s", database, plain);
	assert_string_equal(got, wanted);
	arena_release(&arena);
}

static void files(void **state)
{
	(void)state;
	expect("02_fix.postgres.sql", "postgres 02_fix.sql");
	expect("02_fix.postgresql.sql", "postgres 02_fix.sql");
	expect("02_fix.PG.sql", "postgres 02_fix.sql");
	expect("02_fix.sqlite3.sql", "sqlite 02_fix.sql");
	expect("02_fix.postgres.up.sql", "postgres 02_fix.up.sql");
	expect("02_fix.up.postgres.sql", "postgres 02_fix.up.sql");
	expect("02_fix.mysql.down.sql", "mysql 02_fix.down.sql");
	expect("V1.2__fix.crdb.sql", "cockroach V1.2__fix.sql");
	expect("schema.sqlserver.sql", "mssql schema.sql");
	expect("02.postgres.sql", "postgres 02.sql");
}

/* As the manual lists them. */
static void words_that_mean_the_same(void **state)
{
	static const char *const pairs[][2] = {{"sqlite3", "sqlite"},
		{"postgresql", "postgres"}, {"pg", "postgres"}, {"pgsql", "postgres"},
		{"psql", "postgres"}, {"cockroachdb", "cockroach"}, {"crdb", "cockroach"},
		{"sqlserver", "mssql"}, {"tsql", "mssql"}, {"oci8", "oracle"},
		{"plsql", "oracle"}, {"yugabytedb", "yugabyte"}, {"ysql", "yugabyte"}};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		assert_string_equal(variant_of(pairs[i][0]), pairs[i][1]);
}

static void no_word(void **state)
{
	(void)state;
	expect("02_fix.sql", "");
	expect("02_fix.up.sql", "");
	expect("02_v1.2_fix.sql", "");
	expect("02_fix.postgres_too.sql", "");
	expect("02_postgres.sql", "");
	expect("02_fix.postgres.v2.sql", "");
	expect("postgres.sql", "");
	expect(".postgres.sql", "");
	expect("up.sql", "");
	expect("sql", "");
	expect("", "");
}

static void directories(void **state)
{
	(void)state;
	assert_string_equal(variant_of("SQLite"), "sqlite");
	assert_null(variant_of("2024_postgres"));
	assert_null(variant_of(""));
}

static void the_help_has_all_of_them(void **state)
{
	char line[400] = "";

	(void)state;
	for (size_t i = 0; variant_databases[i]; i++) {
		size_t size = strlen(line);

		(void)snprintf(line + size, sizeof line - size, "%s%s", i ? ", " : "",
			variant_databases[i]);
	}
	assert_string_equal(VARIANT_DATABASES, line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files),
		cmocka_unit_test(words_that_mean_the_same),
		cmocka_unit_test(no_word),
		cmocka_unit_test(directories),
		cmocka_unit_test(the_help_has_all_of_them),
	};

	return cmocka_run_group_tests_name("migration/variant", tests, NULL, NULL);
}
