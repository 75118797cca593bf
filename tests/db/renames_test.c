/* SPDX-License-Identifier: MIT */
/* What is read of a statement that renames or drops. */
#include "db/renames.h"

#include "fixture.h"

static void note(struct renames *renames, const char *text, const char *table)
{
	renames_expect(renames, text, strlen(text));
	renames_note(renames, SQLITE_ALTER_TABLE, "main", table, NULL);
}

static void what_a_statement_renames_is_read(void **state)
{
	static const struct {
		const char *text, *table, *column, *to;
	} cases[] = {
		{"ALTER TABLE a RENAME TO b", "a", NULL, "b"},
		{"alter table main.a rename to b;", "a", NULL, "b"},
		{"ALTER TABLE a RENAME x TO y", "a", "x", "y"},
		{"ALTER TABLE a RENAME COLUMN x TO y", "a", "x", "y"},
		{"ALTER TABLE a RENAME COLUMN \"column\" TO \"to\"", "a", "column", "to"},
		{"ALTER TABLE a RENAME \"to\" TO y", "a", "to", "y"},
		{"ALTER TABLE a DROP x", "a", "x", NULL},
		{"ALTER TABLE a DROP COLUMN [x ]", "a", "x ", NULL},
		{"ALTER/**/TABLE--\n\"a\".'b'RENAME`x`TO\"y\"", "b", "x", "y"},
		{"ALTER TABLE \"a\"\"\" RENAME TO '''b'''''", "a\"", NULL, "'b''"},
		{"ALTER TABLE rename RENAME COLUMN x TO `add`", "rename", "x", "add"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct renames renames = {.count = 0};

		note(&renames, cases[i].text, cases[i].table);
		if (renames.count != 1)
			fail_msg("not read: %s", cases[i].text);
		assert_string_equal(renames.list[0].table, cases[i].table);
		assert_int_equal(!cases[i].column, !renames.list[0].column);
		if (cases[i].column)
			assert_string_equal(renames.list[0].column, cases[i].column);
		assert_int_equal(!cases[i].to, !renames.list[0].to);
		if (cases[i].to)
			assert_string_equal(renames.list[0].to, cases[i].to);
		renames_release(&renames);
	}
}

static void other_statements_rename_nothing(void **state)
{
	static const char *const texts[] = {"ALTER TABLE a ADD COLUMN x",
		"ALTER TABLE a ALTER COLUMN x DROP NOT NULL", "EXPLAIN ALTER TABLE a",
		"ALTER TABLE b RENAME TO c", "ALTER TABLE a RENAME",
		"ALTER TABLE a RENAME x", "ALTER TABLE a RENAME TO \"b", "ALTER TABLE",
		"DROP TABLE a", ""};
	struct renames renames = {.count = 0};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		note(&renames, texts[i], "a");
		assert_int_equal(renames.count, 0);
	}
	renames_expect(&renames, "ALTER TABLE a RENAME TO b", 25);
	renames_note(&renames, SQLITE_ALTER_TABLE, "temp", "a", NULL);
	renames_note(&renames, SQLITE_DROP_TABLE, "a", NULL, "temp");
	assert_int_equal(renames.count, 0);
	renames_release(&renames);
}

/* It may be prepared twice, and runs once. */
static void a_statement_renames_once(void **state)
{
	struct renames renames = {.count = 0};

	(void)state;
	note(&renames, "ALTER TABLE a RENAME TO b", "a");
	note(&renames, "ALTER TABLE a RENAME TO b", "a");
	assert_int_equal(renames.count, 1);
	renames_note(&renames, SQLITE_DROP_TABLE, "b", NULL, "main");
	assert_int_equal(renames.count, 2);
	assert_string_equal(renames.list[1].table, "b");
	assert_null(renames.list[1].to);
	note(&renames, "ALTER TABLE a RENAME TO b", "a");
	assert_int_equal(renames.count, 3);
	renames_release(&renames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_statement_renames_is_read),
		cmocka_unit_test(other_statements_rename_nothing),
		cmocka_unit_test(a_statement_renames_once),
	};

	return cmocka_run_group_tests_name("db/renames", tests, NULL, NULL);
}
