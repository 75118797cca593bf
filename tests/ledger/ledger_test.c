/* SPDX-License-Identifier: MIT */
/* Comparing the ledger: drift, unknown, out of order, another application's. */
#include "../db/fixture.h"

static void first_two(struct world *world)
{
	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	put("m/002_b.sql", "CREATE TABLE b(x);\n");
	contribute(world, "app", "m");
	apply_all(world);
}

/* db_check() and db_apply() must refuse it, and change nothing. */
static void assert_refused(struct world *world, const char *says)
{
	const char *before = footprint(world);

	load(world);
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, says);
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, says);
	assert_int_equal(world->err.kind, ERR_FAILED);
	assert_string_equal(footprint(world), before);
}

static void drift_is_an_error(void **state)
{
	struct world *world = *state;

	first_two(world);
	put("m/001_a.sql", "CREATE TABLE a(y);\n");
	put("m/003_c.sql", "CREATE TABLE c(x);\n");
	assert_refused(world, "/m/001_a.sql'): changed since it was applied");
}

static void line_ends_and_new_names_are_no_drift(void **state)
{
	struct world *world = *state;

	first_two(world);
	put("m/001_a.sql",
		"\xef\xbb\xbf"
		"CREATE TABLE a(x);\r\n");
	assert_int_equal(
		rename(at(world, "m/002_b.sql"), at(world, "m/0002_bee.sql")), 0);
	load(world);
	assert_int_equal(check(world), 0);
	assert_string_equal(world->logged.data, "");
}

static void unknown_is_a_warning(void **state)
{
	struct world *world = *state;

	first_two(world);
	assert_int_equal(unlink(at(world, "m/002_b.sql")), 0);
	load(world);
	assert_int_equal(check(world), 0);
	assert_says(
		world->logged.data, "app/002 (b): applied, but not among our migrations");
	assert_int_equal(apply(world), 0);
	assert_null(strstr(strstr(world->logged.data, "app/002") + 1, "app/002"));
}

static void contributors_not_configured_are_left_alone(void **state)
{
	struct world *world = *state;

	first_two(world);
	put("n/1_n.sql", "CREATE TABLE n(x);");
	world->contributors_count = 0;
	contribute(world, "other", "n");
	apply_all(world);
	assert_int_equal(world->report.work.pending_count, 1);
	assert_string_equal(world->logged.data, "");
	assert_string_equal(
		sql(world, "SELECT module, id FROM groundwork_migrations ORDER BY rowid"),
		"app|001\napp|002\nother|1\n");
}

static void out_of_order_is_refused(void **state)
{
	struct world *world = *state;

	put("m/9_a.sql", "CREATE TABLE a(x);\n");
	put("m/10_b.sql", "CREATE TABLE b(x);\n");
	contribute(world, "app", "m");
	apply_all(world);
	put("m/08_late.sql", "CREATE TABLE c(x);\n");
	assert_refused(world,
		"/m/08_late.sql', before 10): comes before one that is already applied");
}

/* Versions count per contributor. */
static void new_contributor_with_low_versions(void **state)
{
	struct world *world = *state;

	first_two(world);
	put("aaa/001_a.sql", "CREATE TABLE z(x);\n");
	contribute(world, "aaa", "aaa");
	apply_all(world);
	assert_int_equal(world->report.work.pending_count, 1);
}

static void tables_without_a_ledger_are_refused(void **state)
{
	struct world *world = *state;

	(void)sql(world, "CREATE TABLE theirs(x); INSERT INTO theirs VALUES(1);");
	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	contribute(world, "app", "m");
	assert_refused(world, "has tables but no ledger");
}

/* Without migrations, foreign tables are of no concern. */
static void tables_without_a_ledger_or_migrations(void **state)
{
	struct world *world = *state;

	(void)sql(world, "CREATE TABLE theirs(x)");
	load(world);
	assert_int_equal(check(world), 0);
	assert_int_equal(apply(world), 0);
}

static void database_without_tables_is_filled(void **state)
{
	struct world *world = *state;

	(void)sql(world, "PRAGMA user_version=7");
	first_two(world);
	assert_int_equal(world->report.state, DB_PENDING);
	assert_string_equal(sql(world, "PRAGMA user_version"), "7\n");
	assert_string_equal(sql(world, "PRAGMA journal_mode"), "delete\n");
}

static void ledger_of_another_shape(void **state)
{
	struct world *world = *state;

	(void)sql(world, "CREATE TABLE groundwork_migrations(x)");
	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	contribute(world, "app", "m");
	assert_refused(world, "is not the ledger that groundwork creates");
}

/* put() of a file whose directory is in another one. */
static void put_deep(const char *name, const char *text)
{
	char top[16];

	(void)snprintf(top, sizeof top, "%.*s", (int)strcspn(name, "/"), name);
	assert_true(mkdir(in(top), 0755) == 0 || errno == EEXIST);
	put(name, text);
}

/* A former version has cut a version at its second dash. */
static void rows_of_a_former_version(void **state)
{
	struct world *world = *state;

	put_deep("m/2023-10-06-10000_x/up.sql", "CREATE TABLE a(x);\n");
	put_deep("m/2024-01-01-000000_y/up.sql", "CREATE TABLE b(x);\n");
	put("n/20220329-040000.sql", "CREATE TABLE c(x);\n");
	put("n/20240131-2_z.sql", "CREATE TABLE d(x);\n");
	put_deep("p/01-x/migration.sql", "CREATE TABLE e(x);\n");
	contribute(world, "diesel", "m");
	contribute(world, "numbers", "n");
	contribute(world, "prisma", "p");
	apply_all(world);
	(void)sql(world,
		"UPDATE groundwork_migrations SET id = '2023-10-06', name = '10000_x' "
		"WHERE id = '2023-10-06-10000';"
		"UPDATE groundwork_migrations SET id = '20220329', name = '040000' "
		"WHERE id = '20220329-040000';"
		"UPDATE groundwork_migrations SET id = '20240131', name = '2_z' "
		"WHERE id = '20240131-2';"
		"UPDATE groundwork_migrations SET id = '01', name = 'x' "
		"WHERE id = '01-x'");
	assert_string_equal(
		sql(world, "SELECT id, name FROM groundwork_migrations ORDER BY 1, 2"),
		"01|x\n20220329|040000\n2023-10-06|10000_x\n2024-01-01-000000|y\n"
		"20240131|2_z\n");
	load(world);
	assert_int_equal(check(world), 0);
	assert_string_equal(world->logged.data, "");
	put_deep("m/2023-10-06-10000_x/up.sql", "CREATE TABLE a(y);\n");
	assert_refused(world, "diesel/2023-10-06-10000 ('");
}

/* Two migrations with one number, the first of which was alone when it was applied. */
static void a_second_name_of_a_number(void **state)
{
	struct world *world = *state;

	put_deep("m/1_b/migration.sql", "CREATE TABLE b(x);\n");
	contribute(world, "app", "m");
	apply_all(world);
	put_deep("m/1_c/migration.sql", "CREATE TABLE c(x);\n");
	apply_all(world);
	assert_string_equal(world->logged.data, "");
	assert_string_equal(
		sql(world, "SELECT id, name FROM groundwork_migrations ORDER BY rowid"),
		"1|b\n1_c|\n");
	load(world);
	assert_int_equal(check(world), 0);
	put_deep("m/1_a/migration.sql", "CREATE TABLE a(x);\n");
	assert_refused(world, "app/1_a ('");
}

/* By number 20240301 comes before 20240101000000. */
static void out_of_order_is_the_order_of_the_tool(void **state)
{
	struct world *world = *state;

	put_deep("m/2024-01-01-000000_a/up.sql", "CREATE TABLE a(x);\n");
	put("n/20240101000000_a.sql", "CREATE TABLE b(x);\n");
	contribute(world, "diesel", "m");
	contribute(world, "sqlx", "n");
	apply_all(world);
	put_deep("m/2024-03-01_b/up.sql", "CREATE TABLE c(x);\n");
	apply_all(world);
	put("n/20240301_b.sql", "CREATE TABLE d(x);\n");
	assert_refused(world, "sqlx/20240301 ('");
	assert_int_equal(unlink(at(world, "n/20240301_b.sql")), 0);
	/* Of an unknown one its key shows it. */
	assert_int_equal(unlink(at(world, "m/2024-03-01_b/up.sql")), 0);
	assert_int_equal(rmdir(at(world, "m/2024-03-01_b")), 0);
	put_deep("m/2024-02-01_c/up.sql", "CREATE TABLE e(x);\n");
	assert_refused(world, "up.sql', before 2024-03-01)");
}

/*
 * Where a number is there once its id is that, and where not, the name of the file. What
 * is gone is known by id and name.
 */
static void out_of_order_of_sql_migrate_compares_whole_names(void **state)
{
	struct world *world = *state;

	put("m/1_a.sql", "-- +migrate Up\nCREATE TABLE a(x);\n");
	put("m/2_m.sql", "-- +migrate Up\nCREATE TABLE b(x);\n");
	contribute(world, "app", "m");
	apply_all(world);
	assert_string_equal(
		sql(world, "SELECT id, name FROM groundwork_migrations ORDER BY rowid"),
		"1|a\n2|m\n");
	assert_int_equal(unlink(at(world, "m/2_m.sql")), 0);
	put("m/2_n.sql", "-- +migrate Up\nCREATE TABLE c(x);\n");
	put("m/2_o.sql", "-- +migrate Up\nCREATE TABLE d(x);\n");
	load(world);
	assert_int_equal(check(world), 1);
	assert_int_equal(unlink(at(world, "m/2_n.sql")), 0);
	put("m/2_l.sql", "-- +migrate Up\nCREATE TABLE c(x);\n");
	assert_refused(world, "app/2_l ('");
	assert_says(world->err.text, "2_l.sql', before 2)");
}

/* The same where what is pending is alone with its number, and what is gone is not. */
static void out_of_order_of_sql_migrate_knows_an_id_of_digits_alone(void **state)
{
	struct world *world = *state;

	put("m/1_a.sql", "-- +migrate Up\nCREATE TABLE a(x);\n");
	put("m/2_f.sql", "-- +migrate Up\nCREATE TABLE b(x);\n");
	put("m/2_m.sql", "-- +migrate Up\nCREATE TABLE c(x);\n");
	contribute(world, "app", "m");
	apply_all(world);
	assert_int_equal(unlink(at(world, "m/2_f.sql")), 0);
	assert_int_equal(unlink(at(world, "m/2_m.sql")), 0);
	put("m/2_n.sql", "-- +migrate Up\nCREATE TABLE d(x);\n");
	load(world);
	assert_int_equal(check(world), 1);
	assert_int_equal(unlink(at(world, "m/2_n.sql")), 0);
	put("m/2_g.sql", "-- +migrate Up\nCREATE TABLE d(x);\n");
	assert_refused(world, "2_g.sql', before 2_m)");
}

static void many_are_counted(void **state)
{
	struct world *world = *state;
	char name[32];

	for (int i = 1; i <= 8; i++) {
		(void)snprintf(name, sizeof name, "m/%d_x.sql", i);
		put(name, "SELECT 1;");
	}
	contribute(world, "app", "m");
	apply_all(world);
	for (int i = 1; i <= 8; i++) {
		(void)snprintf(name, sizeof name, "m/%d_x.sql", i);
		put(name, "SELECT 2;");
	}
	assert_refused(world, "/m/5_x.sql') and 3 more: changed since");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(drift_is_an_error),
		TEST(line_ends_and_new_names_are_no_drift),
		TEST(unknown_is_a_warning),
		TEST(contributors_not_configured_are_left_alone),
		TEST(out_of_order_is_refused),
		TEST(new_contributor_with_low_versions),
		TEST(tables_without_a_ledger_are_refused),
		TEST(tables_without_a_ledger_or_migrations),
		TEST(database_without_tables_is_filled),
		TEST(ledger_of_another_shape),
		TEST(rows_of_a_former_version),
		TEST(a_second_name_of_a_number),
		TEST(out_of_order_is_the_order_of_the_tool),
		TEST(out_of_order_of_sql_migrate_compares_whole_names),
		TEST(out_of_order_of_sql_migrate_knows_an_id_of_digits_alone),
		TEST(many_are_counted),
	};

	return cmocka_run_group_tests_name("db/ledger", tests, NULL, NULL);
}
