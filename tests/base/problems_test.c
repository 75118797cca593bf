/* SPDX-License-Identifier: MIT */
/* Lists of errors: order, places, limit. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/problems.h"

static void lists(struct problems *problems, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;

	problems_sort(problems);
	for (size_t i = 0; i < problems->count; i++)
		buf_printf(&got, "%s|", problem_text(problems, i));
	assert_string_equal(got.data, expected);
}

static void are_listed_by_place(void **state)
{
	struct problems problems = {0};

	(void)state;
	lists(&problems, "");
	problems_add(&problems, (struct place){"b", 1, 0}, "b%d", 1);
	problems_add(&problems, (struct place){"a", 10, 0}, "ten");
	problems_add(&problems, (struct place){"a", 2, 7}, "seven");
	problems_add(&problems, (struct place){"a", 2, 0}, "two");
	problems_add(&problems, (struct place){"a", 0, 0}, "whole");
	problems_add(&problems, (struct place){NULL, 0, 0}, "nowhere");
	problems_add(&problems, (struct place){"a", 10, 0}, "again");
	lists(&problems,
		"nowhere|a: whole|a:2: two|a:2:7: seven|a:10: ten|a:10: again|b:1: b1|");
	/* what is dropped leaves no gap in the order */
	problems_truncate(&problems, 6);
	problems_add(&problems, (struct place){"a", 10, 0}, "later");
	problems_add(&problems, (struct place){"a", 10, 0}, "last");
	lists(&problems,
		"nowhere|a: whole|a:2: two|a:2:7: seven|a:10: ten|a:10: again|"
		"a:10: later|a:10: last|");
	problems_release(&problems);
	assert_int_equal(problems.count, 0);
}

static void add(struct problems *problems, struct place at, const char *text)
{
	DECLARE_ERR(err);

	err_config(&err, "%s", text);
	err_at(&err, at);
	problems_add_err(problems, &err);
}

static void errors_are_listed_once_a_place(void **state)
{
	struct problems problems = {0};

	(void)state;
	problems_add(&problems, (struct place){"/a", 5, 0}, "five");
	add(&problems, (struct place){"/a", 5, 0}, "five");
	add(&problems, (struct place){"/a", 5, 0}, "other");
	add(&problems, (struct place){"/a", 4, 0}, "five");
	add(&problems, (struct place){"/a", 4, 0}, "five");
	add(&problems, (struct place){"/a", 4, 1}, "five");
	add(&problems, (struct place){0}, "nowhere");
	add(&problems, (struct place){0}, "nowhere");
	lists(&problems, "nowhere|/a:4: five|/a:4:1: five|/a:5: five|/a:5: other|");
	problems_release(&problems);
}

static void the_first_of_a_line_gets_more(void **state)
{
	struct problems problems = {0};

	(void)state;
	problems_add(&problems, (struct place){"/a", 5, 2}, "five");
	problems_add(&problems, (struct place){"/a", 5, 1}, "other");
	problems_append(&problems, (struct place){"/a", 5, 7}, "; more");
	problems_append(&problems, (struct place){"/b", 5, 0}, "; lost");
	lists(&problems, "/a:5:1: other|/a:5:2: five; more|");
	problems_release(&problems);
}

static void raise_one_error(void **state)
{
	struct problems problems = {0};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(problems_raise(&problems, 0, &err), 0);
	assert_int_equal(err.kind, ERR_NONE);
	problems_add(&problems, (struct place){"/a", 5, 0}, "five");
	problems_add(&problems, (struct place){"/b", 6, 7}, "six");
	problems_add(&problems, (struct place){0}, "nowhere");
	assert_int_equal(problems_raise(&problems, 3, &err), 0);
	assert_int_equal(problems_raise(&problems, 1, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, "six; nowhere");
	assert_string_equal(err.at.file, "/b");
	assert_int_equal(err.at.line, 6);
	problems.left_out = 2;
	assert_int_equal(problems_raise(&problems, 0, &err), -1);
	assert_string_equal(err.text, "five; /b:6:7: six; nowhere; and 2 more");
	assert_int_equal(problems_raise(&problems, 3, &err), -1);
	assert_string_equal(err.text, "and 2 more");
	assert_null(err.at.file);
	problems_release(&problems);
}

static void many_are_counted(void **state)
{
	struct problems problems = {0};

	(void)state;
	for (int i = 0; i < PROBLEMS_MAX + 5; i++)
		problems_add(&problems, (struct place){"a", i + 1, 0}, "x");
	assert_int_equal(problems.count, PROBLEMS_MAX);
	assert_int_equal(problems.left_out, 5);
	problems_release(&problems);
}

static void knows_where_some_are(void **state)
{
	struct problems problems = {0};

	(void)state;
	problems_add(&problems, (struct place){"/a", 5, 2}, "one");
	problems_add(&problems, (struct place){0}, "nowhere");
	assert_true(problems_at(&problems, (struct place){"/a", 5, 0}));
	assert_false(problems_at(&problems, (struct place){"/a", 6, 0}));
	assert_false(problems_at(&problems, (struct place){"/b", 5, 0}));
	assert_false(problems_at(&problems, (struct place){0}));
	problems_truncate(&problems, 3);
	assert_int_equal(problems.count, 2);
	problems_truncate(&problems, 0);
	assert_false(problems_at(&problems, (struct place){"/a", 5, 0}));
	problems_release(&problems);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(are_listed_by_place),
		cmocka_unit_test(errors_are_listed_once_a_place),
		cmocka_unit_test(the_first_of_a_line_gets_more),
		cmocka_unit_test(raise_one_error),
		cmocka_unit_test(many_are_counted),
		cmocka_unit_test(knows_where_some_are),
	};

	return cmocka_run_group_tests_name("base/problems", tests, NULL, NULL);
}
