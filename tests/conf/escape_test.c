/* SPDX-License-Identifier: MIT */
/* Escapes: names, guesses from a path, and what may never get out of its quotes. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/escape.h"

static void names(void **state)
{
	enum escape found = ESCAPE_NONE;

	(void)state;
	for (int i = 0; escape_names[i]; i++) {
		assert_true(escape_find(escape_names[i], &found));
		assert_int_equal(found, i);
	}
	assert_false(escape_find("", &found));
	assert_false(escape_find("JSON", &found));
}

static void guesses(void **state)
{
	(void)state;
	assert_int_equal(escape_for_path("/a/b.json"), ESCAPE_JSON);
	assert_int_equal(escape_for_path("/a/b.sh"), ESCAPE_SHELL);
	assert_int_equal(escape_for_path("/a/b.sql"), ESCAPE_SQL);
	assert_int_equal(escape_for_path("/a/b.conf"), ESCAPE_NONE);
	assert_int_equal(escape_for_path("/a.json/b"), ESCAPE_NONE);
	assert_int_equal(escape_for_path("/a/.json"), ESCAPE_NONE);
	assert_int_equal(escape_for_path(""), ESCAPE_NONE);
}

static void makes_safe(void **state)
{
	static const struct {
		enum escape escape;
		const char *value;
		const char *expected;
	} cases[] = {
		{ESCAPE_NONE, "'\"\\\n", "'\"\\\n"},
		{ESCAPE_JSON, "a\"b\\c/\n\r\t\b\f\x01\x7f",
			"a\\\"b\\\\c/\\n\\r\\t\\b\\f\\u0001\\u007f"},
		{ESCAPE_JSON, "ä€\xf0\x9f\x98\x80", "ä€\xf0\x9f\x98\x80"},
		{ESCAPE_JSON, "", ""},
		{ESCAPE_SHELL, "it's $HOME `x` \\ \"\n", "it'\\''s $HOME `x` \\ \"\n"},
		{ESCAPE_SHELL, "''", "'\\'''\\''"},
		{ESCAPE_SQL, "'; drop table x; --", "''; drop table x; --"},
		{ESCAPE_SQL, "a\\'", "a\\''"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);

		assert_int_equal(
			escape_add(cases[i].escape, cases[i].value, &got, &err), 0);
		assert_string_equal(got.data, cases[i].expected);
	}
}

static void refuses(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(escape_add(ESCAPE_JSON, "a\xff", &got, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_int_equal(got.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(guesses),
		cmocka_unit_test(makes_safe),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests_name("conf/escape", tests, NULL, NULL);
}
