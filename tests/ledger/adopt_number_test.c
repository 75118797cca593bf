/* SPDX-License-Identifier: MIT */
/* `adopt = user_version`: what the number says, and when it says nothing. */
#include "../db/ledgers.h"

/* The file sets the number to its version, and there is none between the two. */
#define SETS(version) \
	"CREATE TABLE t" #version " (x); PRAGMA user_version = " #version ";\n"

static const char *const one_and_two[8] = {"001_a.sql", SETS(1), "002_b.sql", SETS(2)};
static const char *const four[4] = {"004_d.sql", SETS(4)};
static const char *const five[4] = {"005_e.sql", SETS(5)};
static const char *const six[4] = {"006_f.sql", SETS(6)};

/* Takes over the first two, and applies the fourth. */
static void take_over(struct world *world)
{
	start_over(world);
	files(one_and_two);
	(void)sql(world, SETS(1) SETS(2));
	prepare(world, "user_version", NULL);
	assert_int_equal(apply(world), 0);
	assert_int_equal(world->report.work.pending_count, 0);
	add_files(world, four);
	assert_int_equal(apply(world), 0);
}

static void what_we_have_set_ourselves_says_nothing(void **state)
{
	struct world *world = *state;

	take_over(world);
	add_files(world, five);
	assert_int_equal(check(world), 1);
	assert_string_equal(pending(world), "005");
	assert_string_equal(adopted(world), "");
	assert_int_equal(apply(world), 0);
	assert_string_equal(
		sql(world, "SELECT count(*) FROM sqlite_master WHERE name = 't5'"),
		"1\n");
	assert_string_equal(
		sql(world,
			"SELECT id, hash FROM groundwork_migrations WHERE module = '' "
			"AND id LIKE 'n%'"),
		"number:user_version|5\n");
}

/* Something else has set it since. */
static void two_readings_that_differ_are_an_error(void **state)
{
	struct world *world = *state;

	take_over(world);
	add_files(world, five);
	add_files(world, six);
	(void)sql(world, "PRAGMA user_version = 5");
	assert_int_equal(check(world), -1);
	assert_says(shown(&world->err),
		"its user_version is 5, which says two things: as the number of applied "
		"migrations, all up to app/006; as the version of the last one, all up "
		"to app/005; it was left as it is: leave out `adopt = user_version`");
	(void)sql(world, "PRAGMA user_version = 3");
	assert_int_equal(check(world), 1);
	assert_string_equal(pending(world), "005 006");
	/* One of them may have nothing new. */
	start_over(world);
	files(one_and_two);
	(void)sql(world, SETS(1) SETS(2));
	load(world);
	assert_int_equal(apply(world), 0);
	add_files(world, four);
	(void)sql(world, "PRAGMA user_version = 3");
	assert_int_equal(check(world), -1);
	assert_says(shown(&world->err),
		"as the number of applied migrations, all up to app/004; as the version "
		"of the last one, no more than is recorded; it was left as it is");
}

static void versions_of_another_contributor_are_not_asked(void **state)
{
	struct world *world = *state;

	start_over(world);
	files(one_and_two);
	put("n/1_n.sql", C);
	(void)sql(world, SETS(1) SETS(2));
	prepare(world, "user_version", NULL);
	contribute(world, "late", "n");
	load(world);
	assert_int_equal(check(world), 1);
	assert_string_equal(adopted(world), "001 002");
	assert_string_equal(pending(world), "1");
}

static void a_name_without_a_number_is_only_counted(void **state)
{
	static const char *const named[8] = {
		"one/migration.sql", A, "three/migration.sql", B, "two/migration.sql", C};
	struct world *world = *state;

	start_over(world);
	files(named);
	(void)sql(world, A B "PRAGMA user_version = 2;");
	prepare(world, "user_version", NULL);
	assert_int_equal(check(world), 1);
	assert_string_equal(adopted(world), "one three");
	assert_string_equal(pending(world), "two");
}

static void at_first_they_are_an_error_too(void **state)
{
	struct world *world = *state;

	start_over(world);
	files(one_and_two);
	(void)sql(world, SETS(1) SETS(2) SETS(4));
	prepare(world, "user_version", NULL);
	add_files(world, four);
	refused(world, "it has fewer");
	add_files(world, five);
	refused(world,
		"its user_version is 4, which says two things: as the number of applied "
		"migrations, all up to app/005; as the version of the last one, all up "
		"to app/004; it was left as it is: write `adopt = baseline:app/005` or "
		"`adopt = baseline:app/004`");
}

/* "2" is none of these versions. */
static void a_number_below_all_versions_counts_them(void **state)
{
	static const char *const dates[8] = {
		"20240101_a.sql", A, "20240102_b.sql", B, "20240103_c.sql", C};
	struct world *world = *state;

	start_over(world);
	files(dates);
	(void)sql(world, A B "PRAGMA user_version = 2;");
	prepare(world, "user_version", NULL);
	assert_int_equal(check(world), 1);
	assert_string_equal(adopted(world), "20240101 20240102");
	assert_string_equal(pending(world), "20240103");
}

static void not_recorded(struct world *world)
{
	assert_int_equal(check(world), -1);
	assert_says(shown(&world->err),
		"its user_version is 4, and whether a migration that groundwork has run "
		"has set it, or something else has applied more, is not recorded; it "
		"was left as it is: leave out `adopt = user_version`");
}

static void a_ledger_without_the_number_is_an_error(void **state)
{
	struct world *world = *state;

	/* That of a former version. */
	take_over(world);
	add_files(world, five);
	(void)sql(world, "DELETE FROM groundwork_migrations WHERE module = ''");
	not_recorded(world);
	/* One that a former version has added to. */
	take_over(world);
	add_files(world, five);
	(void)sql(
		world, "UPDATE groundwork_migrations SET rowid = 1000 WHERE id = '004'");
	not_recorded(world);
	world->spec.ledger.adopt_count = 0;
	assert_int_equal(check(world), 1);
	assert_string_equal(pending(world), "005");
}

/* The error says how. */
static void what_was_applied_can_be_recorded_by_hand(void **state)
{
	struct world *world = *state;

	take_over(world);
	add_files(world, five);
	add_files(world, six);
	(void)sql(world,
		"INSERT INTO groundwork_migrations(module, id, name, tool) "
		"VALUES('app', '005', '', 'user_version')");
	world->spec.ledger.adopt_count = 0;
	assert_int_equal(check(world), 1);
	assert_string_equal(pending(world), "006");
	assert_string_equal(adopted(world), "005");
}

static void of_a_new_contributor_an_old_number_says_nothing(void **state)
{
	static struct ledger_adopt both[2];
	struct world *world = *state;

	take_over(world);
	put("n/1_d.sql", "CREATE TABLE d (x);");
	put("n/2_e.sql", "CREATE TABLE e (x);");
	put("n/3_f.sql", "CREATE TABLE f (x);");
	put("n/4_g.sql", "CREATE TABLE g (x);");
	contribute(world, "other", "n");
	load(world);
	both[0] = adopt;
	both[1] = (struct ledger_adopt){.contributor = "other", .source = "user_version"};
	world->spec.ledger.adopt = both;
	world->spec.ledger.adopt_count = 2;
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "so that it says nothing of 'other', which is new");
}

static void a_user_version_that_grows_is_looked_at(void **state)
{
	static const char *const third[4] = {"3_c.sql", C};
	static const char *const fourth[4] = {"4_d.sql", "SELECT 4;\n"};
	struct world *world = *state;

	plain(world, "PRAGMA user_version = 2;");
	assert_int_equal(unlink(at(world, "m/3_c.sql")), 0);
	world->contributors_count = 0;
	prepare(world, "user_version", NULL);
	(void)sql(world, "CREATE TABLE t (x)");
	assert_int_equal(apply(world), 0);
	add_files(world, third);
	/* Not applied by anybody yet. */
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.work.pending_count, 1);
	(void)sql(world, "PRAGMA user_version = 3");
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.work.pending_count, 0);
	assert_int_equal(world->report.work.adopted_count, 1);
	/* It counted the third here, too; but then that is no more. */
	assert_int_equal(apply(world), 0);
	(void)sql(world, "PRAGMA user_version = 2");
	add_files(world, fourth);
	assert_int_equal(check(world), 1);
	assert_says(world->logged.data,
		"app/3 (of user_version, which is 2 now): applied when");
	assert_null(strstr(world->logged.data, "app/2 ("));
	(void)sql(world, "PRAGMA user_version = 5");
	assert_int_equal(check(world), -1);
	assert_says(world->err.text, "something else has applied more since");
}

/* It was applied, so the number counts it. */
static void a_user_version_counts_what_has_no_file_any_more(void **state)
{
	static const char *const more[8] = {"3_c.sql", C, "4_d.sql", "SELECT 4;\n"};
	struct world *world = *state;

	plain(world, "PRAGMA user_version = 2;");
	assert_int_equal(unlink(at(world, "m/3_c.sql")), 0);
	world->contributors_count = 0;
	prepare(world, "user_version", NULL);
	(void)sql(world, "CREATE TABLE t (x)");
	assert_int_equal(apply(world), 0);
	assert_int_equal(unlink(at(world, "m/1_a.sql")), 0);
	files(more);
	load(world);
	(void)sql(world, "PRAGMA user_version = 3");
	assert_int_equal(check(world), 1);
	assert_string_equal(adopted(world), "3");
	assert_string_equal(pending(world), "4");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_we_have_set_ourselves_says_nothing),
		TEST(two_readings_that_differ_are_an_error),
		TEST(versions_of_another_contributor_are_not_asked),
		TEST(a_name_without_a_number_is_only_counted),
		TEST(at_first_they_are_an_error_too),
		TEST(a_number_below_all_versions_counts_them),
		TEST(a_ledger_without_the_number_is_an_error),
		TEST(what_was_applied_can_be_recorded_by_hand),
		TEST(of_a_new_contributor_an_old_number_says_nothing),
		TEST(a_user_version_that_grows_is_looked_at),
		TEST(a_user_version_counts_what_has_no_file_any_more),
	};

	return cmocka_run_group_tests_name("db/adopt_number", tests, NULL, NULL);
}
