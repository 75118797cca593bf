/* SPDX-License-Identifier: MIT */
/* Compiling what is pending: what an upgrade would fail with, whatever the rows are. */
#include "fixture.h"

static const char compiles[] = "its SQL compiles, and was not tried on the data; "
			       "--rehearse tries it on a copy";

/* A database with this schema, and a second migration. */
static void begin(struct world *world, const char *first, const char *second)
{
	put("m/001_a.sql", first);
	contribute(world, "app", "m");
	apply_all(world);
	put("m/002_b.sql", second);
	load(world);
	world->spec.compile = true;
}

/* Both find it, in the same words. */
static void assert_fails(struct world *world, const char *where, const char *says)
{
	const char *before = footprint(world);

	assert_int_equal(check(world), -1);
	assert_says(world->err.at.file, "/m/");
	assert_says(arena_printf(&world->arena, "%s:%d", world->err.at.file,
			    world->err.at.line),
		where);
	assert_says(world->err.text, says);
	assert_string_equal(footprint(world), before);
	assert_int_equal(apply(world), -1);
	assert_says(world->err.text, says);
}

static void assert_compiles(struct world *world)
{
	const char *before = footprint(world);

	if (check(world) != 1)
		fail_msg("%s", world->err.text);
	assert_string_equal(world->report.tried, compiles);
	assert_string_equal(footprint(world), before);
	if (apply(world) != 0)
		fail_msg("%s", world->err.text);
}

static void a_missing_table_is_found_in_a_new_database(void **state)
{
	struct world *world = *state;

	put("m/001_a.sql", "CREATE TABLE a(x);\n");
	put("m/002_b.sql", "CREATE TABLE b(x);\nINSERT INTO nosuch VALUES(1);\n");
	contribute(world, "app", "m");
	load(world);
	world->spec.compile = true;
	assert_fails(world, "/m/002_b.sql:2", "no such table: nosuch");
}

static void errors_are_found_in_an_upgrade(void **state)
{
	static const char *const cases[][3] = {
		{"SELECT 1;\nUPDATE a SET y = 1;\n", ":2", "no such column: y"},
		{"SELECT nosuch(1);\n", ":1", "no such function: nosuch"},
		{"SELEC 1;\n", ":1", "syntax error"},
		{"CREATE TABLE a(x);\n", ":1", "already exists"},
		{"CREATE TABLE c(x,\ny,\nx);\n", ":1", "duplicate column name: x"},
		{"ALTER TABLE a DROP COLUMN x;\n", ":1", "error in trigger t"},
		{"CREATE VIRTUAL TABLE c USING nosuch(x);\n", ":1", "no such module"},
		{"UPDATE a SET x = ?;\n", ":1", "has a parameter"},
		{"SELECT 1;\nCREATE TABLE groundwork_x(a);\n", ":2", "is groundwork's"},
		{"DROP TABLE b;\nDELETE FROM b;\n", ":2", "no such table: b"},
		{"INSERT INTO b VALUES(1);\n", ":1", "no such table: main.gone"},
	};
	struct world *world = *state;

	begin(world,
		"CREATE TABLE a(x, z); CREATE VIEW v AS SELECT x FROM a;"
		"CREATE TABLE b(x); CREATE TRIGGER t AFTER INSERT ON b BEGIN "
		"INSERT INTO gone VALUES(1); END;",
		"");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put("m/002_b.sql", cases[i][0]);
		load(world);
		assert_fails(world,
			arena_printf(&world->arena, "/m/002_b.sql%s", cases[i][1]),
			cases[i][2]);
	}
}

/* Each would fail if it were run without the rows. */
static void what_depends_on_rows_is_not_tried(void **state)
{
	static const char *const cases[] = {
		"INSERT INTO child VALUES(1);\n",
		"INSERT INTO strict SELECT max(x) FROM a;\n",
		"INSERT INTO b SELECT json_object((SELECT x FROM a), 1);\n",
		"CREATE INDEX i ON a(json(x)); DROP INDEX i;\n",
	};
	struct world *world = *state;

	world->spec.foreign_keys = true;
	begin(world,
		"CREATE TABLE a(x); CREATE TABLE b(x); INSERT INTO a VALUES('1');"
		"CREATE TABLE parent(id INTEGER PRIMARY KEY); INSERT INTO parent "
		"VALUES(1); CREATE TABLE child(p REFERENCES parent);"
		"CREATE TABLE strict(x NOT NULL);",
		"");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put(arena_printf(&world->arena, "m/%03zu_b.sql", i + 2), cases[i]);
		load(world);
		assert_compiles(world);
	}
}

/* Each second CREATE needs that what was before it has run. */
static void what_changes_the_schema_is_run(void **state)
{
	static const char *const cases[] = {
		"CREATE TABLE n(x);\nDROP TABLE n;\nCREATE TABLE n(y);\n"
		"UPDATE n SET y = 1;\n",
		"CREATE VIEW v AS SELECT 1;\nDROP VIEW v;\nCREATE VIEW v AS SELECT 2;\n",
		"CREATE TRIGGER g AFTER INSERT ON a BEGIN SELECT 1; END;\n"
		"DROP TRIGGER g;\n"
		"CREATE TRIGGER g AFTER INSERT ON a BEGIN SELECT 2; END;\n",
		"CREATE INDEX i ON a(x);\nDROP INDEX i;\nCREATE INDEX i ON a(x);\n",
		"CREATE VIRTUAL TABLE f USING fts4(x);\nDROP TABLE f;\n"
		"CREATE VIRTUAL TABLE f USING fts4(y);\nUPDATE f SET y = 1;\n",
		"CREATE TEMP TABLE tt(x);\nDROP TABLE tt;\nCREATE TEMP TABLE tt(y);\n"
		"CREATE INDEX temp.ti ON tt(y);\nDROP INDEX temp.ti;\n"
		"CREATE INDEX temp.ti ON tt(y);\nUPDATE tt SET y = 1;\n",
		"CREATE TEMP VIEW tv AS SELECT 1;\nDROP VIEW tv;\n"
		"CREATE TEMP VIEW tv AS SELECT 2;\n",
		"CREATE TEMP TRIGGER tg AFTER INSERT ON a BEGIN SELECT 1; END;\n"
		"DROP TRIGGER tg;\n"
		"CREATE TEMP TRIGGER tg AFTER INSERT ON a BEGIN SELECT 2; END;\n",
		"ALTER TABLE a ADD COLUMN n;\nUPDATE a SET n = 1;\n",
		"ANALYZE;\nDELETE FROM sqlite_stat1;\n",
	};
	struct world *world = *state;

	begin(world, "CREATE TABLE a(x);", "");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put(arena_printf(&world->arena, "m/%03zu_b.sql", i + 2), cases[i]);
		load(world);
		assert_compiles(world);
	}
}

static void a_table_from_a_select_that_needs_rows_ends_the_trial(void **state)
{
	struct world *world = *state;

	begin(world, "CREATE TABLE a(x); INSERT INTO a VALUES('k');",
		"CREATE TABLE b(x);\n"
		"CREATE TABLE c AS SELECT json_object((SELECT x FROM a), 1) AS j;\n"
		"INSERT INTO c VALUES(1);\n");
	assert_int_equal(check(world), 1);
	assert_says(world->report.tried, "its SQL compiles up to ");
	assert_says(world->report.tried, "/m/002_b.sql:2, which cannot be tried");
	assert_int_equal(apply(world), 0);
}

static void the_schema_is_that_of_the_database(void **state)
{
	struct world *world = *state;

	begin(world,
		"CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x, "
		"y AS (x + 1), UNIQUE(x));"
		"CREATE TABLE w(k PRIMARY KEY, v) WITHOUT ROWID;"
		"CREATE INDEX a_x ON a(x) WHERE x > 1;"
		"CREATE VIEW v AS SELECT * FROM missing;"
		"CREATE VIEW u AS SELECT x FROM a;"
		"CREATE TRIGGER t INSTEAD OF INSERT ON u BEGIN SELECT 1; END;"
		"CREATE VIRTUAL TABLE f USING fts5(x);"
		"CREATE TABLE f_more(x);"
		"CREATE VIRTUAL TABLE r USING rtree(id, a, b);"
		"ANALYZE;",
		"INSERT INTO f(f) VALUES('rebuild'); INSERT INTO f VALUES('a');"
		"INSERT INTO f_more VALUES(1); INSERT INTO r VALUES(1, 2, 3);"
		"INSERT INTO u VALUES(1); DELETE FROM sqlite_sequence;"
		"DELETE FROM sqlite_stat1; INSERT INTO w VALUES(1, 2);"
		"DROP INDEX a_x; DROP VIEW v; DROP TRIGGER t; DROP TABLE f;"
		"ALTER TABLE a ADD COLUMN n DEFAULT 1; UPDATE a SET n = y;"
		"SELECT count(*) FROM groundwork_migrations;");
	assert_compiles(world);
}

/* Rows of the schema that no statement could create here any more. */
static void what_cannot_be_made_in_memory_is_said(void **state)
{
	struct world *world = *state;

	begin(world, "CREATE TABLE a(x);", "UPDATE a SET x = 1;");
	(void)sql(world,
		"PRAGMA writable_schema = ON;"
		"UPDATE sqlite_master SET sql = 'CREATE TABLE a(x, CHECK(own(x)))' "
		"WHERE name = 'a';");
	assert_int_equal(check(world), 1);
	assert_says(world->report.tried,
		"was not compiled, since the schema cannot be made in memory (a: ");
}

static void a_virtual_table_without_its_module_can_stay(void **state)
{
	struct world *world = *state;

	begin(world, "CREATE TABLE a(x);", "UPDATE a SET x = 1;");
	(void)sql(world,
		"PRAGMA writable_schema = ON;"
		"INSERT INTO sqlite_master VALUES('table', 'own', 'own', 0, "
		"'CREATE VIRTUAL TABLE own USING nosuch(x)');");
	assert_compiles(world);
	put("m/003_c.sql", "INSERT INTO own VALUES(1);");
	load(world);
	assert_fails(world, "/m/003_c.sql:1", "no such module: nosuch");
}

static void settings_hold_to_the_end_of_their_file(void **state)
{
	struct world *world = *state;

	begin(world,
		"CREATE TABLE a(x); CREATE VIEW v AS SELECT * FROM gone;"
		"CREATE TABLE m(x REFERENCES a(x));",
		"PRAGMA legacy_alter_table = ON;\nALTER TABLE a RENAME TO b;\n");
	assert_compiles(world);
	put("m/003_c.sql", "ALTER TABLE b RENAME TO c;\n");
	load(world);
	assert_fails(world, "/m/003_c.sql:1", "error in view v");
	put("m/003_c.sql", "PRAGMA foreign_keys = ON;\nINSERT INTO m VALUES(NULL);\n");
	load(world);
	assert_fails(world, "/m/003_c.sql:2", "no such table: main.a");
}

static void nothing_is_compiled_unless_asked_for(void **state)
{
	struct world *world = *state;

	begin(world, "CREATE TABLE a(x);", "INSERT INTO nosuch VALUES(1);");
	world->spec.compile = false;
	assert_int_equal(check(world), 1);
	assert_null(world->report.tried);
	assert_null(world->report.stored);
}

static void a_stop_ends_it(void **state)
{
	struct world *world = *state;

	begin(world, "CREATE TABLE a(x);", "UPDATE a SET x = 1;");
	world->stop.signal = SIGTERM;
	assert_int_equal(check(world), -1);
	assert_int_equal(world->err.kind, ERR_INTERRUPTED);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_missing_table_is_found_in_a_new_database),
		TEST(errors_are_found_in_an_upgrade),
		TEST(what_depends_on_rows_is_not_tried),
		TEST(what_changes_the_schema_is_run),
		TEST(a_table_from_a_select_that_needs_rows_ends_the_trial),
		TEST(the_schema_is_that_of_the_database),
		TEST(what_cannot_be_made_in_memory_is_said),
		TEST(a_virtual_table_without_its_module_can_stay),
		TEST(settings_hold_to_the_end_of_their_file),
		TEST(nothing_is_compiled_unless_asked_for),
		TEST(a_stop_ends_it),
	};

	return cmocka_run_group_tests_name("db/compile", tests, NULL, NULL);
}
