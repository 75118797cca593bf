/* SPDX-License-Identifier: MIT */
/* Upgrading a database: all that is pending, or nothing. */
#include "../filter.h"
#include "fixture.h"

#include <time.h>

static void make(struct world *world, const char *journal_mode)
{
	put("m/001_a.sql",
		"CREATE TABLE p(id INTEGER PRIMARY KEY, name TEXT);\n"
		"CREATE TABLE c(p INTEGER NOT NULL REFERENCES p(id) ON DELETE CASCADE);\n"
		"INSERT INTO p VALUES(1, 'one'), (2, 'two');\nINSERT INTO c VALUES(1), "
		"(2), (2);");
	contribute(world, "app", "m");
	world->spec.journal_mode = journal_mode;
	apply_all(world);
}

static const char *const modes[] = {"wal", "delete", "persist", "truncate"};

static void runs_what_is_pending(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < 4; i++) {
		make(world, modes[i]);
		put("m/002_b.sql", "ALTER TABLE p ADD COLUMN extra;");
		put("m/003_c.sql", "UPDATE p SET extra = 'x';");
		apply_all(world);
		assert_int_equal(world->report.state, DB_PENDING);
		assert_int_equal(world->report.work.pending_count, 2);
		assert_string_equal(sql(world, "SELECT extra FROM p"), "x\nx\n");
		assert_int_equal(check(world), 0);
		assert_true(exists(".app.db.lock"));
		assert_false(exists("app.db-wal"));
		assert_int_equal(unlink(world->db), 0);
		assert_int_equal(unlink(at(world, "m/002_b.sql")), 0);
		assert_int_equal(unlink(at(world, "m/003_c.sql")), 0);
		world->contributors_count = 0;
	}
}

/* The content, however SQLite stores it. */
static const char *content(struct world *world)
{
	return sql(world,
		"SELECT * FROM p; SELECT * FROM c; SELECT sql FROM sqlite_master; "
		"SELECT module, id FROM groundwork_migrations; PRAGMA integrity_check");
}

static void error_rolls_all_back(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < 4; i++) {
		const char *before;

		make(world, modes[i]);
		before = content(world);
		put("m/002_b.sql", "DELETE FROM p;\nCREATE TABLE b(x);");
		put("m/003_c.sql", "INSERT INTO nowhere VALUES(1);");
		load(world);
		assert_int_equal(apply(world), -1);
		assert_says(shown(&world->err), "app.db' is as it was: ");
		assert_says(shown(&world->err),
			"/m/003_c.sql:1: 'INSERT INTO nowhere VALUES(1);': "
			"no such table: nowhere");
		assert_string_equal(content(world), before);
		assert_int_equal(check(world), 1);
		assert_int_equal(unlink(world->db), 0);
		assert_int_equal(unlink(at(world, "m/002_b.sql")), 0);
		assert_int_equal(unlink(at(world, "m/003_c.sql")), 0);
		world->contributors_count = 0;
	}
}

/* A ledger beside tables of another origin would say that nothing was applied. */
static void an_id_alone_makes_no_ledger(void **state)
{
	struct world *world = *state;

	(void)sql(world, "CREATE TABLE other(x);");
	world->spec.application_id = 7;
	apply_all(world);
	assert_true(world->report.set_id);
	assert_string_equal(sql(world, "PRAGMA application_id"), "7\n");
	assert_string_equal(sql(world, "SELECT name FROM sqlite_master"), "other\n");
	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	contribute(world, "app", "m");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, "it has tables but no ledger");
}

/* With foreign keys on, dropping the old parent would delete its children. */
static void rebuilding_a_parent_loses_no_child(void **state)
{
	struct world *world = *state;

	make(world, "wal");
	put("m/002_b.sql",
		"PRAGMA foreign_keys=ON;\n"
		"CREATE TABLE p_new(id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n"
		"INSERT INTO p_new SELECT * FROM p;\nDROP TABLE p;\n"
		"ALTER TABLE p_new RENAME TO p;\n");
	apply_all(world);
	assert_string_equal(sql(world, "SELECT count(*) FROM c"), "3\n");
	assert_string_equal(sql(world, "PRAGMA foreign_key_check"), "");
}

static void new_broken_reference_rolls_back(void **state)
{
	struct world *world = *state;
	const char *before;

	make(world, "wal");
	before = content(world);
	put("m/002_b.sql", "DELETE FROM p WHERE id = 2;");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(shown(&world->err), "row 2 of 'c' refers to a missing row of 'p'");
	assert_string_equal(content(world), before);
}

static void old_broken_references_are_no_obstacle(void **state)
{
	struct world *world = *state;

	make(world, "wal");
	(void)sql(world,
		"CREATE TABLE w(k PRIMARY KEY, p REFERENCES p(id)) WITHOUT ROWID; "
		"INSERT INTO c VALUES(77); INSERT INTO w VALUES(1, 77), (2, 78)");
	put("m/002_b.sql", "DELETE FROM w WHERE k = 1;\nCREATE TABLE b(x);");
	apply_all(world);
	/* Which row it is cannot be said without rowids. */
	put("m/003_c.sql", "INSERT INTO w VALUES(3, 79);");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(shown(&world->err), ": a row of 'w' refers to a missing row of 'p'");
}

static int run_once(struct world *world)
{
	if (apply(world) == 0)
		return 0;
	(void)fprintf(stderr, "child: %s\n", shown(&world->err));
	return 1;
}

static void many_at_once(void **state)
{
	struct world *world = *state;

	make(world, "wal");
	put("m/002_b.sql", "INSERT INTO p VALUES(3, 'three');\nCREATE TABLE b(x);");
	load(world);
	at_once(world, 12, run_once);
	assert_string_equal(sql(world, "SELECT count(*) FROM p"), "3\n");
	assert_int_equal(check(world), 0);
}

/* Removes the lock file of the others first, so that each has a lock of its own. */
static int run_without_lock(struct world *world)
{
	(void)unlink(at(world, ".app.db.lock")); /* mostly it is gone already */
	return run_once(world);
}

/* The transaction makes it happen once; the lock only avoids errors. */
static void many_at_once_without_the_lock(void **state)
{
	struct world *world = *state;

	for (int round = 0; round < 10; round++) {
		make(world, modes[round % 2]);
		put("m/002_b.sql",
			"INSERT INTO p VALUES(3, 'three');\nCREATE TABLE b(x);\n"
			"INSERT INTO b WITH RECURSIVE e(x) AS (SELECT 1 UNION ALL SELECT "
			"x + 1 "
			"FROM e LIMIT 5000) SELECT x FROM e;");
		load(world);
		at_once(world, 8, run_without_lock);
		assert_string_equal(sql(world, "SELECT count(*) FROM p"), "3\n");
		assert_int_equal(unlink(world->db), 0);
		assert_int_equal(unlink(at(world, "m/002_b.sql")), 0);
		world->contributors_count = 0;
	}
}

static void application_at_work_is_waited_for(void **state)
{
	struct world *world = *state;
	struct app app;

	make(world, "wal");
	put("m/002_b.sql", "CREATE TABLE b(x);");
	load(world);
	app = app_start(world, "BEGIN IMMEDIATE; INSERT INTO p VALUES(9, 'nine')");
	world->spec.busy_timeout_ms = 30;
	assert_int_equal(apply(world), -1);
	assert_int_equal(world->err.kind, ERR_TEMPORARY);
	assert_says(shown(&world->err), "app.db': begin: database is locked");
	app_run(&app, "COMMIT");
	assert_int_equal(apply(world), 0);
	app_run(&app, "INSERT INTO b VALUES(1)");
	app_end(&app, 0);
	assert_string_equal(sql(world, "SELECT count(*) FROM b"), "1\n");
}

/* A reader of a rollback-mode database delays the commit, and nothing is lost. */
static void reader_holds_up_the_commit(void **state)
{
	struct world *world = *state;
	struct app app;

	make(world, "delete");
	put("m/002_b.sql", "CREATE TABLE b(x);");
	load(world);
	app = app_start(world, "BEGIN; SELECT * FROM p");
	world->spec.busy_timeout_ms = 30;
	assert_int_equal(apply(world), -1);
	assert_int_equal(world->err.kind, ERR_TEMPORARY);
	app_end(&app, 0);
	assert_int_equal(apply(world), 0);
}

static void stop_rolls_back(void **state)
{
	struct world *world = *state;
	struct stop stop = {.fd = -1};
	const char *before;
	int64_t now_ms;
	struct timespec now;

	make(world, "wal");
	before = content(world);
	put("m/002_b.sql",
		"DELETE FROM c;\nINSERT INTO p(name) WITH RECURSIVE e(x) AS (SELECT 1 "
		"UNION ALL "
		"SELECT x + 1 FROM e) SELECT x FROM e;");
	load(world);
	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
	stop.deadline_ms = now_ms + 100;
	world->spec.stop = &stop;
	assert_int_equal(apply(world), -1);
	assert_says(shown(&world->err), "deadline");
	world->spec.stop = &world->stop;
	assert_string_equal(content(world), before);
}

/* If we are killed inside the transaction, the next attempt begins before it. */
static void killed_in_the_middle(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < 2; i++) {
		int gate[2];
		pid_t child;
		char byte;
		int status;

		make(world, modes[i]);
		put("m/002_b.sql",
			"CREATE TABLE b(x);\nINSERT INTO b WITH RECURSIVE e(x) AS "
			"(SELECT 1 UNION "
			"ALL SELECT x + 1 FROM e LIMIT 200000) SELECT randomblob(100) "
			"FROM e;\n");
		put("m/003_c.sql",
			"WITH RECURSIVE e(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM e) "
			"SELECT count(*) FROM e;\n");
		load(world);
		assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			/* 002 is logged; 003 never ends. */
			world->log = (struct log){.fd = gate[1], .level = LOG_DEBUG};
			_exit(run_once(world));
		}
		(void)close(gate[1]);
		assert_int_equal(read(gate[0], &byte, 1), 1);
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		(void)close(gate[0]);
		put("m/003_c.sql", "SELECT 1;\n");
		apply_all(world);
		assert_int_equal(world->report.work.pending_count, 2);
		assert_string_equal(
			sql(world, "SELECT count(*) FROM b; PRAGMA integrity_check"),
			"200000\nok\n");
		assert_int_equal(unlink(world->db), 0);
		assert_int_equal(unlink(at(world, "m/002_b.sql")), 0);
		assert_int_equal(unlink(at(world, "m/003_c.sql")), 0);
		world->contributors_count = 0;
	}
}

static void read_only_database(void **state)
{
	struct world *world = *state;

	make(world, "delete");
	put("m/002_b.sql", "CREATE TABLE b(x);");
	load(world);
	assert_int_equal(chmod(world->db, 0444), 0);
	if (geteuid() == 0)
		return; /* who may write it all the same */
	assert_int_equal(apply(world), -1);
	assert_says(shown(&world->err), "it belongs to ");
}

static void assert_owner(struct world *world, const char *name, uid_t uid)
{
	struct stat st;

	assert_int_equal(lstat(at(world, name), &st), 0);
	assert_int_equal(st.st_uid, uid);
}

/*
 * Root upgrades while the application has it open: files that SQLite creates belong to
 * the application.
 */
static void sidecars_belong_to_the_owner(void **state)
{
	struct world *world = *state;
	struct app app;

	if (geteuid() != 0)
		return;
	make(world, "wal");
	assert_int_equal(chown(world->db, 65534, 65534), 0);
	put("m/002_b.sql", "CREATE TABLE b(x);");
	load(world);
	app = app_start(world, "SELECT * FROM p");
	assert_int_equal(apply(world), 0);
	assert_owner(world, "app.db", 65534);
	assert_owner(world, "app.db-wal", 65534);
	assert_owner(world, "app.db-shm", 65534);
	assert_owner(world, ".app.db.lock", 65534);
	app_end(&app, 0);
}

static int apply_without_flushing(struct world *world)
{
	if (filter_deny(SYS_fdatasync, EIO) < 0 || filter_deny(SYS_fsync, EIO) < 0) {
		print_message("no system call filters here\n");
		return 0;
	}
	return apply(world) == -1 && strstr(world->err.text, "disk I/O error") ? 0 : 1;
}

/* What was committed outlives a power cut: it is flushed, or was not done. */
static void what_cannot_be_flushed_is_not_committed(void **state)
{
	struct world *world = *state;
	const char *before;

	make(world, "delete");
	before = content(world);
	put("m/002_b.sql", "INSERT INTO p VALUES(3, 'three');");
	load(world);
	in_child(world, 0, apply_without_flushing);
	assert_string_equal(content(world), before);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(runs_what_is_pending),
		TEST(error_rolls_all_back),
		TEST(what_cannot_be_flushed_is_not_committed),
		TEST(an_id_alone_makes_no_ledger),
		TEST(rebuilding_a_parent_loses_no_child),
		TEST(new_broken_reference_rolls_back),
		TEST(old_broken_references_are_no_obstacle),
		TEST(many_at_once),
		TEST(many_at_once_without_the_lock),
		TEST(application_at_work_is_waited_for),
		TEST(reader_holds_up_the_commit),
		TEST(stop_rolls_back),
		TEST(killed_in_the_middle),
		TEST(read_only_database),
		TEST(sidecars_belong_to_the_owner),
	};

	return cmocka_run_group_tests_name("db/upgrade", tests, NULL, NULL);
}
