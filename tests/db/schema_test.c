/* SPDX-License-Identifier: MIT */
/* The schema of a database, and how two of them differ. */
#include <sqlite3.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "db/connection.h"
#include "db/schema.h"

static void read_sql(const char *sql, struct arena *arena, struct schema *ret)
{
	struct connection connection = {.store = {.engine = &connection_engine}};
	DECLARE_ERR(err);

	assert_int_equal(sqlite3_open(":memory:", &connection.db), SQLITE_OK);
	if (sqlite3_exec(connection.db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(connection.db));
	assert_int_equal(schema_read(&connection, arena, ret, &err), 0);
	assert_int_equal(sqlite3_close(connection.db), SQLITE_OK);
}

/* Expects the lines of the difference, each with its newline. */
static void differs(const char *before, const char *after, const char *wanted)
{
	struct arena arena = {0};
	struct buf got = BUF_INIT;
	struct schema a, b;
	const char **lines;
	size_t count;

	read_sql(before, &arena, &a);
	read_sql(after, &arena, &b);
	count = schema_compare(&a, &b, &arena, &lines);
	for (size_t i = 0; i < count; i++)
		buf_printf(&got, "%s\n", lines[i]);
	assert_string_equal(got.len ? got.data : "", wanted);
	buf_release(&got);
	arena_release(&arena);
}

static void what_sqlite_takes_for_the_same_is_the_same(void **state)
{
	(void)state;
	differs("", "", "");
	differs("CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT DEFAULT 'A b')",
		"create table \"Notes\"(\n  [ID] integer primary key, -- the key\n"
		"  `body` TEXT /* text */ default 'A b'\n)",
		"");
	differs("CREATE TABLE a (x); CREATE VIEW v AS SELECT x FROM a",
		"CREATE TABLE b (x); ALTER TABLE b RENAME TO a; "
		"CREATE VIEW v AS select  x from \"a\"",
		"");
	differs("CREATE TABLE a (x); CREATE VIEW v AS SELECT \"X\", [x], `X` FROM a",
		"CREATE TABLE a (x); CREATE VIEW v AS SELECT \"x\", X, x FROM \"A\"", "");
	differs("CREATE TABLE a ([X y], `b-c`)", "CREATE TABLE a (\"x y\", [b-c])", "");
}

static void what_makes_a_difference_is_one(void **state)
{
	(void)state;
	differs("CREATE TABLE a (x DEFAULT 'A', Y)", "CREATE TABLE a (x DEFAULT 'a', y)",
		"~ table a: ~ x DEFAULT 'a'\n");
	differs("CREATE TABLE a (x, CHECK (x = 'A'))",
		"CREATE TABLE a (x, CHECK (x = 'a'))", "~ table a: its constraints\n");
	/* As a default, what is in double quotes is a text. */
	differs("CREATE TABLE a (x DEFAULT \"A\")", "CREATE TABLE a (x DEFAULT \"a\")",
		"~ table a: ~ x DEFAULT \"a\"\n");
	/* Elsewhere, too, unless something has that name. */
	differs("CREATE TABLE a (x); CREATE VIEW v AS SELECT \"No\", \"X\" FROM a",
		"CREATE TABLE a (x); CREATE VIEW v AS SELECT \"NO\", \"x\" FROM \"A\"",
		"~ view v\n");
	differs("CREATE TABLE a (x, CHECK (\"X\" <> \"No\"))",
		"CREATE TABLE a (x, CHECK (\"x\" <> \"no\"))",
		"~ table a: its constraints\n");
	differs("CREATE TABLE a (x, y)", "CREATE TABLE a (y, x)",
		"~ table a: the order of its columns\n");
	differs("CREATE TABLE a (\"x y\")", "CREATE TABLE a (x y)",
		"~ table a: - x y, + x y\n");
}

static void objects_come_and_go(void **state)
{
	(void)state;
	differs("CREATE TABLE a (x); CREATE INDEX i ON a (x); CREATE TABLE old (x)",
		"CREATE TABLE a (x); CREATE TABLE b (x); CREATE VIEW v AS SELECT 1; "
		"CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
		"- index i\n+ table b\n- table old\n+ trigger t\n+ view v\n");
	differs("CREATE TABLE a (x); CREATE INDEX i ON a (x)",
		"CREATE TABLE a (x); CREATE UNIQUE INDEX i ON a (x)", "~ index i\n");
	differs("CREATE VIEW v AS SELECT 1", "CREATE VIEW v AS SELECT 2", "~ view v\n");
}

static void columns_come_and_go(void **state)
{
	(void)state;
	differs("CREATE TABLE a (id INTEGER PRIMARY KEY, old TEXT, n INT)",
		"CREATE TABLE a (id INTEGER PRIMARY KEY, n TEXT NOT NULL DEFAULT 'x', "
		"new AS (n))",
		"~ table a: - old TEXT, ~ n TEXT NOT NULL DEFAULT 'x', "
		"+ new GENERATED\n");
	differs("CREATE TABLE a (x)", "CREATE TABLE a (x UNIQUE)",
		"~ table a: its constraints\n");
	differs("CREATE TABLE a (x, y)", "CREATE TABLE a (y, x)",
		"~ table a: the order of its columns\n");
}

static void constraints_count_beside_columns(void **state)
{
	(void)state;
	differs("CREATE TABLE u (id INTEGER PRIMARY KEY, email TEXT NOT NULL)",
		"CREATE TABLE u (id INTEGER PRIMARY KEY, email TEXT NOT NULL, m INT, "
		"UNIQUE (email), CHECK (email <> '(,)'))",
		"~ table u: + m INT, its constraints\n");
	differs("CREATE TABLE u (a CHECK (a IN (1, 2)), b)",
		"CREATE TABLE u (a CHECK (a IN (1, 2)), b, c DEFAULT ('x, )'))",
		"~ table u: + c DEFAULT 'x, )'\n");
	differs("CREATE TABLE u (a PRIMARY KEY, b)",
		"CREATE TABLE u (a PRIMARY KEY, b TEXT) WITHOUT ROWID",
		"~ table u: ~ a NOT NULL PRIMARY KEY, ~ b TEXT, its constraints\n");
	differs("CREATE TABLE u (a REFERENCES u, b)", "CREATE TABLE u (a, c)",
		"~ table u: - b, + c, its constraints\n");
}

static void what_is_not_the_applications_does_not_count(void **state)
{
	(void)state;
	differs("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)",
		"CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT); "
		"CREATE TABLE groundwork_migrations (x UNIQUE); "
		"CREATE INDEX i ON groundwork_migrations (x); "
		"INSERT INTO a DEFAULT VALUES; ANALYZE",
		"");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_sqlite_takes_for_the_same_is_the_same),
		cmocka_unit_test(what_makes_a_difference_is_one),
		cmocka_unit_test(objects_come_and_go),
		cmocka_unit_test(columns_come_and_go),
		cmocka_unit_test(constraints_count_beside_columns),
		cmocka_unit_test(what_is_not_the_applications_does_not_count),
	};

	return cmocka_run_group_tests_name("db/schema", tests, NULL, NULL);
}
