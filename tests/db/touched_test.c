/* SPDX-License-Identifier: MIT */
/* Verifying what migrations have touched, in a database that is not small. */
#include "fixture.h"

static const char schema[] =
	"CREATE TABLE p(id INTEGER PRIMARY KEY);\n"
	"CREATE TABLE c(id INTEGER PRIMARY KEY, p REFERENCES p ON DELETE CASCADE, x);\n"
	"CREATE TABLE a(id INTEGER PRIMARY KEY AUTOINCREMENT, x);\n"
	"CREATE TABLE o(x);\n"
	"CREATE INDEX i ON o(x);\n"
	"CREATE INDEX j ON c(p);\n"
	"CREATE TABLE log(x);\n"
	"CREATE TRIGGER t AFTER INSERT ON log WHEN new.x = 'c' BEGIN\n"
	"UPDATE c SET p = p; END;\n"
	"CREATE TRIGGER u AFTER INSERT ON log WHEN new.x = 'p' BEGIN\n"
	"DELETE FROM p WHERE id = 1; END;\n"
	"CREATE VIEW v AS SELECT x FROM o;\n"
	"CREATE TRIGGER w INSTEAD OF INSERT ON v BEGIN DELETE FROM o WHERE 0; END;\n"
	"INSERT INTO p VALUES(1), (2);\n"
	"INSERT INTO c VALUES(1, 1, 0), (2, 2, 0);\n"
	"INSERT INTO a VALUES(5, 1);\n"
	"INSERT INTO o VALUES(zeroblob(5000000));\n";

static const char *rest; /* of the directory: the database, as it is before each case */

static void begin(struct world *world)
{
	contribute(world, "app", "m");
	put("m/001_a.sql", schema);
	world->spec.journal_mode = "delete";
	apply_all(world);
	rest = at(world, "rest.db");
	assert_int_equal(rename(world->db, rest), 0);
}

/* The first byte of a free space that quick_check adds up, on the table's first page. */
static void damage(struct world *world, const char *table)
{
	const char *text = arena_printf(&world->arena,
		"SELECT (rootpage - 1) * page_size FROM sqlite_master, pragma_page_size "
		"WHERE name = '%s'",
		table);
	long page = strtol(sql(world, text), NULL, 10);
	int fd;

	fd = open(world->db, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "\x01", 1, page + 7), 1);
	assert_int_equal(close(fd), 0);
}

static int attempt(struct world *world, const char *damaged, const char *text)
{
	(void)unlink(world->db);
	(void)sql_in(
		world, rest, arena_printf(&world->arena, "VACUUM INTO '%s'", world->db));
	if (damaged)
		damage(world, damaged);
	put("m/002_b.sql", text);
	load(world);
	return apply(world);
}

static void expect_found(
	struct world *world, const char *damaged, const char *text, const char *wanted)
{
	if (attempt(world, damaged, text) == 0)
		fail_msg("not found: %s", text);
	assert_says(shown(&world->err), wanted);
}

static void damage_of_what_is_touched_is_found(void **state)
{
	static const char *const texts[] = {
		"UPDATE c SET p = 2 WHERE id = 7;",
		"DELETE FROM c WHERE id = 7;",
		"INSERT INTO c VALUES(7, 1, 0);",
		"INSERT INTO log VALUES('x');",
		"PRAGMA foreign_keys = ON; DELETE FROM p WHERE id = 7;",
		"ALTER TABLE c DROP COLUMN x;",
		"ALTER TABLE c ADD COLUMN y; UPDATE c SET y = 1 WHERE id = 7;",
		"CREATE INDEX ic ON c(p);",
		"REINDEX j;",
		"ALTER TABLE o RENAME TO q;",
		"DROP TABLE o;",
		"CREATE VIRTUAL TABLE f USING fts5(x);",
		"ANALYZE o;",
		"INSERT INTO v VALUES(1);",
	};
	struct world *world = *state;

	begin(world);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		expect_found(world, "c", texts[i], "the database is damaged: ");
	expect_found(world, "sqlite_sequence", "INSERT INTO a VALUES(NULL, 2);",
		"the database is damaged: ");
}

/* What only adds a column writes to no page of the table, so none has to be read. */
static void an_added_column_touches_no_page(void **state)
{
	static const char *const texts[] = {
		"ALTER TABLE c ADD COLUMN y;",
		"alter table main.c add y NOT NULL DEFAULT 'references';",
		"ALTER TABLE \"c\" ADD COLUMN y REFERENCES p;",
	};
	struct world *world = *state;

	begin(world);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(attempt(world, "c", texts[i]), 0);
}

static void many_tables_are_as_good_as_all(void **state)
{
	struct world *world = *state;
	struct buf text = BUF_INIT;

	begin(world);
	for (int i = 0; i < 70; i++)
		buf_printf(&text, "CREATE TABLE t%d(x);\n", i);
	expect_found(world, "c", text.data, "the database is damaged: ");
	buf_release(&text);
}

static void damage_elsewhere_is_found_by_a_full_check(void **state)
{
	static const char text[] =
		"ALTER TABLE o ADD COLUMN y;\nREINDEX i;\n"
		"CREATE INDEX k ON o(y);\nINSERT INTO a VALUES(6, 2);\n"
		"CREATE TABLE n(x);\nDELETE FROM p WHERE id = 7;";
	struct world *world = *state;

	begin(world);
	assert_int_equal(attempt(world, "log", text), 0);
	world->spec.verify = DB_FULL;
	expect_found(world, "log", text, "the database is damaged: ");
}

static void foreign_keys_of_what_is_touched(void **state)
{
	static const char *const texts[] = {
		"DELETE FROM p WHERE id = 1;",
		"UPDATE p SET id = 7 WHERE id = 1;",
		"INSERT INTO c VALUES(7, 7, 0);",
		"UPDATE c SET p = 7 WHERE id = 1;",
		"INSERT INTO log VALUES('p');",
		"ALTER TABLE c ADD COLUMN q DEFAULT 7 REFERENCES p;",
		"ALTER TABLE o /* */ ADD q DEFAULT 7 references p;",
		"ALTER TABLE main.\"o\" ADD COLUMN q DEFAULT 7 REFERENCES p(id);",
		"CREATE TABLE n(p REFERENCES p);\nINSERT INTO n VALUES(7);",
		"DROP TABLE p;",
		"ALTER TABLE p RENAME TO q;\nDELETE FROM q WHERE id = 1;",
		"DROP TABLE p;\nCREATE TABLE p(id INTEGER PRIMARY KEY);",
		"DELETE FROM p WHERE id = 1;\nALTER TABLE p RENAME TO q;\n"
		"CREATE TABLE p(id INTEGER PRIMARY KEY);",
		"INSERT INTO c VALUES(7, 7, 0);\nALTER TABLE c RENAME TO d;\n"
		"CREATE TABLE c(x);",
		"PRAGMA legacy_alter_table = ON;\nALTER TABLE p RENAME TO q;\n"
		"ALTER TABLE a RENAME TO p;\nCREATE TABLE a(x);",
	};
	struct world *world = *state;

	begin(world);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		expect_found(world, NULL, texts[i], "refers to ");
}

/* What was broken before is asked only of the tables that are checked. */
static void old_violations_are_no_obstacle(void **state)
{
	struct world *world = *state;

	begin(world);
	(void)sql_in(world, rest, "INSERT INTO c VALUES(7, 7, 0)");
	assert_int_equal(attempt(world, NULL, "DELETE FROM c WHERE id = 1;"), 0);
	assert_int_equal(attempt(world, NULL, "DROP TABLE log;"), 0);
	expect_found(
		world, NULL, "INSERT INTO c VALUES(8, 8, 0);", "row 8 of 'c' refers");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(damage_of_what_is_touched_is_found),
		TEST(an_added_column_touches_no_page),
		TEST(many_tables_are_as_good_as_all),
		TEST(damage_elsewhere_is_found_by_a_full_check),
		TEST(foreign_keys_of_what_is_touched),
		TEST(old_violations_are_no_obstacle),
	};

	return cmocka_run_group_tests_name("db/touched", tests, NULL, NULL);
}
