/* SPDX-License-Identifier: MIT */
/* Stamps in the ledger: when they are recorded, and when files are read all the same. */
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "../db/fixture.h"
#include "migration/stamp.h"

/* Waits until the times of a file are old enough to be trusted. */
static void settle(struct world *world, const char *name)
{
	const struct timespec pause = {.tv_nsec = 5000000};
	struct timespec now;
	struct stat st;

	do {
		(void)nanosleep(&pause, NULL); /* what it waits for is asked below */
		assert_int_equal(clock_gettime(CLOCK_REALTIME, &now), 0);
		assert_int_equal(lstat(at(world, name), &st), 0);
	} while (!stamp_is_settled(&st, &now));
}

static void begin(struct world *world, bool stamped)
{
	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	put("m/002_b.sql", "CREATE TABLE b(x);\n");
	settle(world, "m/002_b.sql");
	contribute(world, "app", "m")->stamped = stamped;
	assert_int_equal(read_contributors(world), 0);
	assert_int_equal(apply(world), 0);
	world->contributors[0].stamped = true;
}

/* Takes the stamp, removes a file, and looks what is pending. */
static int check_without(struct world *world, const char *name)
{
	err_init(&world->err);
	assert_int_equal(read_contributors(world), 0);
	assert_int_equal(unlink(at(world, name)), 0);
	return check(world);
}

static int check_again(struct world *world)
{
	err_init(&world->err);
	assert_int_equal(read_contributors(world), 0);
	return check(world);
}

static const char *recorded(struct world *world)
{
	return sql(world, "SELECT count(*) FROM groundwork_migrations WHERE module = ''");
}

static void with_nothing_pending_no_file_is_read(void **state)
{
	struct world *world = *state;

	begin(world, true);
	assert_string_equal(recorded(world), "1\n");
	assert_int_equal(check_without(world, "m/001_a.sql"), 0);
	assert_string_equal(world->logged.data, "");
}

static void each_contributor_has_its_own(void **state)
{
	struct world *world = *state;

	put("n/1_n.sql", "CREATE TABLE n(x);\n");
	settle(world, "n/1_n.sql");
	contribute(world, "more", "n")->stamped = true;
	begin(world, true);
	assert_string_equal(recorded(world), "2\n");
	assert_int_equal(check_without(world, "m/001_a.sql"), 0);
	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	assert_int_equal(check_without(world, "n/1_n.sql"), -1);
	assert_says(world->err.text, "/n/1_n.sql' is missing");
}

static void without_a_recorded_stamp_all_are_read(void **state)
{
	struct world *world = *state;

	begin(world, false);
	assert_string_equal(recorded(world), "0\n");
	assert_int_equal(check_without(world, "m/001_a.sql"), -1);
	assert_says(world->err.text, "/m/001_a.sql' is missing");
}

static void where_something_is_pending_all_are_read(void **state)
{
	struct world *world = *state;

	begin(world, true);
	put("m/003_c.sql", "CREATE TABLE c(x);\n");
	settle(world, "m/003_c.sql");
	assert_int_equal(check_without(world, "m/001_a.sql"), -1);
	assert_says(world->err.text, "/m/001_a.sql' is missing");
}

static void a_new_stamp_takes_the_place_of_the_old(void **state)
{
	struct world *world = *state;

	begin(world, true);
	put("m/003_c.sql", "CREATE TABLE c(x);\n");
	settle(world, "m/003_c.sql");
	assert_int_equal(read_contributors(world), 0);
	assert_int_equal(apply(world), 0);
	assert_string_equal(recorded(world), "1\n");
	assert_int_equal(check_without(world, "m/001_a.sql"), 0);
}

/* A row of no contributor with the id "lock" is not a contributor's stamp. */
static void a_stamp_is_no_other_row_of_the_ledger(void **state)
{
	struct world *world = *state;

	begin(world, true);
	(void)sql(
		world, "INSERT INTO groundwork_migrations(module, id) VALUES('', 'app')");
	(void)sql(world,
		"DELETE FROM groundwork_migrations WHERE module = '' AND id <> 'app'");
	assert_int_equal(check(world), 0);
	assert_string_equal(
		sql(world, "SELECT id FROM groundwork_migrations WHERE module = ''"),
		"app\n");
	put("m/003_c.sql", "CREATE TABLE c(x);\n");
	settle(world, "m/003_c.sql");
	assert_int_equal(read_contributors(world), 0);
	assert_int_equal(apply(world), 0);
	assert_string_equal(sql(world,
				    "SELECT id FROM groundwork_migrations "
				    "WHERE module = '' ORDER BY id"),
		"app\nstamp:app\n");
}

static void a_touched_file_is_read_and_current(void **state)
{
	struct world *world = *state;

	begin(world, true);
	assert_int_equal(utimensat(AT_FDCWD, at(world, "m/001_a.sql"), NULL, 0), 0);
	settle(world, "m/001_a.sql");
	assert_int_equal(check_again(world), 0);
	assert_int_equal(check_without(world, "m/001_a.sql"), -1);
}

/* As long as before, and with the time of modification that it had. */
static void a_changed_file_is_found(void **state)
{
	struct world *world = *state;
	const char *file = at(world, "m/001_a.sql");
	struct timespec times[2];
	struct stat st;

	begin(world, true);
	assert_int_equal(stat(file, &st), 0);
	put("m/001_a.sql", "CREATE TABLE a(y);\n");
	times[0] = st.st_atim;
	times[1] = st.st_mtim;
	assert_int_equal(utimensat(AT_FDCWD, file, times, 0), 0);
	settle(world, "m/001_a.sql");
	assert_int_equal(check_again(world), -1);
	assert_says(world->err.text, "/m/001_a.sql'): changed since it was applied");
}

static void a_changed_row_is_found(void **state)
{
	struct world *world = *state;

	begin(world, true);
	(void)sql(world,
		"UPDATE groundwork_migrations SET hash = zeroblob(32) WHERE id = '001'");
	assert_int_equal(check_again(world), -1);
	assert_says(world->err.text, "/m/001_a.sql'): changed since it was applied");
}

/* A time in the future is that of a file that was changed just now, too. */
static void files_that_are_not_settled_have_no_stamp(void **state)
{
	const struct timespec times[2] = {{.tv_nsec = UTIME_OMIT}, {4000000000, 0}};
	struct world *world = *state;

	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	assert_int_equal(utimensat(AT_FDCWD, at(world, "m/001_a.sql"), times, 0), 0);
	contribute(world, "app", "m")->stamped = true;
	assert_int_equal(read_contributors(world), 0);
	assert_int_equal(apply(world), 0);
	assert_string_equal(recorded(world), "0\n");
}

static void symbolic_links_have_no_stamp(void **state)
{
	struct world *world = *state;

	put("other.sql", "CREATE TABLE b(x);\n");
	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	assert_int_equal(symlink("../other.sql", at(world, "m/002_b.sql")), 0);
	settle(world, "m/001_a.sql");
	contribute(world, "app", "m")->stamped = true;
	assert_int_equal(read_contributors(world), 0);
	assert_int_equal(apply(world), 0);
	assert_string_equal(recorded(world), "0\n");
}

static void a_stamp_is_no_migration_of_anybody(void **state)
{
	struct world *world = *state;

	begin(world, true);
	world->contributors[0].stamped = false;
	world->spec.ledger.unknown = LEDGER_REFUSE;
	assert_int_equal(check_again(world), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(with_nothing_pending_no_file_is_read),
		TEST(each_contributor_has_its_own),
		TEST(without_a_recorded_stamp_all_are_read),
		TEST(where_something_is_pending_all_are_read),
		TEST(a_new_stamp_takes_the_place_of_the_old),
		TEST(a_stamp_is_no_other_row_of_the_ledger),
		TEST(a_touched_file_is_read_and_current),
		TEST(a_changed_file_is_found),
		TEST(a_changed_row_is_found),
		TEST(files_that_are_not_settled_have_no_stamp),
		TEST(symbolic_links_have_no_stamp),
		TEST(a_stamp_is_no_migration_of_anybody),
	};

	return cmocka_run_group_tests_name("db/stamps", tests, NULL, NULL);
}
