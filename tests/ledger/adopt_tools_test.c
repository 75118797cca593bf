/* SPDX-License-Identifier: MIT */
/* The ledger of each tool, and what it says was applied. */
#include "../db/ledgers.h"
#include "ledger/adopt_tools.h"

/* Files "name\0text\0…", as pairs; the database; what is taken over and what is left. */
struct ledger_case {
	const char *tool;
	const char *files[8];
	const char *sql;
	const char *adopted; /* "001 002" */
	const char *pending;
};

static const struct ledger_case cases[] = {
	{"dbmate", {"001_a.sql", A, "002_b.sql", B, "010_c.sql", C},
		DBMATE "INSERT INTO schema_migrations VALUES('001'), ('002');", "001 002",
		"010"},
	{"golang-migrate",
		{"000001_a.up.sql", A, "000002_b.up.sql", B, "000010_c.up.sql", C},
		GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(2, 0);",
		"000001 000002", "000010"},
	/* 2 was rolled back, and 1 was, and was applied again. */
	{"goose", {"00001_a.sql", A, "00002_b.sql", B},
		GOOSE GOOSE_ROW "(1, 1), (2, 1), (2, 0), (1, 0), (1, 1);", "00001",
		"00002"},
	{"sqlx", {"1_a.sql", A, "02_b.up.sql", B, "10_c.sql", C},
		SQLX SQLX_ROW "(1, 'a', 1, x'" A_SHA384 "', 5), "
			      "(2, 'b', TRUE, x'" B_SHA384 "', 5);",
		"1 02", "10"},
	{"diesel",
		{"2024-01-01-000000_a/up.sql", A, "00000000000000_b/up.sql", B,
			"2024-01-02-000000_c/up.sql", C},
		DIESEL "INSERT INTO __diesel_schema_migrations(version) "
		       "VALUES('00000000000000'), ('20240101000000');",
		"00000000000000 2024-01-01-000000", "2024-01-02-000000"},
	{"refinery", {"V1__a.sql", A, "V12__b_c.sql", B, "V13__c.sql", C},
		REFINERY "INSERT INTO refinery_schema_history VALUES"
			 "(1, 'a', '2024-01-01T00:00:00Z', '" A_SIPHASH "'), "
			 "(12, 'b_c', '2024-01-01T00:00:00Z', '" B_SIPHASH "');",
		"1 12", "13"},
	{"flyway", {"V1__a.sql", A, "V1_10__b.sql", B, "V2__c.sql", C},
		FLYWAY FLYWAY_ROW
		"(1, '1', 'a', 'SQL', 'V1__a.sql', " A_CRC32 ", '', 1, 1), "
		"(2, '1.10', 'b', 'SQL', 'V1_10__b.sql', " B_CRC32 ", '', 1, 1);",
		"1 1_10", "2"},
	/* The first attempt was rolled back; then its file had other ends of lines. */
	{"prisma",
		{"20240101000000_a/migration.sql", A, "20240102000000_b/migration.sql",
			B},
		PRISMA PRISMA_ROW "('u1', '" A_SHA256
				  "', NULL, '20240101000000_a', 1704067200000, 1), "
				  "('u2', '" A_CRLF_SHA256
				  "', 1704067200000, '20240101000000_a', NULL, 2);",
		"20240101000000", "20240102000000"},
	{"drizzle", {"0000_a.sql", A, "0001_b.sql", B, "0002_c.sql", C},
		DRIZZLE DRIZZLE_ROW "('" A_SHA256 "', 1700000000000), "
				    "('" B_SHA256 "', 1700000000001);",
		"0000 0001", "0002"},
	/* Two files with the same text: each row is one of them. */
	{"drizzle", {"0000_a.sql", "SELECT 1;", "0001_b.sql", "SELECT 1;"},
		DRIZZLE DRIZZLE_ROW
		"('17db4fd369edb9244b9f91d9aeed145c3d04ad8ba6e95d06247f"
		"07a63527d11a', 1700000000000);",
		"0000", "0001"},
	{"drizzle",
		{"20240101000000_a/migration.sql", A, "20240102000000_b/migration.sql",
			B},
		DRIZZLE_1 "INSERT INTO __drizzle_migrations(hash, created_at, name) "
			  "VALUES('" A_SHA256 "', 1704067200000, '20240101000000_a');",
		"20240101000000", "20240102000000"},
	{"d1", {"0001_a.sql", A, "0002_b.sql", B},
		D1 "INSERT INTO d1_migrations(name) VALUES('0001_a.sql');", "0001",
		"0002"},
	{"sql-migrate", {"1_a.sql", A, "2_b.sql", B},
		SQL_MIGRATE "INSERT INTO gorp_migrations VALUES('1_a.sql', 'now');", "1",
		"2"},
	{"alembic",
		{"001_1975ea83b712_a.sql", A, "002_ae1027a6acf0_b.sql", B,
			"003_27c6a30d7c24.sql", C},
		ALEMBIC "INSERT INTO alembic_version VALUES('ae1027a6acf0');", "001 002",
		"003"},
	{"alembic", {"0001_a.sql", A, "0002_b.sql", B},
		ALEMBIC "INSERT INTO alembic_version VALUES('0001');", "0001", "0002"},
	{"user_version", {"1_a.sql", A, "2_b.sql", B, "10_c.sql", C},
		"CREATE TABLE a (x); PRAGMA user_version = 2;", "1 2", "10"},
};
#define CASES (sizeof cases / sizeof *cases)

static void check_case(struct world *world, const struct ledger_case *one)
{
	if (check(world) != 1)
		fail_msg("%s: %s", one->tool, world->err.text);
	assert_string_equal(adopted(world), one->adopted);
	assert_string_equal(pending(world), one->pending);
	for (size_t i = 0; i < world->report.work.adopted_count; i++)
		assert_string_equal(world->report.work.origins[i].tool, one->tool);
}

static void each_tool_is_taken_over(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < CASES; i++) {
		start_over(world);
		files(cases[i].files);
		(void)sql(world, cases[i].sql);
		prepare(world, cases[i].tool, NULL);
		check_case(world, &cases[i]);
		if (strcmp(cases[i].tool, "user_version") == 0)
			continue;
		prepare(world, "auto", NULL);
		check_case(world, &cases[i]);
	}
}

/* With them on, its migrations may need what ours are without. */
static void each_tool_has_foreign_keys_on_or_off(void **state)
{
	static const char build[] = "on in most builds of its library";
	static const struct {
		const char *tool, *keys;
	} tools[] = {{"dbmate", "off"}, {"golang-migrate", "off"}, {"goose", "off"},
		{"sqlx", "on"}, {"diesel", build}, {"refinery", build}, {"flyway", "off"},
		{"prisma", build}, {"drizzle", build}, {"d1", "on"},
		{"sql-migrate", "off"}, {"alembic", "off"}};
	struct adopt_described found;
	size_t i = 0;

	(void)state;
	for (; adopt_tool_describe(i, &found); i++) {
		assert_true(i < sizeof tools / sizeof *tools);
		assert_string_equal(found.name, tools[i].tool);
		assert_string_equal(found.foreign_keys, tools[i].keys);
	}
	assert_int_equal(i, sizeof tools / sizeof *tools);
}

static void flyway_has_rows_of_other_types(void **state)
{
	static const char *const some[8] = {"V2__a.sql", A, "V3__b.sql", B,
		"R__some_views.sql", "CREATE VIEW v AS SELECT 1;\n"};
	struct world *world = *state;

	start_over(world);
	files(some);
	(void)sql(world,
		FLYWAY FLYWAY_ROW
		"(0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '', NULL, '', 0, "
		"1), "
		"(1, '1', '<< Flyway Baseline >>', 'BASELINE', '', NULL, '', 0, 1), "
		"(2, '2', 'a', 'SQL', 'V2__a.sql', " A_CRC32 ", '', 1, 1), "
		"(3, '3', 'b', 'SQL', 'V3__b.sql', " B_CRC32 ", '', 1, 1), "
		"(4, '3', 'b', 'UNDO_SQL', 'U3__b.sql', 1, '', 1, 1), "
		"(5, NULL, 'some views', 'SQL', 'R__some_views.sql', 895998086, '', 1, "
		"1), "
		"(6, NULL, 'gone', 'SQL', 'R__gone.sql', 5, '', 1, 1);");
	prepare(world, "flyway", NULL);
	world->spec.ledger.unknown = LEDGER_REFUSE;
	assert_int_equal(check(world), 1);
	assert_string_equal(adopted(world), "2 R__some_views");
	assert_string_equal(pending(world), "3");
	/* An undo that failed reverts nothing as a whole. */
	(void)sql(world,
		"UPDATE flyway_schema_history SET success = 0 "
		"WHERE installed_rank = 4");
	refused(world, "says that 3 was not applied as a whole");
	(void)sql(world,
		"UPDATE flyway_schema_history SET success = 1 "
		"WHERE installed_rank = 4");
	/* One that was changed runs again. */
	put("m/R__some_views.sql", "CREATE VIEW w AS SELECT 1;\n");
	load(world);
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.work.pending_count, 2);
	/* All up to the baseline are in. */
	(void)sql(world,
		"UPDATE flyway_schema_history SET version = '2.5' "
		"WHERE type = 'BASELINE'");
	(void)sql(world, "DELETE FROM flyway_schema_history WHERE version = '2'");
	assert_int_equal(check(world), 1);
	assert_string_equal(adopted(world), "2");
	/* What it has begun with is about no migration. */
	(void)sql(world, "DELETE FROM flyway_schema_history WHERE type <> 'SCHEMA'");
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.work.adopted_count, 0);
	assert_says(world->logged.data,
		"the ledger of flyway, 'flyway_schema_history', "
		"is empty");
}

static void dirty_ledgers_are_refused(void **state)
{
	static const struct {
		const char *tool, *sql, *found;
	} dirty[] = {
		{"golang-migrate",
			GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(2, 1);",
			"2 was not applied as a whole (dirty = 1)"},
		{"golang-migrate",
			GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(2, NULL);",
			"2 was not applied as a whole (dirty = NULL)"},
		{"golang-migrate",
			GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(-1, TRUE);",
			"-1 was not applied as a whole (dirty = 1)"},
		{"sqlx",
			SQLX SQLX_ROW "(1, '', 1, x'" A_SHA384
				      "', 5), (2, '', 0, '', 0);",
			"2 was not applied as a whole (success = 0)"},
		{"sqlx", SQLX SQLX_ROW "(1, '', 'yes', x'" A_SHA384 "', 5);",
			"1 was not applied as a whole (success = 'yes')"},
		{"flyway",
			FLYWAY FLYWAY_ROW "(1, '1', '', 'SQL', '', " A_CRC32
					  ", '', 1, 0);",
			"1 was not applied as a whole (success = 0)"},
		{"prisma",
			PRISMA PRISMA_ROW "('1', '" A_SHA256 "', NULL, '1_a', NULL, 1), "
					  "('2', '" A_SHA256 "', 2, '1_a', NULL, 2);",
			"1_a was not applied as a whole (finished_at = NULL)"},
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof dirty / sizeof *dirty; i++) {
		plain(world, dirty[i].sql);
		prepare(world, dirty[i].tool, NULL);
		refused(world, dirty[i].found);
		assert_says(shown(&world->err), "the database was left as it is: ");
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_tool_is_taken_over),
		cmocka_unit_test(each_tool_has_foreign_keys_on_or_off),
		TEST(flyway_has_rows_of_other_types),
		TEST(dirty_ledgers_are_refused),
	};

	return cmocka_run_group_tests_name("db/adopt_tools", tests, NULL, NULL);
}
