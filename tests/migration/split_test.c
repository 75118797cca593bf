/* SPDX-License-Identifier: MIT */
/* Splitting, with a dialect of no engine. */
#include "../unit.h"
#include "base/buf.h"
#include "base/mem.h"
#include "dialect.h"
#include "migration/split.h"

/* Splits the first `size` bytes; expects problems as lines, or statements in brackets. */
static void expect_part(const char *text, size_t size, bool closed, const char *wanted)
{
	struct arena arena = {0};
	struct problems problems = {0};
	const struct script_part part = {.size = size, .closed = closed};
	const struct script script = {
		.text = arena_strdup(&arena, text),
		.size = strlen(text),
		.file = "x.sql",
		.dialect = &plain_dialect,
		.arena = &arena,
		.problems = &problems,
	};
	struct statement *statements;
	struct buf got = BUF_INIT;
	size_t count;

	split_script(&script, &part, 1, &statements, &count);
	for (size_t i = 0; i < problems.count; i++)
		buf_printf(&got, "%s\n", problem_text(&problems, i));
	for (size_t i = 0; problems.count == 0 && i < count; i++)
		buf_printf(&got, "[%.*s]", (int)statements[i].size, statements[i].text);
	assert_string_equal(got.data, wanted);
	buf_release(&got);
	problems_release(&problems);
	arena_release(&arena);
}

static void expect(const char *text, const char *wanted)
{
	expect_part(text, strlen(text), false, wanted);
}

static void the_dialect_says_where_a_statement_ends(void **state)
{
	(void)state;
	expect("a; b (c; d);\n;e;", "[a;][b (c; d);][e;]");
	expect("a; b (c;",
		"x.sql:1:4: a parenthesis of this statement is open; is the "
		"file cut short?\n");
	expect("a; b", "x.sql:1:4: this statement has no ';'; is the file cut short?\n");
}

static void a_closed_part_needs_no_semicolon(void **state)
{
	(void)state;
	expect_part("a; b\n-- end", 5, true, "[a;][b]");
	expect_part("a; (b\n-- end", 6, true,
		"x.sql:1:4: a parenthesis of this statement is open; is the file cut "
		"short?\n");
}

static void the_dialect_says_what_is_left_out(void **state)
{
	(void)state;
	expect("SETTING a; BEGIN; b; SETTING; COMMIT; SETTING;",
		"[SETTING a;][b;][SETTING;][SETTING;]");
	expect("SETTING; BEGIN;",
		"x.sql:1:10: BEGIN cannot be used in a migration: take it out\n");
	expect("a; BEGIN; COMMIT;",
		"x.sql:1:4: BEGIN cannot be used in a migration: take it out\n"
		"x.sql:1:11: COMMIT cannot be used in a migration: take it out\n");
	expect("BEGIN;", "x.sql:1:1: BEGIN cannot be used in a migration: take it out\n");
}

static void the_dialect_says_what_is_refused(void **state)
{
	(void)state;
	expect("a;\n REFUSED b;",
		"x.sql:2:2: REFUSED cannot be used in a migration: take it out\n");
	expect(".read x;", "x.sql:1:1: is not SQL\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_dialect_says_where_a_statement_ends),
		cmocka_unit_test(a_closed_part_needs_no_semicolon),
		cmocka_unit_test(the_dialect_says_what_is_left_out),
		cmocka_unit_test(the_dialect_says_what_is_refused),
	};

	return cmocka_run_group_tests_name("migration/split", tests, NULL, NULL);
}
