/* SPDX-License-Identifier: MIT */
/* Creating a missing database: complete or not at all, and once. */
#include "db/create.h"
#include "fixture.h"

static void two_contributors(struct world *world)
{
	static const char *const on_app[] = {"app", NULL};

	put("m/001_notes.sql", "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT);");
	put("m/002_index.sql", "CREATE INDEX notes_text ON notes(text);");
	put("tags/1_tags.sql",
		"CREATE TABLE tags(note INTEGER REFERENCES notes(id), tag TEXT);\n"
		"INSERT INTO notes VALUES(1, 'first');\nINSERT INTO tags VALUES(1, "
		"'a');");
	contribute(world, "tags", "tags")->after = on_app;
	contribute(world, "app", "m");
}

static void creates_all(void **state)
{
	struct world *world = *state;

	two_contributors(world);
	load(world);
	assert_int_equal(check(world), 1);
	assert_int_equal(world->report.state, DB_ABSENT);
	assert_int_equal(world->report.work.pending_count, 3);
	assert_false(exists("app.db"));
	apply_all(world);
	assert_int_equal(world->report.state, DB_ABSENT);
	assert_int_equal(world->report.work.pending_count, 3);
	assert_string_equal(
		sql(world,
			"SELECT module, id, name, length(hash), tool, applied_at > 1e9, "
			"duration_us >= 0 FROM groundwork_migrations ORDER BY rowid"),
		"app|001|notes|32|groundwork|1|1\napp|002|index|32|groundwork|1|1\n"
		"tags|1|tags|32|groundwork|1|1\n");
	assert_string_equal(
		sql(world, "SELECT tag FROM notes JOIN tags ON note = id"), "a\n");
	assert_string_equal(sql(world, "PRAGMA journal_mode"), "wal\n");
	assert_string_equal(sql(world,
				    "SELECT sql FROM sqlite_master "
				    "WHERE name = 'groundwork_migrations'"),
		"CREATE TABLE groundwork_migrations(module TEXT, id TEXT, name TEXT, "
		"hash BLOB, "
		"applied_at INTEGER, duration_us INTEGER, tool TEXT, PRIMARY KEY(module, "
		"id))\n");
	assert_int_equal(check(world), 0);
	assert_int_equal(world->report.state, DB_CURRENT);
}

static void leaves_one_file_of_its_mode(void **state)
{
	static const char *const modes[] = {"wal", "delete", "truncate", "persist"};
	struct world *world = *state;
	struct stat st;

	put("m/1_x.sql", "CREATE TABLE a(x);");
	contribute(world, "app", "m");
	world->spec.attr.mode = 0604;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		world->spec.journal_mode = modes[i];
		apply_all(world);
		assert_int_equal(entries("."), 2); /* it, and the migrations */
		assert_int_equal(stat(world->db, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0604);
		assert_string_equal(
			sql(world, "PRAGMA journal_mode"), i == 0 ? "wal\n" : "delete\n");
		assert_int_equal(unlink(world->db), 0);
	}
}

static void without_migrations(void **state)
{
	struct world *world = *state;

	apply_all(world);
	assert_string_equal(
		sql(world, "SELECT count(*) FROM groundwork_migrations"), "0\n");
	assert_int_equal(check(world), 0);
}

static void directory_is_created_too(void **state)
{
	struct world *world = *state;

	put("m/1_x.sql", "CREATE TABLE a(x);");
	contribute(world, "app", "m");
	world->spec.path = at(world, "deep/er/x y%3f?#.db");
	load(world);
	assert_int_equal(check(world), 1);
	assert_false(exists("deep"));
	apply_all(world);
	assert_int_equal(check(world), 0);
	assert_true(exists("deep/er/x y%3f?#.db"));
}

static void error_leaves_nothing(void **state)
{
	struct world *world = *state;

	put("m/1_x.sql", "CREATE TABLE a(x UNIQUE);\nINSERT INTO a VALUES(1);\n");
	put("m/2_y.sql", "CREATE TABLE b(x);\n\n\nINSERT INTO a\nVALUES(1);\n");
	contribute(world, "app", "m");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_int_equal(world->err.kind, ERR_FAILED);
	assert_says(world->err.text, "app.db' was not created: ");
	assert_says(world->err.text,
		"/m/2_y.sql:4: 'INSERT INTO a VALUES(1);': UNIQUE constraint failed: "
		"a.x");
	assert_int_equal(entries("."), 1);
}

static void error_names_the_line_inside_a_statement(void **state)
{
	struct world *world = *state;

	put("m/1_x.sql", "CREATE TABLE a(\n  x,\n  y ((\n);\n");
	contribute(world, "app", "m");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text,
		"/m/1_x.sql:3: 'CREATE TABLE a( x, y (( );': near \"(\"");
}

static void broken_reference_is_refused(void **state)
{
	struct world *world = *state;

	put("m/1_x.sql",
		"CREATE TABLE p(id INTEGER PRIMARY KEY);\n"
		"CREATE TABLE c(p REFERENCES p(id));\nINSERT INTO c VALUES(7);\n");
	contribute(world, "app", "m");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, "row 1 of 'c' refers to a missing row of 'p'");
	assert_false(exists("app.db"));
}

/* Applications choose whether to enforce foreign keys; some never do. */
static void key_to_no_unique_column_is_a_warning(void **state)
{
	struct world *world = *state;

	put("m/1_x.sql",
		"CREATE TABLE p(id);\nCREATE TABLE c(p REFERENCES p(id));\n"
		"INSERT INTO c VALUES(7);\n");
	contribute(world, "app", "m");
	apply_all(world);
	assert_says(world->logged.data, "foreign key mismatch");
}

static void leftovers_are_refused(void **state)
{
	static const char *const endings[] = {
		"app.db-wal", "app.db-shm", "app.db-journal"};
	struct world *world = *state;

	put("m/1_x.sql", "CREATE TABLE a(x);");
	contribute(world, "app", "m");
	load(world);
	for (size_t i = 0; i < 3; i++) {
		put(endings[i], "old");
		assert_int_equal(check(world), -1);
		assert_int_equal(apply(world), -1);
		assert_says(world->err.text, endings[i]);
		assert_says(world->err.text, "is missing, but it has ");
		assert_false(exists("app.db"));
		assert_true(exists(endings[i]));
		assert_int_equal(unlink(at(world, endings[i])), 0);
	}
}

static void settings_of_a_migration_end_with_it(void **state)
{
	struct world *world = *state;

	put("m/1_x.sql",
		"PRAGMA legacy_alter_table=ON;\nCREATE TABLE a(x);\n"
		"CREATE VIEW v AS SELECT x FROM a;\nCREATE TEMP TABLE t AS SELECT 1 AS "
		"one;"
		"CREATE VIRTUAL TABLE temp.ft USING fts5(x);CREATE TEMP VIEW tv AS "
		"SELECT 1;"
		"CREATE TEMP TRIGGER tt AFTER INSERT ON a BEGIN SELECT raise(ABORT, "
		"'no'); END;");
	put("m/2_y.sql",
		"CREATE TEMP TABLE t AS SELECT 2 AS two;\nINSERT INTO a SELECT two FROM "
		"t;\n"
		"ALTER TABLE a RENAME TO b;");
	contribute(world, "app", "m");
	apply_all(world);
	assert_string_equal(sql(world, "SELECT x FROM v"), "2\n");
}

/* All names that begin as those of our tables are ours. */
static void our_names_are_refused(void **state)
{
	static const char *const cases[] = {
		"DELETE FROM groundwork_migrations;",
		"DROP TABLE Groundwork_Migrations;",
		"INSERT INTO groundwork_migrations(module, id) VALUES('app', '2');",
		"UPDATE groundwork_migrations SET id = 2;",
		"ALTER TABLE groundwork_migrations ADD COLUMN x;",
		"CREATE INDEX i ON groundwork_migrations(id);",
		"CREATE TRIGGER t AFTER INSERT ON groundwork_migrations "
		"BEGIN SELECT 1; END;",
		"CREATE TEMP TRIGGER t AFTER INSERT ON groundwork_migrations "
		"BEGIN SELECT 1; END;",
		"CREATE TABLE a(x); CREATE TRIGGER t AFTER INSERT ON a "
		"BEGIN DELETE FROM groundwork_migrations; END; INSERT INTO a VALUES(1);",
		"CREATE TABLE groundwork_a(x);",
		"CREATE TEMP TABLE groundwork_migrations(x);",
		"CREATE VIEW groundwork_v AS SELECT 1;",
		"CREATE TEMP VIEW groundwork_v AS SELECT 1;",
		"CREATE VIRTUAL TABLE groundwork_f USING fts5(x);",
		"CREATE VIRTUAL TABLE f USING fts4(x); "
		"CREATE VIRTUAL TABLE groundwork_a USING fts4aux(f);",
		"CREATE TABLE a(x); CREATE INDEX groundwork_i ON a(x);",
		"CREATE TEMP TABLE a(x); CREATE INDEX temp.groundwork_i ON a(x);",
		"CREATE TABLE a(x); CREATE TRIGGER groundwork_t AFTER INSERT ON a "
		"BEGIN SELECT 1; END;",
		"CREATE TABLE a(x); CREATE TEMP TRIGGER groundwork_t AFTER INSERT ON a "
		"BEGIN SELECT 1; END;",
		"CREATE TABLE a(x); ALTER TABLE a RENAME TO Groundwork_a;",
		"CREATE TEMP TABLE a(x); ALTER TABLE temp.a RENAME TO \"groundwork_a\";",
	};
	struct world *world = *state;

	contribute(world, "app", "m");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put("m/1_x.sql", cases[i]);
		load(world);
		assert_int_equal(apply(world), -1);
		if (!strstr(world->err.text, "' is groundwork's own"))
			fail_msg("%s: %s", cases[i], world->err.text);
		assert_int_equal(entries("."), 1);
	}
}

/* Some statements are only recognised while they run; nothing of them stays. */
static void guard(void **state)
{
	static const struct {
		const char *sql;
		const char *says;
	} cases[] = {
		{"SELECT load_extension('x');",
			"load_extension() cannot be used in a migration"},
		{"SELECT fts3_tokenizer('simple');",
			"fts3_tokenizer() cannot be used in a migration"},
		{"INSERT INTO sqlite_master VALUES(1, 2, 3, 4, 5);",
			"may not be modified"},
		{"CREATE TABLE a(x); INSERT INTO a VALUES(?);", "has a parameter"},
		{"CREATE TABLE a(x UNIQUE); INSERT INTO a VALUES(1); "
		 "INSERT OR ROLLBACK INTO a VALUES(1);",
			"UNIQUE constraint failed"},
		{"SELECT nowhere();", "no such function"},
	};
	struct world *world = *state;

	contribute(world, "app", "m");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put("m/1_x.sql", cases[i].sql);
		load(world);
		assert_int_equal(apply(world), -1);
		assert_says(world->err.text, cases[i].says);
		assert_int_equal(entries("."), 1);
	}
}

static void full_text_and_rtree_work(void **state)
{
	struct world *world = *state;

	put("m/1_x.sql",
		"CREATE VIRTUAL TABLE f5 USING fts5(text);\nINSERT INTO f5 "
		"VALUES('hello');\n"
		"INSERT INTO f5(f5) VALUES('rebuild');\nINSERT INTO f5(f5) "
		"VALUES('optimize');\n"
		"CREATE VIRTUAL TABLE f4 USING fts4(text);\nINSERT INTO f4 "
		"VALUES('hello');\n"
		"CREATE VIRTUAL TABLE r USING rtree(id, a, b);\n"
		"CREATE TABLE g(x, y AS (x + 1));\nALTER TABLE g RENAME COLUMN x TO z;\n"
		"CREATE TABLE h(x, y);\nALTER TABLE h DROP COLUMN "
		"y;\nANALYZE;\nREINDEX;\n");
	put("m/2_y.sql", "DROP TABLE f5;\nINSERT INTO f4(f4) VALUES('optimize');");
	contribute(world, "app", "m");
	apply_all(world);
	assert_string_equal(
		sql(world, "SELECT count(*) FROM f4 WHERE f4 MATCH 'hello'"), "1\n");
}

static int run_once(struct world *world)
{
	if (apply(world) == 0 && check(world) == 0)
		return 0;
	(void)fprintf(stderr, "child: %s\n", world->err.text);
	return 1;
}

static void sixteen_at_once(void **state)
{
	struct world *world = *state;

	two_contributors(world);
	load(world);
	for (int round = 0; round < 20; round++) {
		at_once(world, 16, run_once);
		assert_string_equal(
			sql(world, "SELECT count(*) FROM groundwork_migrations"), "3\n");
		assert_string_equal(sql(world, "SELECT count(*) FROM notes"), "1\n");
		assert_int_equal(entries("."), 3);
		assert_int_equal(unlink(world->db), 0);
	}
}

/* An older image may create it first: then the rest is an upgrade. */
static int run_old_or_new(struct world *world)
{
	if (getpid() % 2)
		world->migrations.count = 1;
	if (apply(world) == 0)
		return 0; /* check() finds it unsettled while it is upgraded */
	(void)fprintf(stderr, "child: %s\n", world->err.text);
	return 1;
}

static void old_and_new_at_once(void **state)
{
	struct world *world = *state;

	two_contributors(world);
	load(world);
	for (int round = 0; round < 10; round++) {
		at_once(world, 8, run_old_or_new);
		at_once(world, 2, run_once);
		assert_string_equal(
			sql(world, "SELECT count(*) FROM groundwork_migrations"), "3\n");
		assert_int_equal(unlink(world->db), 0);
	}
}

static void stop_ends_a_long_statement(void **state)
{
	struct world *world = *state;
	struct stop stop = STOP_INIT;

	put("m/1_x.sql",
		"CREATE TABLE a AS WITH RECURSIVE c(x) AS "
		"(SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c;");
	contribute(world, "app", "m");
	load(world);
	stop.signal = SIGTERM;
	world->spec.stop = &stop;
	assert_int_equal(apply(world), -1);
	assert_int_equal(world->err.kind, ERR_INTERRUPTED);
	stop = (struct stop){.fd = -1, .deadline_ms = 1};
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, "deadline");
	assert_int_equal(entries("."), 1);
}

static void stop_ends_short_statements(void **state)
{
	struct world *world = *state;
	struct stop stop = {.fd = -1, .signal = SIGTERM};

	put("m/1_x.sql", "CREATE TABLE a(x);");
	contribute(world, "app", "m");
	load(world);
	world->spec.stop = &stop;
	assert_int_equal(apply(world), -1);
	assert_int_equal(world->err.kind, ERR_INTERRUPTED);
	assert_int_equal(entries("."), 1);
}

/* It came after our look, and would be recovered into the new one. */
static void a_wal_that_came_meanwhile_is_an_error(void **state)
{
	struct world *world = *state;

	put("m/001_a.sql", "CREATE TABLE a(b);");
	contribute(world, "app", "m");
	load(world);
	assert_int_equal(check(world), 1);
	put("app.db-wal", "of another database");
	assert_int_equal(create_database(&world->spec, &world->report, &world->err), -1);
	assert_says(world->err.text, "is missing, but now it has");
	assert_false(exists("app.db"));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_wal_that_came_meanwhile_is_an_error),
		TEST(creates_all),
		TEST(leaves_one_file_of_its_mode),
		TEST(without_migrations),
		TEST(directory_is_created_too),
		TEST(error_leaves_nothing),
		TEST(error_names_the_line_inside_a_statement),
		TEST(broken_reference_is_refused),
		TEST(key_to_no_unique_column_is_a_warning),
		TEST(leftovers_are_refused),
		TEST(settings_of_a_migration_end_with_it),
		TEST(our_names_are_refused),
		TEST(guard),
		TEST(full_text_and_rtree_work),
		TEST(sixteen_at_once),
		TEST(old_and_new_at_once),
		TEST(stop_ends_a_long_statement),
		TEST(stop_ends_short_statements),
	};

	return cmocka_run_group_tests_name("db/create", tests, NULL, NULL);
}
