/* SPDX-License-Identifier: MIT */
/* Foreign keys while migrations run. */
#include "fixture.h"

static const char *const modes[] = {"wal", "delete", "persist", "truncate"};

static const char schema[] = "CREATE TABLE p(id INTEGER PRIMARY KEY, name TEXT);\n"
			     "CREATE TABLE c(id INTEGER PRIMARY KEY, p REFERENCES p(id)\n"
			     "ON UPDATE CASCADE ON DELETE CASCADE);\n"
			     "CREATE TABLE d(id INTEGER PRIMARY KEY, p REFERENCES p(id)\n"
			     "DEFERRABLE INITIALLY DEFERRED);\n"
			     "INSERT INTO p VALUES(1, 'one'), (2, 'two'), (3, 'three');\n"
			     "INSERT INTO c VALUES(1, 1), (2, 2), (3, 2);\n";

/* A database with the schema, and 002 that is pending. */
static void begin(struct world *world, const char *text)
{
	(void)unlink(world->db);
	world->contributors_count = 0;
	contribute(world, "app", "m");
	put("m/001_a.sql", schema);
	put("m/002_b.sql", "");
	put("m/003_c.sql", "");
	assert_int_equal(unlink(at(world, "m/002_b.sql")), 0);
	assert_int_equal(unlink(at(world, "m/003_c.sql")), 0);
	apply_all(world);
	put("m/002_b.sql", text);
}

static const char *rows(struct world *world)
{
	return sql(world,
		"SELECT 'p', id, name FROM p; SELECT 'c', id, p FROM c; "
		"SELECT 'd', id, p FROM d");
}

static void expect_rows(struct world *world, const char *text, const char *wanted)
{
	begin(world, text);
	apply_all(world);
	assert_string_equal(rows(world), wanted);
}

static void expect_error(struct world *world, const char *text, const char *wanted)
{
	const char *before;

	begin(world, text);
	before = rows(world);
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(shown(&world->err), wanted);
	assert_string_equal(rows(world), before);
}

#define WITHOUT_ACTION "p|2|two\np|3|three\np|9|one\nc|1|1\nc|2|2\nc|3|2\n"
#define WITH_ACTION    "p|2|two\np|3|three\np|9|one\nc|1|9\nc|2|2\nc|3|2\n"

static void actions_run_where_they_are_on(void **state)
{
	struct world *world = *state;

	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		world->spec.journal_mode = modes[i];
		world->spec.foreign_keys = false;
		expect_rows(world,
			"PRAGMA foreign_keys=ON;\nUPDATE p SET id = 9 WHERE id = 1;",
			WITH_ACTION);
		expect_rows(world,
			"UPDATE p SET id = 9 WHERE id = 1;\n"
			"UPDATE c SET p = 9 WHERE p = 1;\nPRAGMA foreign_keys=ON;",
			WITH_ACTION);
		expect_error(world,
			"PRAGMA foreign_keys=ON;\nPRAGMA foreign_keys=OFF;\n"
			"UPDATE p SET id = 9 WHERE id = 1;",
			"row 1 of 'c' refers to a missing row of 'p'");
		world->spec.foreign_keys = true;
		expect_rows(world, "UPDATE p SET id = 9 WHERE id = 1;", WITH_ACTION);
		expect_rows(world,
			"PRAGMA foreign_keys=OFF;\nUPDATE p SET id = 9 WHERE id = 1;\n"
			"UPDATE c SET p = 9 WHERE p = 1;\n",
			WITH_ACTION);
	}
}

/* SQLite itself says what a spelling means. */
static void all_spellings_of_sqlite(void **state)
{
	static const char *const values[] = {"=ON", " = on", "=On", "=yes", "=TRUE", "=1",
		"(1)", "(on)", "='on'", "=\"yes\"", "=2", "=255", "=256", "=257", "=+1",
		"=0x1", "=0x100", "=010", "=4294967297", "=1.5", "=OFF", "=no", "=false",
		"=0", "(0)", "=-1", "=full", "=extra", "=maybe", "=''", "='1x'"};
	static const char *const names[] = {
		"foreign_keys", "main.foreign_keys", "\"foreign_keys\"", "FOREIGN_KEYS"};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		for (int on = 0; on < 2; on++) {
			const char *name = names[i % (sizeof names / sizeof *names)];
			const char *wanted;
			char text[200];

			(void)snprintf(text, sizeof text,
				"PRAGMA foreign_keys=%d; PRAGMA %s%s; "
				"PRAGMA foreign_keys;",
				!on, name, values[i]);
			wanted = sql(world, text);
			world->spec.foreign_keys = !on;
			(void)snprintf(text, sizeof text,
				"PRAGMA %s%s;\nPRAGMA foreign_keys;\n"
				"CREATE TABLE state(foreign_keys);\n"
				"INSERT INTO state SELECT * FROM pragma_foreign_keys;\n",
				name, values[i]);
			begin(world, text);
			apply_all(world);
			assert_string_equal(
				sql(world, "SELECT foreign_keys FROM state"), wanted);
		}
	}
}

static void each_migration_begins_as_the_key_says(void **state)
{
	struct world *world = *state;

	begin(world,
		"PRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=ON;\n"
		"PRAGMA recursive_triggers=ON;\nPRAGMA analysis_limit=7;\n"
		"PRAGMA legacy_alter_table=ON;");
	put("m/003_c.sql",
		"CREATE TABLE state AS SELECT * FROM pragma_foreign_keys, "
		"pragma_defer_foreign_keys, pragma_recursive_triggers, "
		"pragma_analysis_limit, pragma_legacy_alter_table;\n"
		"UPDATE p SET id = 9 WHERE id = 3;");
	apply_all(world);
	assert_string_equal(sql(world, "SELECT * FROM state"), "0|0|0|0|0\n");
	world->spec.foreign_keys = true;
	begin(world, "PRAGMA foreign_keys=OFF;");
	put("m/003_c.sql", "UPDATE p SET id = 9 WHERE id = 1;");
	apply_all(world);
	assert_string_equal(rows(world), WITH_ACTION);
}

#define REBUILD(name) \
	"CREATE TABLE " name "_new(id INTEGER PRIMARY KEY, name TEXT NOT NULL);\n" \
	"INSERT INTO " name "_new SELECT * FROM " name ";\n" \
	"DROP TABLE " name ";\nALTER TABLE " name "_new RENAME TO " name ";\n"

static void rebuilding_a_parent_deletes_no_child(void **state)
{
	static const char *const before[] = {"", "PRAGMA foreign_keys=ON;\n",
		"PRAGMA foreign_keys=OFF;\n",
		"PRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=ON;\n"};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		char text[400];

		(void)snprintf(text, sizeof text,
			"%s" REBUILD("p") "UPDATE p SET id = 9 WHERE id = 1;\n"
					  "UPDATE c SET p = 9 WHERE p = 1;\n",
			before[i]);
		for (int on = 0; on < 2; on++) {
			world->spec.foreign_keys = on;
			expect_rows(world, text, WITH_ACTION);
		}
	}
}

/* It is on again after the DROP. */
static void off_around_a_drop_alone(void **state)
{
	struct world *world = *state;

	world->spec.foreign_keys = true;
	expect_rows(world, REBUILD("p") "UPDATE p SET id = 9 WHERE id = 1;", WITH_ACTION);
	expect_rows(world, REBUILD("p") "DELETE FROM p WHERE id = 2;",
		"p|1|one\np|3|three\nc|1|1\n");
	/* By the second time its children have another spelling of its name. */
	expect_rows(world, REBUILD("P") REBUILD("P"),
		"p|1|one\np|2|two\np|3|three\nc|1|1\nc|2|2\nc|3|2\n");
}

static void a_violation_must_be_gone_before_it_is_off(void **state)
{
	struct world *world = *state;

	expect_error(world,
		"PRAGMA foreign_keys=ON;\nINSERT INTO p VALUES(4, 'four');\n"
		"INSERT INTO d VALUES(1, 7);\nINSERT INTO p VALUES(5, 'five');\n"
		"PRAGMA foreign_keys=OFF;\nINSERT INTO p VALUES(7, 'seven');\n",
		"/m/002_b.sql:5: foreign keys cannot be switched off here: one is broken "
		"since line 3");
	expect_error(world,
		"PRAGMA foreign_keys=ON;\nINSERT INTO d VALUES(1, 7);\n" REBUILD("p"),
		"/m/002_b.sql:5: 'p' cannot be dropped here: other tables refer to it, "
		"and a foreign key is broken since line 2");
	expect_rows(world,
		"PRAGMA foreign_keys=ON;\nINSERT INTO d VALUES(1, 1);\n"
		"INSERT INTO d VALUES(2, 7);\nDELETE FROM d WHERE id = 2;\n"
		"PRAGMA foreign_keys=OFF;\n",
		"p|1|one\np|2|two\np|3|three\nc|1|1\nc|2|2\nc|3|2\nd|1|1\n");
}

static void a_child_is_dropped_with_its_violations(void **state)
{
	struct world *world = *state;

	expect_rows(world,
		"PRAGMA foreign_keys=ON;\nINSERT INTO d VALUES(1, 7);\nDROP TABLE d;\n"
		"PRAGMA foreign_keys=OFF;\n"
		"CREATE TABLE d(id INTEGER PRIMARY KEY, p REFERENCES p(id));",
		"p|1|one\np|2|two\np|3|three\nc|1|1\nc|2|2\nc|3|2\n");
	/* Of a table that refers to itself alone, no other has rows. */
	expect_rows(world,
		"PRAGMA foreign_keys=ON;\nCREATE TABLE s(id INTEGER PRIMARY KEY, "
		"up REFERENCES s DEFERRABLE INITIALLY DEFERRED);\n"
		"INSERT INTO s VALUES(1, 7);\nDROP TABLE s;\n",
		"p|1|one\np|2|two\np|3|three\nc|1|1\nc|2|2\nc|3|2\n");
}

static void a_parent_that_is_dropped_for_good(void **state)
{
	struct world *world = *state;

	expect_error(world, "PRAGMA foreign_keys=ON;\nDROP TABLE d;\nDROP TABLE p;\n",
		"/m/002_b.sql:3: 'p' is dropped here, and row 1 of 'c' still refers to "
		"it; a DROP TABLE leaves the tables that refer to it alone: first "
		"empty 'c', or set its column to NULL");
	begin(world, "PRAGMA foreign_keys=ON;\nDELETE FROM p;\nDROP TABLE p;\n");
	apply_all(world);
	assert_string_equal(sql(world, "SELECT count(*) FROM c"), "0\n");
	begin(world, "PRAGMA foreign_keys=ON;\nDROP TABLE p;\nDROP TABLE c;\n");
	apply_all(world);
	begin(world,
		"PRAGMA foreign_keys=ON;\nINSERT INTO d VALUES(1, 1);\nDELETE FROM p;\n"
		"DROP TABLE p;\nDROP TABLE d;\n");
	apply_all(world);
}

/* As its tool would, at the commit. */
static void a_migration_may_not_end_with_a_violation(void **state)
{
	struct world *world = *state;

	begin(world,
		"PRAGMA foreign_keys=ON;\nINSERT INTO d VALUES(1, 1);\n"
		"INSERT INTO d VALUES(2, 7);\nINSERT INTO d VALUES(3, 8);\n");
	put("m/003_c.sql", "INSERT INTO p VALUES(7, ''), (8, '');");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(shown(&world->err),
		"/m/002_b.sql:3: a foreign key that is broken here is still broken at "
		"the end of the migration");
	expect_error(world,
		"PRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=ON;\n"
		"INSERT INTO c VALUES(7, 7);",
		"/m/002_b.sql:3: a foreign key that is broken here");
	/* This makes SQLite forget that it has counted one. */
	expect_error(world,
		"PRAGMA foreign_keys=ON;\nPRAGMA defer_foreign_keys=ON;\n"
		"INSERT INTO c VALUES(7, 7);\nPRAGMA defer_foreign_keys=OFF;",
		"row 7 of 'c' refers to a missing row of 'p'");
}

/* One that was broken before is subtracted from what SQLite counts. */
static void an_old_violation_hides_no_new_one(void **state)
{
	struct world *world = *state;

	begin(world,
		"PRAGMA foreign_keys=ON;\nINSERT INTO d VALUES(2, 8);\n"
		"DELETE FROM d WHERE id = 1;\n");
	(void)sql(world, "INSERT INTO d VALUES(1, 7)");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(shown(&world->err), "row 2 of 'd' refers to a missing row of 'p'");
}

/* The transaction is so large that it locks out the reader of what was before. */
static const char large[] =
	"CREATE TABLE b(x);\nINSERT INTO b WITH RECURSIVE e(x) AS (SELECT 1 UNION ALL "
	"SELECT x + 1 FROM e LIMIT 6000) SELECT randomblob(1000) FROM e;\n";

static void old_violations_are_known_in_every_journal_mode(void **state)
{
	struct world *world = *state;
	char text[600];

	for (size_t i = 0; i < 2 * sizeof modes / sizeof *modes; i++) {
		world->spec.journal_mode = modes[i / 2];
		begin(world, i % 2 ? large : "CREATE TABLE b(x);");
		(void)sql(world, "INSERT INTO c VALUES(7, 7), (0, 8)");
		apply_all(world);
		assert_int_equal(world->report.work.pending_count, 1);
		(void)snprintf(text, sizeof text, "%s INSERT INTO c VALUES(8, 7);",
			i % 2 ? large : "");
		begin(world, text);
		(void)sql(world, "INSERT INTO c VALUES(7, 7)");
		load(world);
		assert_int_equal(apply(world), -1);
		assert_says(shown(&world->err),
			"as it was: the migrations leave a broken foreign key: row 8 of "
			"'c' refers to a missing row of 'p'");
	}
}

/* It is no reason to check no other. */
static void a_foreign_key_that_cannot_be_checked(void **state)
{
	struct world *world = *state;

	begin(world, "CREATE TABLE a(x REFERENCES p(name));");
	apply_all(world);
	assert_says(world->logged.data,
		"the foreign key of 'a' (x) to 'p' cannot be checked: ");
	put("m/003_c.sql", "INSERT INTO c VALUES(7, 7);");
	load(world);
	assert_int_equal(apply(world), -1);
	assert_says(shown(&world->err), "row 7 of 'c' refers to a missing row of 'p'");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(actions_run_where_they_are_on),
		TEST(all_spellings_of_sqlite),
		TEST(each_migration_begins_as_the_key_says),
		TEST(rebuilding_a_parent_deletes_no_child),
		TEST(off_around_a_drop_alone),
		TEST(a_violation_must_be_gone_before_it_is_off),
		TEST(a_child_is_dropped_with_its_violations),
		TEST(a_parent_that_is_dropped_for_good),
		TEST(a_migration_may_not_end_with_a_violation),
		TEST(an_old_violation_hides_no_new_one),
		TEST(old_violations_are_known_in_every_journal_mode),
		TEST(a_foreign_key_that_cannot_be_checked),
	};

	return cmocka_run_group_tests_name("db/foreign_keys", tests, NULL, NULL);
}
