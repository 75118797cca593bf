/* SPDX-License-Identifier: MIT */
/* An older image takes over a newer database; then the newer one comes. */
#include "../db/ledgers.h"

#define UP      "-- migrate:up\n"
#define MIGRATE "-- +migrate Up\n"

struct missing_case {
	const char *tool;
	const char *older[4]; /* files, as pairs */
	const char *newer[6];
	const char *sql;
	const char *table;    /* of the tool */
	const char *recorded; /* without a hash */
	const char *adopted;  /* by the newer image */
};

static const struct missing_case cases[] = {
	{"dbmate", {"001_a.sql", UP A}, {"002_b.sql", UP B, "010_c.sql", UP C},
		DBMATE "INSERT INTO schema_migrations VALUES('001'), ('002'), ('010');",
		"schema_migrations", "002|\n010|\n", "002 010"},
	{"golang-migrate", {"000001_a.up.sql", A}, {"000010_c.up.sql", C},
		GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(10, 0);",
		"schema_migrations", "10|\n", "000010"},
	{"goose", {"00001_a.sql", A}, {"00002_b.sql", B, "00010_c.sql", C},
		GOOSE GOOSE_ROW "(1, 1), (10, 1), (2, 1);", "goose_db_version",
		"2|\n10|\n", "00002 00010"},
	{"sqlx", {"1_a.sql", A}, {"02_b.sql", B},
		SQLX SQLX_ROW "(1, 'a', 1, x'" A_SHA384 "', 5), "
			      "(2, 'b', TRUE, x'" B_SHA384 "', 5);",
		"_sqlx_migrations", "2|\n", "02"},
	{"diesel", {"2024-01-01-000000_a/up.sql", A}, {"2024-01-02-000000_b/up.sql", B},
		DIESEL "INSERT INTO __diesel_schema_migrations(version) "
		       "VALUES('20240101000000'), ('20240102000000');",
		"__diesel_schema_migrations", "20240102000000|\n", "2024-01-02-000000"},
	{"refinery", {"V1__a.sql", A}, {"V12__b_c.sql", B},
		REFINERY "INSERT INTO refinery_schema_history VALUES"
			 "(1, 'a', '2024-01-01T00:00:00Z', '" A_SIPHASH "'), "
			 "(12, 'b_c', '2024-01-01T00:00:00Z', '" B_SIPHASH "');",
		"refinery_schema_history", "12|\n", "12"},
	{"flyway", {"V1__a.sql", A}, {"V1_10__b.sql", B},
		FLYWAY FLYWAY_ROW
		"(1, '1', 'a', 'SQL', 'V1__a.sql', " A_CRC32 ", '', 1, 1), "
		"(2, '1.10.0', 'b', 'SQL', 'V1_10__b.sql', " B_CRC32 ", '', 1, 1);",
		"flyway_schema_history", "1.10.0|\n", "1_10"},
	/* What is below a baseline never runs. */
	{"flyway", {"V1__a.sql", A}, {"V5__b.sql", B},
		FLYWAY FLYWAY_ROW
		"(1, '5', '<< Flyway Baseline >>', 'BASELINE', '', NULL, '', 0, 1);",
		"flyway_schema_history", "5|\n", "5"},
	{"prisma", {"20240101000000_a/migration.sql", A},
		{"20240102000000_b/migration.sql", B, "20240102000000_c/migration.sql",
			B},
		PRISMA PRISMA_ROW
		"('1', '" A_SHA256 "', 1, '20240101000000_a', NULL, 1), "
		"('2', '" B_SHA256 "', 1, '20240102000000_b', NULL, 2), "
		"('3', '" B_SHA256 "', 1, '20240102000000_c', NULL, 2);",
		"_prisma_migrations", "20240102000000_b|\n20240102000000_c|\n",
		"20240102000000_b 20240102000000_c"},
	{"drizzle", {"20240101000000_a/migration.sql", A},
		{"20240102000000_b/migration.sql", B},
		DRIZZLE_1 "INSERT INTO __drizzle_migrations(hash, created_at, name) "
			  "VALUES('" A_SHA256 "', 1704067200000, '20240101000000_a'), "
			  "('" B_SHA256 "', 1704067200001, '20240102000000_b');",
		"__drizzle_migrations", "20240102000000_b|\n", "20240102000000"},
	{"d1", {"0001_a.sql", A}, {"0002_b.sql", B},
		D1 "INSERT INTO d1_migrations(name) VALUES('0001_a.sql'), "
		   "('0002_b.sql');",
		"d1_migrations", "0002_b|\n", "0002"},
	{"sql-migrate", {"1_a.sql", MIGRATE A}, {"2_b.sql", MIGRATE B},
		SQL_MIGRATE "INSERT INTO gorp_migrations VALUES('1_a.sql', 'now'), "
			    "('2_b.sql', 'now');",
		"gorp_migrations", "2_b|\n", "2"},
};
#define CASES (sizeof cases / sizeof *cases)

/* Of what is recorded without a file. */
static const char *recorded(struct world *world, const char *columns)
{
	return sql(world,
		arena_printf(&world->arena,
			"SELECT %s FROM groundwork_migrations WHERE hash IS NULL ORDER "
			"BY length(id), id",
			columns));
}

/* Applies what the older image has, and has the newer one's files. */
static void take_over(struct world *world, const struct missing_case *one)
{
	const char *list[8] = {NULL};

	start_over(world);
	memcpy(list, one->older, sizeof one->older);
	files(list);
	(void)sql(world, one->sql);
	prepare(world, one->tool, NULL);
	if (apply(world) != 0)
		fail_msg("%s: %s", one->tool, world->err.text);
	assert_string_equal(recorded(world, "id, name"), one->recorded);
	world->logged.len = 0;
	assert_int_equal(check(world), 0);
	assert_says(world->logged.data, "applied, but not among our migrations");
	memset(list, 0, sizeof list);
	memcpy(list, one->newer, sizeof one->newer);
	files(list);
	load(world);
}

static void expect(struct world *world, const struct missing_case *one)
{
	if (check(world) != 1)
		fail_msg("%s: %s", one->tool, shown(&world->err));
	assert_string_equal(adopted(world), one->adopted);
	assert_int_equal(world->report.work.pending_count, 0);
	if (apply(world) != 0)
		fail_msg("%s: %s", one->tool, world->err.text);
	assert_string_equal(sql(world,
				    "SELECT count(*) FROM groundwork_migrations WHERE "
				    "hash IS NULL OR tool = 'groundwork'"),
		"0\n");
	assert_int_equal(check(world), 0);
}

static void a_newer_image_finds_what_an_older_one_has_recorded(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < CASES; i++) {
		take_over(world, &cases[i]);
		expect(world, &cases[i]);
		/* So it does without the key, and if the tool's ledger is gone. */
		take_over(world, &cases[i]);
		world->spec.ledger.adopt_count = 0;
		expect(world, &cases[i]);
		take_over(world, &cases[i]);
		(void)sql(world,
			arena_printf(&world->arena, "DROP TABLE \"%s\"", cases[i].table));
		world->spec.ledger.adopt_count = 0;
		expect(world, &cases[i]);
	}
}

static void what_can_be_verified_then_is(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < CASES; i++) {
		if (strcmp(cases[i].tool, "sqlx") != 0)
			continue;
		take_over(world, &cases[i]);
		assert_int_equal(check(world), 1);
		assert_true(world->report.work.origins[0].verified);
		put("m/02_b.sql", C);
		load(world);
		assert_int_equal(check(world), -1);
		assert_says(world->err.text, "was applied by sqlx with another content");
	}
}

#define FIRST_ENTRY "{\"entries\": [{\"idx\": 0, \"when\": 1, \"tag\": \"0000_a\"}"

/* Its ledger has texts, and no names. The older image has one of two files. */
static void take_over_drizzle(struct world *world, const char *const newer[8])
{
	static const char *const older[8] = {
		"0000_a.sql", A, "meta/_journal.json", FIRST_ENTRY "]}"};

	start_over(world);
	files(older);
	(void)sql(world, DRIZZLE DRIZZLE_ROW "('" A_SHA256 "', 1), ('" B_SHA256 "', 2);");
	prepare(world, "drizzle", NULL);
	assert_int_equal(apply(world), 0);
	assert_string_equal(recorded(world, "id"), B_SHA256 "\n");
	files(newer);
	load(world);
	assert_int_equal(apply(world), 0);
}

static void drizzle_finds_its_text_again(void **state)
{
	static const char *const newer[8] = {"0001_b.sql", B, "meta/_journal.json",
		(FIRST_ENTRY ", {\"idx\": 1, \"when\": 2, \"tag\": \"0001_b\"}]}")};
	struct world *world = *state;

	take_over_drizzle(world, newer);
	assert_int_equal(world->report.work.adopted_count, 1);
	assert_true(world->report.work.origins[0].verified);
	assert_string_equal(
		sql(world, "SELECT id, length(hash) FROM groundwork_migrations"),
		"0000|32\n0001|32\n");
}

static void a_text_of_drizzle_may_stay_without_a_file(void **state)
{
	static const char *const newer[8] = {"0002_c.sql", C, "meta/_journal.json",
		(FIRST_ENTRY ", {\"idx\": 2, \"when\": 3, \"tag\": \"0002_c\"}]}")};
	struct world *world = *state;

	take_over_drizzle(world, newer);
	assert_string_equal(pending(world), "0002");
	assert_int_equal(world->report.work.missing_count, 0);
	assert_string_equal(recorded(world, "id"), B_SHA256 "\n");
}

/* Neither what had no file, nor what has none any more. */
static void what_is_recorded_is_not_recorded_again(void **state)
{
	static const char *const files_of_it[][8] = {
		{"1_a.sql", MIGRATE A},
		{"1_a.sql", MIGRATE A, "2_b.sql", MIGRATE B},
	};
	static const char *const third[8] = {"3_c.sql", MIGRATE C};
	struct world *world = *state;

	for (size_t i = 0; i < 2; i++) {
		start_over(world);
		files(files_of_it[i]);
		(void)sql(world,
			SQL_MIGRATE "INSERT INTO gorp_migrations VALUES('1_a.sql', ''), "
				    "('2_b.sql', '');");
		prepare(world, "sql-migrate", NULL);
		assert_int_equal(apply(world), 0);
		assert_int_equal(world->report.work.missing_count, i == 0);
		(void)unlink(at(world, "m/2_b.sql")); /* if it is there */
		files(third);
		load(world);
		assert_int_equal(apply(world), 0);
		assert_string_equal(pending(world), "3");
		assert_int_equal(world->report.work.missing_count, 0);
	}
}

/* The older image has the first file alone. */
static void take_over_sql_migrate(struct world *world, const char *rows)
{
	static const char *const older[8] = {"1_a.sql", MIGRATE A};

	start_over(world);
	files(older);
	(void)sql(world, SQL_MIGRATE);
	(void)sql(world,
		arena_printf(&world->arena,
			"INSERT INTO gorp_migrations VALUES('1_a.sql', ''), %s", rows));
	prepare(world, "sql-migrate", NULL);
	assert_int_equal(apply(world), 0);
}

/* Of several with one number, whichever file comes first or alone, and in any order. */
static void each_of_one_number_has_its_row(void **state)
{
	static const char *const newer[][8] = {{"9_b.sql", MIGRATE B},
		{"8_x.sql", MIGRATE C}, {"9_a.sql", MIGRATE "SELECT 9;\n"}};
	struct world *world = *state;

	take_over_sql_migrate(world, "('9_a.sql', ''), ('8_x.sql', ''), ('9_b.sql', '')");
	(void)sql(world, "DROP TABLE gorp_migrations");
	for (size_t i = 0; i < sizeof newer / sizeof *newer; i++) {
		files(newer[i]);
		load(world);
		assert_int_equal(apply(world), 0);
		assert_int_equal(world->report.work.pending_count, 0);
		assert_int_equal(world->report.work.adopted_count, 1);
	}
	assert_string_equal(sql(world,
				    "SELECT group_concat(id || name, ' ') FROM (SELECT * "
				    "FROM groundwork_migrations ORDER BY id)"),
		"1a 8x 9b 9_a\n");
}

/* To sql-migrate alone, also where no file shows any more that it is the tool. */
static void of_one_number_the_name_decides(void **state)
{
	static const char *const later[8] = {"9_c.sql", MIGRATE C};
	static const char *const earlier[8] = {"9_a.sql", MIGRATE C};
	struct world *world = *state;

	take_over_sql_migrate(world, "('9_b.sql', '')");
	files(later);
	load(world);
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.work.pending_count, 1);
	assert_int_equal(unlink(in("m/9_c.sql")), 0);
	files(earlier);
	load(world);
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "before 9_b): comes before one that is already");
}

/* Its text has no version; so its time counts. */
static void drizzle_has_applied_what_comes_later(void **state)
{
	static const char *const older[8] = {"0000_a.sql", A, "0001_b.sql", B,
		"meta/_journal.json",
		(FIRST_ENTRY ", {\"idx\": 1, \"when\": 2, \"tag\": \"0001_b\"}]}")};
	struct world *world = *state;

	start_over(world);
	files(older);
	(void)sql(world, DRIZZLE DRIZZLE_ROW "('" A_SHA256 "', 1), ('00', 3);");
	prepare(world, "drizzle", NULL);
	refused(world, "before 00): comes before one that is already applied");
	(void)sql(world,
		"UPDATE __drizzle_migrations SET created_at = 1.5 "
		"WHERE created_at = 3");
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.work.pending_count, 1);
}

/* All up to the one row are in, but for what comes late. */
static void what_golang_migrate_has_passed_is_in(void **state)
{
	static const char *const older[8] = {"2_b.up.sql", B, "4_c.up.sql", C};
	static const char *const newer[8] = {
		"5_d.up.sql", "SELECT 5;", "7_e.up.sql", "SELECT 7;"};
	static const char *const late[8] = {"3_f.up.sql", "SELECT 3;"};
	struct world *world = *state;

	start_over(world);
	files(older);
	(void)sql(world, GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(7, 0);");
	prepare(world, "golang-migrate", NULL);
	assert_int_equal(apply(world), 0);
	files(newer);
	load(world);
	assert_int_equal(check(world), 1);
	assert_string_equal(adopted(world), "5 7");
	files(late);
	load(world);
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "app/3 ('");
	assert_says(world->err.text, "comes before one that is already applied");
	world->spec.ledger.out_of_order = LEDGER_ACCEPT;
	assert_int_equal(apply(world), 0);
	assert_string_equal(pending(world), "3");
}

/* It was applied before what is unknown, or should have been. */
static void what_comes_before_it_is_out_of_order(void **state)
{
	struct world *world = *state;

	plain(world, DBMATE "INSERT INTO schema_migrations VALUES('1'), ('3'), ('9');");
	assert_int_equal(unlink(at(world, "m/3_c.sql")), 0);
	prepare(world, "dbmate", NULL);
	refused(world, "app/2 ('");
	assert_says(shown(&world->err), "before 9): comes before one that is already");
	plain(world, DBMATE "INSERT INTO schema_migrations VALUES('1'), ('2'), ('10');");
	load(world);
	world->spec.ledger.out_of_order = LEDGER_WARN;
	assert_int_equal(apply(world), 0);
	assert_int_equal(world->report.work.pending_count, 1);
}

/* It has no version, so nothing is before or after it. */
static void what_can_be_no_file_here_is_not_recorded(void **state)
{
	struct world *world = *state;

	plain(world,
		D1 "INSERT INTO d1_migrations(name) VALUES('init.sql'), ('1_a.sql'), "
		   "('2_b.sql');");
	prepare(world, "d1", NULL);
	assert_int_equal(check(world), 1);
	assert_says(world->logged.data, "app/init.sql (of d1)");
	assert_int_equal(apply(world), 0);
	assert_string_equal(
		sql(world, "SELECT id FROM groundwork_migrations"), "1\n2\n3\n");
}

static void unknown_refuses_and_records_nothing(void **state)
{
	struct world *world = *state;

	plain(world, DBMATE "INSERT INTO schema_migrations VALUES('1'), ('9');");
	prepare(world, "dbmate", NULL);
	world->spec.ledger.unknown = LEDGER_REFUSE;
	refused(world, "app/9 (of dbmate): applied, but not among our migrations");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_newer_image_finds_what_an_older_one_has_recorded),
		TEST(what_can_be_verified_then_is),
		TEST(what_is_recorded_is_not_recorded_again),
		TEST(drizzle_finds_its_text_again),
		TEST(a_text_of_drizzle_may_stay_without_a_file),
		TEST(each_of_one_number_has_its_row),
		TEST(of_one_number_the_name_decides),
		TEST(drizzle_has_applied_what_comes_later),
		TEST(what_golang_migrate_has_passed_is_in),
		TEST(what_comes_before_it_is_out_of_order),
		TEST(what_can_be_no_file_here_is_not_recorded),
		TEST(unknown_refuses_and_records_nothing),
	};

	return cmocka_run_group_tests_name("db/adopt_missing", tests, NULL, NULL);
}
