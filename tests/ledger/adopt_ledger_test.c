/* SPDX-License-Identifier: MIT */
/* Reading a ledger of another tool: rows, files and their checksums. */
#include "../db/ledgers.h"

static void gaps_follow_out_of_order(void **state)
{
	struct world *world = *state;

	plain(world, DBMATE "INSERT INTO schema_migrations VALUES('1'), ('3');");
	prepare(world, "dbmate", NULL);
	refused(world, "app/2 ('");
	assert_says(shown(&world->err), "before 3): comes before one that is already");
	world->spec.ledger.out_of_order = LEDGER_WARN;
	assert_int_equal(apply(world), 0);
	assert_string_equal(sql(world,
				    "SELECT id, tool FROM groundwork_migrations "
				    "ORDER BY id"),
		"1|dbmate\n2|groundwork\n3|dbmate\n");
}

static void rows_of_none_of_ours_follow_unknown(void **state)
{
	struct world *world = *state;

	plain(world, GOOSE GOOSE_ROW "(1, 1), (2, 1), (3, 1), (40, 1), (41, 1);");
	prepare(world, "goose", NULL);
	world->spec.ledger.unknown = LEDGER_REFUSE;
	refused(world,
		"app/40 (of goose), app/41 (of goose): applied, but not among our");
	world->spec.ledger.unknown = LEDGER_WARN;
	assert_int_equal(check(world), 1);
	assert_says(world->logged.data, "app/40 (of goose)");
	/* If there is nothing else, it is not the ledger of these migrations. */
	(void)sql(world, "DELETE FROM goose_db_version WHERE version_id < 40");
	refused(world, "none of the 2 rows of 'goose_db_version', the ledger of goose");
}

/* Only Flyway calls a migration that runs again so. */
static void a_row_of_another_tool_is_none_that_repeats(void **state)
{
	struct world *world = *state;

	plain(world,
		SQL_MIGRATE "INSERT INTO gorp_migrations VALUES('1_a.sql', 'now'), "
			    "('R__gone.sql', 'now');");
	prepare(world, "sql-migrate", NULL);
	world->spec.ledger.unknown = LEDGER_REFUSE;
	refused(world, "R__gone");
}

static void a_changed_file_is_an_error(void **state)
{
	static const struct {
		const char *tool, *sql, *recorded, *computed;
	} changed[] = {
		{"sqlx", SQLX SQLX_ROW "(1, 'a', 1, x'00ff', 5);", "00ff", A_SHA384},
		{"sqlx", SQLX SQLX_ROW "(1, 'a', 1, '" A_SHA384 "', 5);", "346464",
			A_SHA384},
		{"refinery",
			REFINERY "INSERT INTO refinery_schema_history "
				 "VALUES(1, 'a', '', '" B_SIPHASH "');",
			B_SIPHASH, A_SIPHASH},
		{"flyway",
			FLYWAY FLYWAY_ROW "(1, '1', 'a', 'SQL', '', " B_CRC32
					  ", '', 1, 1);",
			B_CRC32, A_CRC32},
		{"prisma", PRISMA PRISMA_ROW "('', '" B_SHA256 "', 1, '1_a', NULL, 1);",
			B_SHA256, A_SHA256},
		{"drizzle",
			DRIZZLE_1
			"INSERT INTO __drizzle_migrations(hash, name) VALUES('" B_SHA256
			"', '1_a');",
			B_SHA256, A_SHA256},
	};
	static const char *const numbered[8] = {"1_a.sql", A};
	static const char *const flyway[8] = {"V1__a.sql", A};
	static const char *const inside[8] = {"1_a/migration.sql", A};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof changed / sizeof *changed; i++) {
		const char *tool = changed[i].tool;

		start_over(world);
		files(*tool == 's'                             ? numbered
				: *tool == 'p' || *tool == 'd' ? inside
							       : flyway);
		(void)sql(world, changed[i].sql);
		prepare(world, tool, NULL);
		world->spec.ledger.drift = LEDGER_REFUSE;
		refused(world, "' was applied by ");
		assert_says(shown(&world->err), tool);
		assert_says(shown(&world->err),
			arena_printf(&world->arena, "(checksum %s", changed[i].recorded));
		assert_says(shown(&world->err),
			arena_printf(
				&world->arena, "the file's is %s", changed[i].computed));
		assert_says(shown(&world->err), "/m/");
		world->spec.ledger.drift = LEDGER_WARN;
		assert_int_equal(apply(world), 0);
		assert_int_equal(world->report.work.adopted_count, 1);
	}
}

/* Flyway has none of what is no SQL, and refuses that, too. */
static void what_has_no_checksum_cannot_be_compared(void **state)
{
	static const char *const one[8] = {"V1__a.sql", A};
	struct world *world = *state;

	start_over(world);
	files(one);
	(void)sql(world, FLYWAY FLYWAY_ROW "(1, '1', 'a', 'JDBC', '', NULL, '', 1, 1);");
	prepare(world, "flyway", NULL);
	refused(world, "/m/V1__a.sql' was applied by flyway, whose ledger has no");
	world->spec.ledger.drift = LEDGER_WARN;
	assert_int_equal(apply(world), 0);
	assert_int_equal(world->report.work.adopted_count, 1);
	assert_false(world->report.work.origins[0].verified);
}

static void a_text_that_no_file_has_is_an_error(void **state)
{
	struct world *world = *state;

	plain(world, DRIZZLE DRIZZLE_ROW "('" A_SHA256 "', 1), ('00', 2);");
	prepare(world, "drizzle", NULL);
	refused(world,
		"none of our migrations has the text that was applied by drizzle "
		"with the checksum 00; the database was left as it is");
	assert_says(shown(&world->err), "write `adopt = baseline:VERSION`");
}

/* What comes after it in the tool's own order is in no file of ours. */
static void a_revision_that_no_name_has_is_an_error(void **state)
{
	static const char *const first[8] = {
		"1_1975ea83b712_a.sql", A, "2_ae1027a6acf0_b.sql", B};
	static const char *const later[8] = {"2_squashed.sql", B, "3_c.sql", C};
	struct world *world = *state;

	plain(world, ALEMBIC "INSERT INTO alembic_version VALUES('27c6a30d7c24');");
	prepare(world, "alembic", NULL);
	refused(world,
		"the ledger of alembic, 'alembic_version', is at 27c6a30d7c24, and no "
		"migration of 'app' has that in its name");
	start_over(world);
	files(first);
	(void)sql(world, ALEMBIC "INSERT INTO alembic_version VALUES('1975ea83b712');" A);
	prepare(world, "alembic", NULL);
	assert_int_equal(apply(world), 0);
	/* It was taken over, and then its file goes. */
	assert_int_equal(unlink(in("m/1_1975ea83b712_a.sql")), 0);
	assert_int_equal(unlink(in("m/2_ae1027a6acf0_b.sql")), 0);
	files(later);
	load(world);
	assert_int_equal(apply(world), 0);
	assert_int_equal(world->report.work.pending_count, 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(gaps_follow_out_of_order),
		TEST(rows_of_none_of_ours_follow_unknown),
		TEST(a_row_of_another_tool_is_none_that_repeats),
		TEST(a_changed_file_is_an_error),
		TEST(what_has_no_checksum_cannot_be_compared),
		TEST(a_text_that_no_file_has_is_an_error),
		TEST(a_revision_that_no_name_has_is_an_error),
	};

	return cmocka_run_group_tests_name("db/adopt_ledger", tests, NULL, NULL);
}
