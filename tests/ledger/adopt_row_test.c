/* SPDX-License-Identifier: MIT */
/* Rows of other tools' ledgers that these tools do not make. */
#include "../db/ledgers.h"

static const struct {
	const char *tool, *sql, *found;
} damaged[] = {
	{"dbmate", DBMATE "INSERT INTO schema_migrations VALUES('1'), (NULL);",
		"something else than a text in row "},
	{"dbmate", DBMATE "INSERT INTO schema_migrations VALUES(x'31');",
		"something else than a text in row 1"},
	{"dbmate", DBMATE "INSERT INTO schema_migrations VALUES(CAST(x'3100' AS TEXT));",
		"a NUL byte in row 1"},
	{"golang-migrate",
		GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES('two', 0);",
		"something else than a number in row 1"},
	{"dbmate", DBMATE "INSERT INTO schema_migrations VALUES('1'), ('zzz');",
		"a version that is not digits, in row 2"},
	{"dbmate", DBMATE "INSERT INTO schema_migrations VALUES('');",
		"an empty name in row 1"},
	{"golang-migrate",
		GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(1, 0), "
			       "(2, 0);",
		"a second version, where it has one, in row 2"},
	{"golang-migrate", GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(-1, 0);",
		"a negative version in row 1"},
	{"golang-migrate",
		GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(NULL, 0);",
		"something else than a number in row 1"},
	{"goose", GOOSE GOOSE_ROW "(1.5, 1);", "something else than a number in row 2"},
	{"goose", GOOSE GOOSE_ROW "(-1, 1);", "a negative version in row 1"},
	{"goose", GOOSE GOOSE_ROW "(1, 'x');", "is_applied = 'x' in row 2"},
	/* It does not count, since a newer one does. */
	{"goose", GOOSE GOOSE_ROW "(1, 2), (1, 1);", "is_applied = 2 in row 2"},
	{"goose",
		"CREATE TABLE goose_db_version(id, version_id, is_applied, "
		"tstamp);" GOOSE_ROW "(NULL, 1);",
		"something else than a number in row 1"},
	{"sqlx", SQLX SQLX_ROW "(-1, '', 1, x'00', 0);", "a negative version in row 1"},
	{"sqlx",
		"CREATE TABLE _sqlx_migrations(version, description, "
		"installed_on, success, checksum, execution_time);" SQLX_ROW
		"(1, '', 1, x'00', 0), (1, '', 1, x'00', 0);",
		"1 a second time in row 2"},
	{"sqlx", SQLX SQLX_ROW "('1x', '', 1, x'00', 0);",
		"something else than a number in row 1"},
	{"diesel",
		DIESEL "INSERT INTO __diesel_schema_migrations(version) "
		       "VALUES('');",
		"an empty name in row 1"},
	{"alembic", ALEMBIC "INSERT INTO alembic_version VALUES ('1'), ('b');",
		"a second head, which `alembic merge heads` joins with the first, in row "
		"2"},
	{"refinery",
		REFINERY "INSERT INTO refinery_schema_history VALUES"
			 "(NULL, 'a', '', '1');",
		"something else than a number in row 1"},
	{"refinery",
		REFINERY "INSERT INTO refinery_schema_history VALUES"
			 "(-2, 'a', '', '1');",
		"a negative version in row 1"},
	{"flyway", FLYWAY FLYWAY_ROW "(1, 'zzz', '', 'SQL', '', 1, '', 1, 1);",
		"'zzz', which is no version, in row 1"},
	{"flyway", FLYWAY FLYWAY_ROW "(1, '', '', 'SQL', '', 1, '', 1, 1);",
		"an empty name in row 1"},
	{"flyway", FLYWAY FLYWAY_ROW "(1, '1x', '', 'SQL', '', 1, '', 1, 1);",
		"'1x', which is no version, in row 1"},
	{"flyway", FLYWAY FLYWAY_ROW "(1, '1..2', '', 'SQL', '', 1, '', 1, 1);",
		"'1..2', which is no version, in row 1"},
	{"flyway", FLYWAY FLYWAY_ROW "(1, '.1', '', 'SQL', '', 1, '', 1, 1);",
		"'.1', which is no version, in row 1"},
	{"flyway", FLYWAY FLYWAY_ROW "(1, '-1', '', 'SQL', '', 1, '', 1, 1);",
		"'-1', which is no version, in row 1"},
	{"flyway", FLYWAY FLYWAY_ROW "(1, 'zzz', '', 'BASELINE', '', 1, '', 1, 1);",
		"'zzz', which is no version, in row 1"},
	{"flyway", FLYWAY FLYWAY_ROW "(1, NULL, '', 'BASELINE', '', 1, '', 1, 1);",
		"a baseline without a version, in row 1"},
	{"flyway", FLYWAY FLYWAY_ROW "('x', '1', '', 'SQL', '', 1, '', 1, 1);",
		"an installed_rank that is no number, in row 1"},
	{"flyway",
		FLYWAY FLYWAY_ROW "(1, '1', '', 7.5e0, x'', 1, '', 1, 1), "
				  "(2, '2', '', x'00', '', 1, '', 1, 1);",
		"a type that is no text, in row 2"},
	{"prisma", PRISMA PRISMA_ROW "('1', '', 1, '', NULL, 1);",
		"an empty name in row 1"},
	{"prisma",
		PRISMA PRISMA_ROW "('1', '', 1, '1_a', NULL, 1), "
				  "('2', '', 1, '1_a', NULL, 1);",
		"it has '1_a' twice; the database"},
	{"drizzle", DRIZZLE DRIZZLE_ROW "('" A_SHA256 "', 'now');",
		"a created_at that is no number, in row 1"},
	{"drizzle", DRIZZLE DRIZZLE_ROW "('', 1);", "an empty name in row 1"},
	{"drizzle",
		DRIZZLE_1 "INSERT INTO __drizzle_migrations(hash, created_at) "
			  "VALUES('" A_SHA256 "', 1);",
		"something else than a text in row 1"},
	{"d1", D1 "INSERT INTO d1_migrations(name) VALUES('1_a.sql'), (NULL);",
		"something else than a text in row 2"},
	{"d1", D1 "INSERT INTO d1_migrations(name) VALUES('');",
		"an empty name in row 1"},
	{"sql-migrate", SQL_MIGRATE "INSERT INTO gorp_migrations VALUES('', '');",
		"an empty name in row 1"},
	{"dbmate",
		DBMATE "INSERT INTO schema_migrations WITH RECURSIVE e(x) AS (SELECT 1 "
		       "UNION ALL SELECT x + 1 FROM e LIMIT 100001) SELECT x FROM e;",
		"more than 100000 rows"},
	{"dbmate",
		DBMATE "INSERT INTO schema_migrations WITH RECURSIVE e(x) AS (SELECT 1 "
		       "UNION ALL SELECT x + 1 FROM e LIMIT 17) "
		       "SELECT x || hex(zeroblob(2097152)) FROM e;",
		"or 64 MiB"},
};

static void damaged_rows_are_refused(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
		plain(world, damaged[i].sql);
		prepare(world, damaged[i].tool, NULL);
		refused(world, damaged[i].found);
		assert_says(shown(&world->err), "the ledger of ");
		assert_says(shown(&world->err), damaged[i].tool);
	}
}

/* What sorts them needs no file. */
static void a_large_ledger_is_read(void **state)
{
	static const char *const flyways[8] = {"V1__a.sql", A, "V2__b.sql", B};
	struct world *world = *state;

	start_over(world);
	(void)sql(world,
		FLYWAY
		"INSERT INTO flyway_schema_history WITH RECURSIVE e(x) AS (SELECT "
		"1 UNION ALL SELECT x + 1 FROM e LIMIT 20000) SELECT x, NULL, "
		"printf('view %050d', x), 'SQL', '', x, '', '', 1, 1 FROM e; "
		"UPDATE flyway_schema_history SET version = '1', checksum = " A_CRC32
		" WHERE installed_rank = 1; "
		"UPDATE flyway_schema_history SET version = '2', checksum = " B_CRC32
		" WHERE installed_rank = 2;");
	files(flyways);
	prepare(world, "flyway", NULL);
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.work.adopted_count, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(damaged_rows_are_refused),
		TEST(a_large_ledger_is_read),
	};

	return cmocka_run_group_tests_name("db/adopt_row", tests, NULL, NULL);
}
