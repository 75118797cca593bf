/* SPDX-License-Identifier: MIT */
/* The schema that is there against the one that the applied migrations make. */
#include "fixture.h"

static void begin(struct world *world, enum ledger_answer answer)
{
	put("m/001_a.sql", "CREATE TABLE a(x);\nINSERT INTO a VALUES(1);\n");
	put("m/002_b.sql", "ALTER TABLE a ADD COLUMN y;\nCREATE INDEX i ON a(y);\n");
	contribute(world, "app", "m");
	world->spec.schema_drift = answer;
	apply_all(world);
}

static void assert_refused(struct world *world, const char *says)
{
	const char *before = footprint(world);

	assert_int_equal(check(world), -1);
	assert_int_equal(world->err.kind, ERR_FAILED);
	assert_says(world->err.text, "schema is not what its migrations make");
	assert_says(world->err.text, says);
	assert_string_equal(footprint(world), before);
}

static void assert_in_place(struct world *world)
{
	buf_truncate(&world->logged, 0);
	if (check(world) != 0)
		fail_msg("%s", world->err.text);
	assert_int_equal(world->logged.len, 0);
}

/* Instead of a comparison, a warning with the reason. */
static void assert_not_known(struct world *world, int found, const char *why)
{
	buf_truncate(&world->logged, 0);
	load(world);
	assert_int_equal(check(world), found);
	assert_says(world->logged.data, "it cannot be known whether its schema is what");
	assert_says(world->logged.data, why);
}

static void what_the_migrations_make_is_no_drift(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_REFUSE);
	assert_in_place(world);
	put("m/003_c.sql", "CREATE VIEW v AS SELECT y FROM a;\n");
	apply_all(world);
	assert_in_place(world);
}

static void each_difference_is_a_line(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_REFUSE);
	(void)sql(world,
		"DROP INDEX i; ALTER TABLE a RENAME COLUMN y TO z; CREATE TABLE b(x);");
	assert_refused(world, "\n- index i\n~ table a: - y, + z\n+ table b");
	put("m/003_c.sql", "CREATE TABLE c(x);\n");
	load(world);
	assert_refused(world, "+ table b");
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, "+ table b");
	assert_string_equal(
		sql(world, "SELECT id FROM groundwork_migrations WHERE module = 'app'"),
		"001\n002\n");
}

static void a_warning_changes_nothing_else(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_WARN);
	(void)sql(world, "CREATE TABLE b(x);");
	assert_int_equal(check(world), 0);
	assert_says(world->logged.data, "+ table b");
	put("m/003_c.sql", "CREATE TABLE c(x);\n");
	apply_all(world);
}

static void nothing_is_compared_unless_asked_for(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_ACCEPT);
	(void)sql(world, "CREATE TABLE b(x);");
	assert_in_place(world);
}

static void many_differences_are_counted(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_REFUSE);
	for (int i = 0; i < 25; i++)
		(void)sql(world,
			arena_printf(&world->arena, "CREATE TABLE more%02d(x)", i));
	assert_refused(world, "+ table more19\nand 5 more");
	assert_null(strstr(world->err.text, "more20"));
}

static void what_is_not_at_hand_is_not_known(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_REFUSE);
	world->spec.ledger.drift = LEDGER_WARN;
	(void)sql(world, "CREATE TABLE b(x);");
	put("m/001_a.sql", "CREATE TABLE a(x, w);\n");
	assert_not_known(world, 0, "/m/001_a.sql' was changed");
	put("m/001_a.sql", "CREATE TABLE a(x);\nINSERT INTO a VALUES(1);\n");
	assert_int_equal(unlink(at(world, "m/002_b.sql")), 0);
	assert_not_known(world, 0, "the file of app/002 is missing");
}

static void a_schema_that_depends_on_rows_is_not_known(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_REFUSE);
	put("m/003_c.sql",
		"CREATE TABLE c AS SELECT json_object((SELECT 'k' || x FROM a), 1);\n");
	apply_all(world);
	assert_not_known(world, 0, "/m/003_c.sql:1: ");
}

/* They say nothing of the schema, and the file may have got another mode since. */
static void pragmas_of_the_file_make_nothing_unknown(void **state)
{
	struct world *world = *state;

	put("m/003_c.sql",
		"PRAGMA journal_mode = WAL;\nPRAGMA page_size = 4096;\n"
		"CREATE TABLE c(x);\n");
	begin(world, LEDGER_REFUSE);
	(void)sql(world, "PRAGMA journal_mode = DELETE; CREATE TABLE b(x);");
	assert_refused(world, "\n+ table b");
}

/* A later version of one contributor, run before an earlier one of another. */
static void the_order_is_that_in_which_they_were_applied(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_REFUSE);
	put("n/1_n.sql", "ALTER TABLE a ADD COLUMN n;\n");
	contribute(world, "late", "n")->after = (const char *const[]){"app", NULL};
	apply_all(world);
	put("m/003_c.sql", "ALTER TABLE a ADD COLUMN o;\n");
	apply_all(world);
	assert_in_place(world);
	(void)sql(world, "ALTER TABLE a DROP COLUMN n; ALTER TABLE a ADD COLUMN n;");
	assert_refused(world, "~ table a");
}

static void the_ledger_of_another_tool_is_no_drift(void **state)
{
	static const struct ledger_adopt adopt = {
		.contributor = "app", .source = "dbmate"};
	struct world *world = *state;

	put("m/001_a.sql", "-- migrate:up\nCREATE TABLE a(x);\n");
	contribute(world, "app", "m");
	load(world);
	(void)sql(world,
		"CREATE TABLE schema_migrations(version varchar(128) primary key);"
		"INSERT INTO schema_migrations VALUES('001');"
		"CREATE TABLE a(x); CREATE TABLE b(x);");
	world->spec.schema_drift = LEDGER_REFUSE;
	world->spec.ledger.adopt = &adopt;
	world->spec.ledger.adopt_count = 1;
	assert_refused(world, "shows how):\n+ table b");
	assert_null(strstr(world->err.text, "schema_migrations"));
	(void)sql(world, "DROP TABLE b;");
	if (apply(world) != 0)
		fail_msg("%s", world->err.text);
	assert_in_place(world);
}

/* Whichever text made it, the file is another one. */
static void what_a_tool_has_applied_from_another_text_is_not_known(void **state)
{
	static const struct ledger_adopt adopt = {.contributor = "app", .source = "sqlx"};
	struct world *world = *state;

	put("m/1_a.sql", "CREATE TABLE a(x);\n");
	contribute(world, "app", "m");
	(void)sql(world,
		"CREATE TABLE _sqlx_migrations(version BIGINT PRIMARY KEY, description, "
		"installed_on, success, checksum, execution_time);"
		"INSERT INTO _sqlx_migrations VALUES(1, 'a', 1, 1, x'00', 1);"
		"CREATE TABLE a(x, w);");
	world->spec.schema_drift = LEDGER_REFUSE;
	world->spec.ledger.drift = LEDGER_WARN;
	world->spec.ledger.adopt = &adopt;
	world->spec.ledger.adopt_count = 1;
	assert_not_known(
		world, 1, "/m/1_a.sql' was applied by sqlx with another content");
}

/* As SQLite compares names. */
static void nor_is_one_whose_name_is_written_in_another_case(void **state)
{
	static const struct ledger_adopt adopt = {
		.contributor = "app", .source = "dbmate", .what = "Applied"};
	struct world *world = *state;

	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	contribute(world, "app", "m");
	(void)sql(world,
		"CREATE TABLE applied(version varchar(128) primary key);"
		"INSERT INTO applied VALUES('001'); CREATE TABLE a(x);");
	world->spec.schema_drift = LEDGER_REFUSE;
	world->spec.ledger.adopt = &adopt;
	world->spec.ledger.adopt_count = 1;
	apply_all(world);
	assert_in_place(world);
	(void)sql(world, "CREATE TABLE b(x);");
	assert_refused(world, "+ table b");
}

/* The same name in a database that was never taken over from that tool. */
static void a_table_that_is_named_as_a_ledger_is_drift(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_REFUSE);
	(void)sql(world, "CREATE TABLE schema_migrations(x);");
	assert_refused(world, "\n+ table schema_migrations");
	(void)sql(
		world, "DROP TABLE schema_migrations; CREATE TABLE groundwork_notes(x);");
	assert_refused(world, "\n+ table groundwork_notes");
}

static void nor_is_a_version_the_name_of_a_ledger(void **state)
{
	static const struct ledger_adopt adopt = {
		.contributor = "app", .source = "baseline", .what = "001"};
	struct world *world = *state;

	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	contribute(world, "app", "m");
	(void)sql(world, "CREATE TABLE a(x); CREATE TABLE \"001\"(x);");
	world->spec.schema_drift = LEDGER_REFUSE;
	world->spec.ledger.adopt = &adopt;
	world->spec.ledger.adopt_count = 1;
	load(world);
	assert_refused(world, "\n+ table 001");
}

static void changed_placeholders_are_not_known(void **state)
{
	struct world *world = *state;
	struct contributor *contributor;

	put("m/V1__a.sql", "CREATE TABLE ${prefix}_a(x);\n");
	contributor = contribute(world, "app", "m");
	contributor->placeholders = (const char *const[]){"prefix=one", NULL};
	world->spec.schema_drift = LEDGER_REFUSE;
	apply_all(world);
	assert_in_place(world);
	contributor->placeholders = (const char *const[]){"prefix=two", NULL};
	assert_not_known(world, 0, "/m/V1__a.sql' has placeholders");
	assert_says(world->logged.data, "+ table one_a");
	assert_says(world->logged.data, "- table two_a");
	/* Where none is in the texts, their values make no difference. */
	put("m/V1__a.sql", "CREATE TABLE one_a(x);\n");
	world->spec.ledger.drift = LEDGER_WARN;
	assert_not_known(world, 0, "/m/V1__a.sql' was changed");
}

static void placeholders_without_use_hide_no_drift(void **state)
{
	struct world *world = *state;

	put("m/V1__a.sql", "CREATE TABLE a(x);\n");
	contribute(world, "app", "m")->placeholders =
		(const char *const[]){"prefix=one", NULL};
	world->spec.schema_drift = LEDGER_REFUSE;
	apply_all(world);
	(void)sql(world, "CREATE TABLE b(x);");
	assert_refused(world, "\n+ table b");
}

/* Checks it, which finds nothing. Was the schema made for that? */
static bool was_made(struct world *world)
{
	const char *before = footprint(world);
	bool made;

	world->log.level = LOG_DEBUG;
	buf_truncate(&world->logged, 0);
	load(world);
	if (check(world) != 0)
		fail_msg("%s", world->err.text);
	made = !strstr(world->logged.data, "its schema is as recorded");
	world->log.level = LOG_INFO;
	assert_string_equal(footprint(world), before);
	return made;
}

static void what_was_recorded_is_not_made_again(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_REFUSE);
	assert_false(was_made(world));
	put("m/003_c.sql", "CREATE VIEW v AS SELECT y FROM a;\n");
	apply_all(world);
	assert_false(was_made(world));
	assert_string_equal(
		sql(world, "SELECT id FROM groundwork_migrations WHERE module = ''"),
		"schema:digest\n");
	world->spec.schema_drift = LEDGER_WARN;
	put("m/004_d.sql", "CREATE TABLE d(x);\n");
	apply_all(world);
	assert_false(was_made(world));
}

static void without_a_record_the_schema_is_made(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_ACCEPT);
	world->spec.schema_drift = LEDGER_REFUSE;
	assert_true(was_made(world));
	put("m/003_c.sql", "CREATE TABLE c(x);\n");
	apply_all(world);
	assert_false(was_made(world));
	(void)sql(world, "DELETE FROM groundwork_migrations WHERE id = 'schema:digest'");
	assert_true(was_made(world));
}

static void a_record_of_other_migrations_does_not_count(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_REFUSE);
	put("m/003_c.sql", "INSERT INTO a VALUES(2, 3);\n");
	world->spec.schema_drift = LEDGER_ACCEPT;
	apply_all(world);
	world->spec.schema_drift = LEDGER_REFUSE;
	assert_true(was_made(world));
}

static void a_schema_that_differs_is_not_recorded(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_WARN);
	(void)sql(world, "CREATE TABLE b(x);");
	put("m/003_c.sql", "CREATE TABLE c(x);\n");
	apply_all(world);
	buf_truncate(&world->logged, 0);
	assert_int_equal(check(world), 0);
	assert_says(world->logged.data, "+ table b");
	(void)sql(world, "DROP TABLE b;");
	assert_true(was_made(world));
}

/* Of a database that migrations have created it is known what they make. */
static void what_a_new_database_becomes_is_recorded(void **state)
{
	struct world *world = *state;

	put("m/003_c.sql",
		"CREATE TABLE c AS SELECT json_object((SELECT 'k' || x FROM a), 1);\n");
	begin(world, LEDGER_REFUSE);
	assert_in_place(world);
	(void)sql(world, "ALTER TABLE a ADD COLUMN z;");
	assert_not_known(world, 0, "/m/003_c.sql:1: ");
}

/* What it would find is a warning, which only a check logs. */
static void to_apply_with_a_warning_compares_nothing(void **state)
{
	struct world *world = *state;

	begin(world, LEDGER_WARN);
	world->log.level = LOG_DEBUG;
	buf_truncate(&world->logged, 0);
	apply_all(world);
	assert_null(strstr(world->logged.data, "its schema is as recorded"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_the_migrations_make_is_no_drift),
		TEST(each_difference_is_a_line),
		TEST(a_warning_changes_nothing_else),
		TEST(nothing_is_compared_unless_asked_for),
		TEST(many_differences_are_counted),
		TEST(what_is_not_at_hand_is_not_known),
		TEST(a_schema_that_depends_on_rows_is_not_known),
		TEST(pragmas_of_the_file_make_nothing_unknown),
		TEST(the_order_is_that_in_which_they_were_applied),
		TEST(the_ledger_of_another_tool_is_no_drift),
		TEST(what_a_tool_has_applied_from_another_text_is_not_known),
		TEST(nor_is_one_whose_name_is_written_in_another_case),
		TEST(a_table_that_is_named_as_a_ledger_is_drift),
		TEST(nor_is_a_version_the_name_of_a_ledger),
		TEST(changed_placeholders_are_not_known),
		TEST(placeholders_without_use_hide_no_drift),
		TEST(what_was_recorded_is_not_made_again),
		TEST(without_a_record_the_schema_is_made),
		TEST(a_record_of_other_migrations_does_not_count),
		TEST(a_schema_that_differs_is_not_recorded),
		TEST(what_a_new_database_becomes_is_recorded),
		TEST(to_apply_with_a_warning_compares_nothing),
	};

	return cmocka_run_group_tests_name("db/schema_drift", tests, NULL, NULL);
}
