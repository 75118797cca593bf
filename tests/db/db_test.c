/* SPDX-License-Identifier: MIT */
/* Warm starts: if all is in place, no byte, name or time changes. */
#include "fixture.h"

static void make(struct world *world, const char *journal_mode)
{
	put("m/001_a.sql", "CREATE TABLE a(x);\nINSERT INTO a VALUES(1);\n");
	contribute(world, "app", "m");
	world->spec.journal_mode = journal_mode;
	apply_all(world);
}

/* db_check() and db_apply(): both find that all is in place, and change nothing. */
static void assert_nothing_written(struct world *world)
{
	const char *before = footprint(world);

	load(world);
	if (check(world) != 0)
		fail_msg("state %d: %s", world->report.state, world->err.text);
	assert_int_equal(world->report.state, DB_CURRENT);
	assert_string_equal(footprint(world), before);
	assert_int_equal(apply(world), 0);
	assert_int_equal(world->report.state, DB_CURRENT);
	assert_int_equal(world->report.work.pending_count, 0);
	assert_string_equal(footprint(world), before);
}

static void wal_at_rest(void **state)
{
	make(*state, "wal");
	assert_nothing_written(*state);
}

static void rollback_mode(void **state)
{
	make(*state, "delete");
	assert_nothing_written(*state);
}

static int check_and_apply(struct world *world)
{
	return check(world) == 0 && apply(world) == 0 ? 0 : 1;
}

static void read_only_directory(void **state)
{
	struct world *world = *state;

	make(world, "wal");
	assert_int_equal(chmod(world->db, 0444), 0);
	assert_int_equal(chmod(directory, 0555), 0);
	load(world);
	in_child(world, 65534, check_and_apply);
	assert_int_equal(chmod(directory, 0755), 0);
}

static void application_holds_the_wal(void **state)
{
	struct world *world = *state;
	struct app app;

	make(world, "wal");
	app = app_start(world, "INSERT INTO a VALUES(2)");
	assert_true(exists("app.db-wal"));
	assert_nothing_written(world);
	app_run(&app, "BEGIN IMMEDIATE; INSERT INTO a VALUES(3)");
	assert_nothing_written(world);
	app_run(&app, "COMMIT");
	assert_nothing_written(world);
	app_run(&app, "PRAGMA wal_checkpoint(RESTART); INSERT INTO a VALUES(3)");
	assert_nothing_written(world);
	app_end(&app, 0);
	assert_false(exists("app.db-wal"));
	assert_nothing_written(world);
}

static void application_reads_and_writes_rollback_mode(void **state)
{
	struct world *world = *state;
	struct app app;

	make(world, "delete");
	app = app_start(world, "BEGIN IMMEDIATE; INSERT INTO a VALUES(2)");
	assert_true(exists("app.db-journal"));
	assert_nothing_written(world);
	app_run(&app, "COMMIT");
	assert_nothing_written(world);
	app_end(&app, 0);
}

/* Runs SQL in an application that is then killed. */
static void die_after(struct world *world, const char *text)
{
	struct app app = app_start(world, text);

	app_end(&app, SIGKILL);
}

static void application_was_killed_in_wal_mode(void **state)
{
	struct world *world = *state;

	make(world, "wal");
	die_after(world, "INSERT INTO a VALUES(2)");
	assert_true(exists("app.db-wal"));
	assert_nothing_written(world);
	assert_string_equal(sql(world, "SELECT count(*) FROM a"), "2\n");
}

static void wal_without_its_index(void **state)
{
	struct world *world = *state;
	const char *before;

	make(world, "wal");
	die_after(world, "INSERT INTO a VALUES(2)");
	assert_int_equal(unlink(at(world, "app.db-shm")), 0);
	before = footprint(world);
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.state, DB_UNSETTLED);
	assert_string_equal(footprint(world), before);
	assert_int_equal(apply(world), 0);
	assert_int_equal(world->report.work.pending_count, 0);
	assert_int_equal(check(world), 0);
	assert_string_equal(sql(world, "SELECT count(*) FROM a"), "2\n");
}

/*
 * An application was killed before the first page of a WAL was written: SQLite tried to
 * read it for ten seconds, and failed.
 */
static void wal_without_pages(void **state)
{
	static const char header[32] = "\x37\x7f\x06\x82\x00\x2d\xe2\x18\x00\x00\x10";
	struct world *world = *state;

	make(world, "wal");
	put("app.db-wal", "");
	assert_nothing_written(world);
	die_after(world, "INSERT INTO a VALUES(2)");
	put_bytes("app.db-wal", header, sizeof header);
	assert_nothing_written(world);
	assert_int_equal(unlink(at(world, "app.db-shm")), 0);
	assert_nothing_written(world);
}

/* An application has opened and read it, and has not written. */
static void application_only_reads(void **state)
{
	struct world *world = *state;
	struct app app;

	make(world, "wal");
	app = app_start(world, "SELECT * FROM a");
	assert_true(exists("app.db-wal"));
	assert_nothing_written(world);
	app_end(&app, 0);
}

/* Without recovery it would have rows that were never committed. */
static void hot_journal(void **state)
{
	struct world *world = *state;
	const char *before;

	make(world, "delete");
	die_after(world,
		"PRAGMA cache_spill=1; PRAGMA cache_size=1; BEGIN; CREATE TABLE big(x); "
		"INSERT INTO big WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 "
		"FROM c LIMIT 3000) SELECT randomblob(1000) FROM c; DELETE FROM "
		"groundwork_migrations");
	assert_true(exists("app.db-journal"));
	before = footprint(world);
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.state, DB_UNSETTLED);
	assert_string_equal(footprint(world), before);
	assert_int_equal(apply(world), 0);
	assert_int_equal(world->report.work.pending_count, 0);
	assert_false(exists("app.db-journal"));
	assert_int_equal(check(world), 0);
	assert_string_equal(sql(world, "SELECT count(*) FROM a"), "1\n");
}

/* A check does none of the work that it finds. */
static void check_of_pending_writes_nothing(void **state)
{
	static const char *const modes[] = {"wal", "delete"};
	struct world *world = *state;

	for (size_t i = 0; i < 2; i++) {
		const char *before;

		make(world, modes[i]);
		put("m/002_b.sql", "CREATE TABLE b(x);");
		load(world);
		before = footprint(world);
		assert_int_equal(check(world), 1);
		assert_int_equal(world->report.state, DB_PENDING);
		assert_int_equal(world->report.work.pending_count, 1);
		assert_string_equal(world->report.work.pending[0]->name, "b");
		assert_string_equal(footprint(world), before);
		assert_int_equal(unlink(world->db), 0);
		assert_int_equal(unlink(at(world, "m/002_b.sql")), 0);
		world->contributors_count = 0;
	}
}

static void mode_is_put_right_where_it_was_written(void **state)
{
	struct world *world = *state;
	struct stat st;

	make(world, "wal");
	die_after(world, "INSERT INTO a VALUES(2)");
	world->spec.attr.mode = 0600;
	assert_int_equal(check(world), 0);
	world->spec.attr.fix_mode = true;
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.state, DB_CURRENT);
	assert_string_equal(world->report.attr_why, "mode 0640, not 0600");
	assert_int_equal(apply(world), 0);
	assert_int_equal(stat(world->db, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(at(world, "app.db-wal"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(check(world), 0);
}

static void busy_is_temporary(void **state)
{
	struct world *world = *state;
	struct app app;

	make(world, "delete");
	app = app_start(world, "BEGIN EXCLUSIVE");
	world->spec.busy_timeout_ms = 20;
	assert_int_equal(check(world), -1);
	assert_int_equal(world->err.kind, ERR_TEMPORARY);
	assert_says(world->err.text, "database is locked");
	app_end(&app, 0);
	assert_int_equal(check(world), 0);
}

/* ---- what was read for db_pending() ---- */

static void see(struct world *world)
{
	load(world);
	world->spec.seen = db_seen_new(&world->arena);
	err_init(&world->err);
	if (db_pending(&world->spec, &world->arena, &world->report, &world->err) < 0)
		fail_msg("%s", world->err.text);
}

static void what_is_in_a_wal_is_read_again(void **state)
{
	struct world *world = *state;
	struct app app;

	make(world, "wal");
	app = app_start(world, "INSERT INTO a VALUES(2)");
	see(world);
	assert_int_equal(world->report.state, DB_CURRENT);
	app_run(&app, "DELETE FROM groundwork_migrations");
	assert_int_equal(check(world), 1);
	app_end(&app, 0);
}

/* Two changes within one tick of the clock leave the same time. */
static void a_change_that_leaves_the_time_is_seen(void **state)
{
	struct world *world = *state;
	struct stat st;

	make(world, "delete");
	see(world);
	assert_int_equal(world->report.state, DB_CURRENT);
	assert_int_equal(stat(world->db, &st), 0);
	(void)sql(world, "DELETE FROM groundwork_migrations");
	assert_int_equal(utimensat(AT_FDCWD, world->db,
				 (const struct timespec[]){st.st_atim, st.st_mtim}, 0),
		0);
	assert_int_equal(check(world), 1);
}

static void a_plan_also_reads_the_schema(void **state)
{
	struct world *world = *state;

	make(world, "wal");
	put("m/002_b.sql", "INSERT INTO a VALUES(2);\n");
	see(world);
	assert_int_equal(world->report.work.pending_count, 1);
	world->spec.compile = true;
	if (check(world) != 1)
		fail_msg("%s", world->err.text);
	assert_says(world->report.tried, "its SQL compiles");
}

static void version(void **state)
{
	(void)state;
	assert_says(db_version(), "SQLite 3.");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(wal_at_rest),
		TEST(rollback_mode),
		TEST(read_only_directory),
		TEST(application_holds_the_wal),
		TEST(application_reads_and_writes_rollback_mode),
		TEST(application_was_killed_in_wal_mode),
		TEST(wal_without_its_index),
		TEST(wal_without_pages),
		TEST(application_only_reads),
		TEST(hot_journal),
		TEST(check_of_pending_writes_nothing),
		TEST(mode_is_put_right_where_it_was_written),
		TEST(busy_is_temporary),
		TEST(what_is_in_a_wal_is_read_again),
		TEST(a_change_that_leaves_the_time_is_seen),
		TEST(a_plan_also_reads_the_schema),
		cmocka_unit_test(version),
	};

	return cmocka_run_group_tests_name("db/db", tests, NULL, NULL);
}
