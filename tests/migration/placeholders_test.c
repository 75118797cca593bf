/* SPDX-License-Identifier: MIT */
/* Flyway's placeholders. */
#include "../unit.h"
#include "base/buf.h"
#include "base/problems.h"
#include "base/str.h"
#include "migration/placeholders.h"

#define LIMIT ((size_t)1000)

static const char *const values[] = {
	"table=old", "table=notes", "nested=${table}", "empty=", "my.name=a=b", NULL};

/* Expects the text, or problems as lines. */
static void expect(const char *text, const char *wanted)
{
	struct buf got = BUF_INIT, reported = BUF_INIT;
	struct problems problems = {0};
	bool complete;

	buf_puts(&got, text);
	complete = placeholders_replace(&got, values, LIMIT, "x.sql", &problems);
	assert_int_equal(complete, problems.count == 0);
	for (size_t i = 0; i < problems.count; i++)
		buf_printf(&reported, "%s\n", problem_text(&problems, i));
	assert_string_equal(complete ? got.data : reported.data, wanted);
	buf_release(&got);
	buf_release(&reported);
	problems_release(&problems);
}

static void values_are_replaced_everywhere(void **state)
{
	(void)state;
	expect("SELECT 1;", "SELECT 1;");
	expect("", "");
	expect("${table}", "notes");
	expect("a${table}b${my.name}'${empty}' -- ${table}\n", "anotesba=b'' -- notes\n");
	expect("$ { } {table} $table ${empty}", "$ { } {table} $table ");
}

static void a_value_is_not_looked_at_again(void **state)
{
	(void)state;
	expect("${nested}", "${table}");
	expect("$${table}", "$notes");
}

static void what_has_no_value_is_an_error(void **state)
{
	(void)state;
	expect("a\n ${tables} ${table} ${x} ${x} ${tables}\n${} ${x}",
		"x.sql:2:2: '${tables}' has no value; write `tables=VALUE` into the key "
		"`placeholders`, or `tables=$${tables}` to keep it as it is; did you "
		"mean 'table'?\n"
		"x.sql:2:21: '${x}' has no value; write `x=VALUE` into the key "
		"`placeholders`, or `x=$${x}` to keep it as it is\n"
		"x.sql:3:1: the placeholder that begins here has no name on its line\n");
	expect("${flyway:user}",
		"x.sql:1:1: '${flyway:user}' is known to Flyway alone; write its value "
		"in its place\n");
	expect("a ${table\n}",
		"x.sql:1:3: the placeholder that begins here has no '}' on its line\n");
	expect("a ${",
		"x.sql:1:3: the placeholder that begins here has no '}' on its line\n");
}

/* To Flyway they are errors, too. */
static void without_the_key_a_name_is_an_error(void **state)
{
	struct buf text = BUF_INIT;
	struct problems problems = {0};

	(void)state;
	buf_puts(&text, "${} ${ ${a b} ${\n}");
	assert_true(placeholders_replace(&text, NULL, LIMIT, "x.sql", &problems));
	assert_string_equal(text.data, "${} ${ ${a b} ${\n}");
	buf_puts(&text, "${a} ${a}");
	assert_false(placeholders_replace(&text, NULL, LIMIT, "x.sql", &problems));
	assert_int_equal(problems.count, 1);
	assert_string_equal(problem_text(&problems, 0),
		"x.sql:2:2: '${a}' has no value; write `a=VALUE` into the key "
		"`placeholders`, or `a=$${a}` to keep it as it is");
	problems_release(&problems);
	buf_release(&text);
}

static void what_becomes_too_large_is_an_error(void **state)
{
	struct buf text = BUF_INIT;
	struct problems problems = {0};

	(void)state;
	buf_puts(&text, "${table}${table}");
	assert_true(placeholders_replace(&text, values, 10, "x.sql", &problems));
	buf_puts(&text, "${empty}x");
	assert_false(placeholders_replace(&text, values, 10, "x.sql", &problems));
	assert_int_equal(problems.count, 1);
	assert_string_equal(problem_text(&problems, 0),
		"x.sql: is larger than 10 bytes with the values of its placeholders; "
		"make several migrations of it");
	problems_release(&problems);
	buf_release(&text);
}

static void a_quote_in_a_value_is_known(void **state)
{
	const char *const plain[] = {"a=b", "b=", NULL};
	const char *const quoted[] = {"a=b", "who=O'Brien", NULL};

	(void)state;
	assert_string_equal(placeholders_advice(NULL), "");
	assert_string_equal(placeholders_advice(plain), "");
	assert_non_null(strstr(placeholders_advice(quoted), "has a quote"));
}

static void long_names_are_cut_between_characters(void **state)
{
	static const char *const none[] = {NULL};
	struct problems problems = {0};
	char text[200];

	(void)state;
	for (int pad = 0; pad < 3; pad++) {
		struct buf sql = BUF_INIT;

		(void)snprintf(text, sizeof text, "${%.*s%s}", pad, "ab",
			"€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€");
		buf_puts(&sql, text);
		assert_false(placeholders_replace(&sql, none, LIMIT, "x.sql", &problems));
		buf_release(&sql);
		assert_non_null(strstr(problem_text(&problems, 0), "€…}' has no value"));
		assert_int_equal(str_utf8_valid(problems.list[0].text,
					 strlen(problems.list[0].text)),
			strlen(problems.list[0].text));
		problems_truncate(&problems, 0);
	}
	problems_release(&problems);
}

static void those_that_are_used_are_marked(void **state)
{
	struct buf text = BUF_INIT;
	bool used[5] = {false};

	(void)state;
	buf_puts(&text, "${table} ${emp ty} {nested} ${my.name");
	assert_int_equal(placeholders_mark_used(values, &text, used), 3);
	assert_true(used[0] && used[1] && !used[2] && !used[3] && !used[4]);
	buf_puts(&text, "} ${empty}${nested}");
	assert_int_equal(placeholders_mark_used(values, &text, used), 0);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_replaced_everywhere),
		cmocka_unit_test(a_value_is_not_looked_at_again),
		cmocka_unit_test(what_has_no_value_is_an_error),
		cmocka_unit_test(without_the_key_a_name_is_an_error),
		cmocka_unit_test(what_becomes_too_large_is_an_error),
		cmocka_unit_test(a_quote_in_a_value_is_known),
		cmocka_unit_test(long_names_are_cut_between_characters),
		cmocka_unit_test(those_that_are_used_are_marked),
	};

	return cmocka_run_group_tests_name("migration/placeholders", tests, NULL, NULL);
}
