/* SPDX-License-Identifier: MIT */
/* Taking over where our ledger is there: new contributors, and what a tool did since. */
#include "../db/ledgers.h"
#include "ledger/adopt_tools.h"

static struct ledger_adopt both[2];

/* The database has app, of dbmate; then `other` comes, with two files. */
static void add_other(struct world *world, const char *source, const char *what)
{
	plain(world, DBMATE "INSERT INTO schema_migrations VALUES('1');");
	world->contributors_count = 0;
	prepare(world, "dbmate", NULL);
	assert_int_equal(apply(world), 0);
	put("n/1_d.sql", "CREATE TABLE d (x);");
	put("n/2_e.sql", "CREATE TABLE e (x);");
	contribute(world, "other", "n");
	load(world);
	both[0] = adopt;
	both[1] = (struct ledger_adopt){
		.contributor = "other", .source = source, .what = what};
	world->spec.ledger.adopt = both;
	world->spec.ledger.adopt_count = 2;
}

static const char *others(struct world *world)
{
	return sql(world,
		"SELECT id, tool FROM groundwork_migrations WHERE module = 'other' "
		"ORDER BY id");
}

static void a_contributor_that_comes_later_is_taken_over(void **state)
{
	static const char *const sources[] = {"sql-migrate", "auto"};
	struct world *world = *state;

	for (size_t i = 0; i < 2; i++) {
		add_other(world, sources[i], NULL);
		if (i == 1)
			(void)sql(world, "DROP TABLE schema_migrations");
		(void)sql(world,
			SQL_MIGRATE "INSERT INTO gorp_migrations VALUES('1_d.sql', '');");
		assert_int_equal(apply(world), 0);
		assert_string_equal(others(world), "1|sql-migrate\n2|groundwork\n");
		assert_int_equal(check(world), 0);
	}
	add_other(world, "baseline", "1");
	assert_int_equal(apply(world), 0);
	assert_string_equal(others(world), "1|baseline\n2|groundwork\n");
	add_other(world, "user_version", NULL);
	(void)sql(world, "PRAGMA user_version = 2");
	assert_int_equal(apply(world), 0);
	assert_string_equal(others(world), "1|user_version\n2|user_version\n");
}

/* Its tool has never been there, in a database that we have made. */
static void a_contributor_without_that_ledger_is_new(void **state)
{
	static const char *const sources[] = {"sql-migrate", "user_version", "auto"};
	struct world *world = *state;

	for (size_t i = 0; i < 3; i++) {
		add_other(world, sources[i], NULL);
		(void)sql(world, "DROP TABLE schema_migrations");
		assert_int_equal(apply(world), 0);
		assert_string_equal(others(world), "1|groundwork\n2|groundwork\n");
	}
}

static void a_ledger_of_another_contributor_is_not_taken(void **state)
{
	struct world *world = *state;

	add_other(world, "auto", NULL);
	assert_int_equal(check(world), -1);
	assert_says(world->err.text,
		"`adopt` is auto for 'other', and the only ledger is that of dbmate, "
		"from which 'app' was taken over");
	add_other(world, "sql-migrate", NULL);
	(void)sql(world, "CREATE TABLE gorp_migrations(x)");
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "cannot be the ledger of sql-migrate");
	add_other(world, "baseline", "7");
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "there is no migration other/7");
}

/* ---- what a tool has applied since ---- */

struct since_case {
	const char *tool;
	const char *first[4]; /* files, as pairs */
	const char *second[4];
	const char *sql; /* the ledger */
	const char *more;
};

static const struct since_case cases[] = {
	{"dbmate", {"1_a.sql", "-- migrate:up\n" A}, {"2_b.sql", "-- migrate:up\n" B},
		DBMATE "INSERT INTO schema_migrations VALUES('1');",
		"INSERT INTO schema_migrations VALUES('2');"},
	{"golang-migrate", {"1_a.up.sql", A}, {"2_b.up.sql", B},
		GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(1, 0);",
		"UPDATE schema_migrations SET version = 2"},
	{"goose", {"1_a.sql", A}, {"2_b.sql", B}, GOOSE GOOSE_ROW "(1, 1);",
		GOOSE_ROW "(2, 1)"},
	{"sqlx", {"1_a.sql", A}, {"2_b.sql", B},
		SQLX SQLX_ROW "(1, 'a', 1, x'" A_SHA384 "', 5);",
		SQLX_ROW "(2, 'b', 1, x'" B_SHA384 "', 5);"},
	{"diesel", {"1_a/up.sql", A}, {"2_b/up.sql", B},
		DIESEL "INSERT INTO __diesel_schema_migrations(version) VALUES('1');",
		"INSERT INTO __diesel_schema_migrations(version) VALUES('2');"},
	{"refinery", {"V1__a.sql", A}, {"V12__b_c.sql", B},
		REFINERY "INSERT INTO refinery_schema_history VALUES(1, 'a', '', "
			 "'" A_SIPHASH "');",
		"INSERT INTO refinery_schema_history VALUES(12, 'b_c', '', "
		"'" B_SIPHASH "');"},
	{"flyway", {"V1__a.sql", A}, {"V2__b.sql", B},
		FLYWAY FLYWAY_ROW "(1, '1', 'a', 'SQL', '', " A_CRC32 ", '', 1, 1);",
		FLYWAY_ROW "(2, '2', 'b', 'SQL', '', " B_CRC32 ", '', 1, 1);"},
	{"prisma", {"1_a/migration.sql", A}, {"2_b/migration.sql", B},
		PRISMA PRISMA_ROW "('1', '" A_SHA256 "', 1, '1_a', NULL, 1);",
		PRISMA_ROW "('2', '" B_SHA256 "', 1, '2_b', NULL, 1);"},
	{"drizzle", {"0000_a.sql", A}, {"0001_b.sql", B},
		DRIZZLE DRIZZLE_ROW "('" A_SHA256 "', 1);",
		DRIZZLE_ROW "('" B_SHA256 "', 2)"},
	{"d1", {"0001_a.sql", A}, {"0002_b.sql", B},
		D1 "INSERT INTO d1_migrations(name) VALUES('0001_a.sql');",
		"INSERT INTO d1_migrations(name) VALUES('0002_b.sql');"},
	{"sql-migrate", {"1_a.sql", A}, {"2_b.sql", B},
		SQL_MIGRATE "INSERT INTO gorp_migrations VALUES('1_a.sql', '');",
		"INSERT INTO gorp_migrations VALUES('2_b.sql', '');"},
};
#define CASES (sizeof cases / sizeof *cases)

/* Taken over, rolled back to an image of the tool's, and then forward again. */
static void roll_back(struct world *world, const struct since_case *one)
{
	start_over(world);
	world->contributors_count = 0;
	add_files(world, one->first);
	(void)sql(world, one->sql);
	(void)sql(world, A);
	prepare(world, one->tool, NULL);
	if (apply(world) != 0)
		fail_msg("%s: %s", one->tool, world->err.text);
	(void)sql(world, one->more);
	(void)sql(world, B);
	/* That is not looked at while nothing is pending. */
	assert_int_equal(check(world), 0);
	add_files(world, one->second);
}

static void what_the_tool_has_applied_since_is_not_run_again(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < CASES; i++) {
		roll_back(world, &cases[i]);
		if (apply(world) != 0)
			fail_msg("%s: %s", cases[i].tool, world->err.text);
		assert_int_equal(world->report.work.adopted_count, 1);
		assert_string_equal(sql(world,
					    "SELECT DISTINCT tool, length(hash) "
					    "FROM groundwork_migrations"),
			arena_printf(&world->arena, "%s|32\n", cases[i].tool));
		assert_int_equal(check(world), 0);
	}
}

/* Where the table has another name than usual, `adopt` says so all the time. */
static void a_table_with_another_name_is_looked_at_again(void **state)
{
	static const char *const second[4] = {"2_b.sql", B};
	static const char *const first[8] = {"1_a.sql", A};
	struct world *world = *state;

	start_over(world);
	files(first);
	(void)sql(world,
		SQLX_TABLE("theirs") "INSERT INTO theirs(version, description, success, "
				     "checksum, execution_time) "
				     "VALUES(1, '', 1, x'" A_SHA384 "', 0);" A);
	prepare(world, "sqlx", "theirs");
	assert_int_equal(apply(world), 0);
	(void)sql(world,
		"INSERT INTO theirs(version, description, success, checksum, "
		"execution_time) VALUES(2, '', 1, x'" B_SHA384 "', 0);" B);
	add_files(world, second);
	if (apply(world) != 0)
		fail_msg("%s", world->err.text);
	assert_int_equal(world->report.work.adopted_count, 1);
	assert_int_equal(world->report.work.pending_count, 0);
}

static void what_it_has_applied_since_is_in_the_schema(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < CASES; i++) {
		world->spec.schema_drift = LEDGER_ACCEPT;
		roll_back(world, &cases[i]);
		world->spec.schema_drift = LEDGER_REFUSE;
		if (apply(world) != 0)
			fail_msg("%s: %s", cases[i].tool, world->err.text);
	}
}

static void without_the_key_it_is_an_error_that_says_what_to_write(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < CASES; i++) {
		roll_back(world, &cases[i]);
		world->spec.ledger.adopt_count = 0;
		assert_int_equal(check(world), -1);
		assert_says(shown(&world->err),
			arena_printf(&world->arena, "`adopt = app/%s`)", cases[i].tool));
		assert_says(shown(&world->err),
			"pending here, and applied by that tool after it was taken over");
		assert_int_equal(apply(world), -1);
	}
}

/* A file that comes last, in the form of the first. Its table is c. */
static void add_last(struct world *world, const struct since_case *one)
{
	const char *first = one->first[0];
	int prefix = (int)strcspn(first, "0123456789");
	char *text = arena_strdup(&world->arena, one->first[1]);

	*strstr(text, "a (x)") = 'c';
	put(arena_printf(&world->arena, "m/%.*s99%s", prefix, first, first + prefix),
		text);
}

static void drop_ledger(struct world *world, const char *name)
{
	struct adopt_described tool = {.name = ""};

	for (size_t i = 0; strcmp(tool.name, name) != 0; i++)
		assert_true(adopt_tool_describe(i, &tool));
	(void)sql(world, arena_printf(&world->arena, "DROP TABLE %s", tool.table));
}

/* An image that lacks its file has something else pending. */
static void what_has_no_file_here_is_recorded(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < CASES; i++) {
		roll_back(world, &cases[i]);
		remove_files();
		add_files(world, cases[i].first);
		add_last(world, &cases[i]);
		load(world);
		if (apply(world) != 0)
			fail_msg("%s: %s", cases[i].tool, world->err.text);
		assert_int_equal(world->report.work.pending_count, 1);
		assert_int_equal(world->report.work.missing_count, 1);
		/* Once. */
		assert_int_equal(check(world), 0);
		world->spec.ledger.unknown = LEDGER_REFUSE; /* then it is known */
		drop_ledger(world, cases[i].tool);
		add_files(world, cases[i].second);
		if (apply(world) != 0)
			fail_msg("%s: %s", cases[i].tool, world->err.text);
		assert_int_equal(world->report.work.pending_count, 0);
		assert_int_equal(world->report.work.adopted_count, 1);
		world->spec.ledger.unknown = LEDGER_WARN;
	}
}

static void what_has_no_file_here_comes_before_what_is_pending(void **state)
{
	static const char *const late[4] = {"2_b.sql", "-- migrate:up\n" B};
	struct world *world = *state;

	roll_back(world, &cases[0]);
	(void)sql(world, "UPDATE schema_migrations SET version = 5 WHERE version = 2");
	add_files(world, late);
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "before 5): comes before one that is already");
	assert_says(world->logged.data, "app/5 (of dbmate): applied, but not among our");
	/* Without the key it is named, and not recorded. */
	world->spec.ledger.adopt_count = 0;
	world->logged.len = 0;
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.work.missing_count, 0);
	assert_says(world->logged.data, "app/5 (of dbmate): applied, but not among our");
}

/* It would have run that, had it been there. */
static void what_comes_late_the_tool_has_not_seen(void **state)
{
	static const char *const late[4] = {"2_b.up.sql", B};
	static const char *const some[8] = {"1_a.up.sql", A, "3_c.up.sql", C};
	struct world *world = *state;

	start_over(world);
	files(some);
	(void)sql(world, GOLANG_MIGRATE "INSERT INTO schema_migrations VALUES(3, 0);");
	prepare(world, "golang-migrate", NULL);
	assert_int_equal(apply(world), 0);
	add_files(world, late);
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "before 3): comes before one that is already");
	world->spec.ledger.out_of_order = LEDGER_ACCEPT;
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.work.pending_count, 1);
	assert_int_equal(world->report.work.adopted_count, 0);
}

/* The row is of the text that it was of before. */
static void a_second_file_with_the_same_text_is_pending(void **state)
{
	static const char *const second[4] = {"0001_b.sql", A};
	struct world *world = *state;

	roll_back(world, &cases[8]);
	assert_int_equal(unlink(at(world, "m/0001_b.sql")), 0);
	(void)sql(world, "DELETE FROM __drizzle_migrations WHERE created_at = 2");
	add_files(world, second);
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.work.pending_count, 1);
}

/* Pending or recorded: the database is as neither of them has left it. */
static void a_dirty_version_is_an_error(void **state)
{
	struct world *world = *state;

	roll_back(world, &cases[3]);
	(void)sql(world, "UPDATE _sqlx_migrations SET success = 0 WHERE version = 1");
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "says that 1 was not applied as a whole");
	(void)sql(world, "UPDATE _sqlx_migrations SET success = version = 1");
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "says that 2 was not applied as a whole");
}

static void a_ledger_of_another_shape_is_an_error(void **state)
{
	static const char *const changes[] = {
		"ALTER TABLE schema_migrations ADD COLUMN note",
		"DROP TABLE schema_migrations; "
		"CREATE VIEW schema_migrations AS SELECT '1' AS version",
	};
	struct world *world = *state;

	for (size_t i = 0; i < 2; i++) {
		roll_back(world, &cases[0]);
		(void)sql(world, changes[i]);
		assert_int_equal(check(world), -1);
		assert_says(world->err.text,
			"its 'schema_migrations' cannot be the ledger of dbmate");
	}
}

static void what_the_tool_reverts_is_named(void **state)
{
	static const char *const fourth[4] = {"4_d.sql", "CREATE TABLE d (x);\n"};
	struct world *world = *state;

	/* The third is ours: the tool never had it. */
	plain(world, DBMATE "INSERT INTO schema_migrations VALUES('1'), ('2');");
	world->contributors_count = 0;
	prepare(world, "dbmate", NULL);
	assert_int_equal(apply(world), 0);
	(void)sql(world, "DELETE FROM schema_migrations WHERE version = '2'");
	add_files(world, fourth);
	assert_int_equal(check(world), 1);
	assert_says(world->logged.data, "app/2 ('");
	assert_says(world->logged.data, "gone from its ledger: was it reverted?");
	assert_null(strstr(world->logged.data, "app/3 ('"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_contributor_that_comes_later_is_taken_over),
		TEST(a_contributor_without_that_ledger_is_new),
		TEST(a_ledger_of_another_contributor_is_not_taken),
		TEST(what_the_tool_has_applied_since_is_not_run_again),
		TEST(a_table_with_another_name_is_looked_at_again),
		TEST(what_it_has_applied_since_is_in_the_schema),
		TEST(without_the_key_it_is_an_error_that_says_what_to_write),
		TEST(what_has_no_file_here_is_recorded),
		TEST(what_has_no_file_here_comes_before_what_is_pending),
		TEST(what_comes_late_the_tool_has_not_seen),
		TEST(a_second_file_with_the_same_text_is_pending),
		TEST(a_dirty_version_is_an_error),
		TEST(a_ledger_of_another_shape_is_an_error),
		TEST(what_the_tool_reverts_is_named),
	};

	return cmocka_run_group_tests_name("db/adopt_again", tests, NULL, NULL);
}
