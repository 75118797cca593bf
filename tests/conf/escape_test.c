/* SPDX-License-Identifier: MIT */
/* Escapes: names, guesses from a path, and what may never get out of its quotes. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/escape.h"

static void names(void **state)
{
	(void)state;
	for (int i = 0; escape_names[i]; i++)
		assert_int_equal(escape_find(escape_names[i]), i);
	assert_int_equal(escape_find("none"), 0);
	assert_int_equal(escape_find(""), -1);
	assert_int_equal(escape_find("JSON"), -1);
}

static void suggests(const char *path, const char *name)
{
	assert_string_equal(escape_names[escape_for_path(path)], name);
}

static void guesses(void **state)
{
	(void)state;
	suggests("/a/b.json", "json");
	suggests("/a/b.sh", "shell");
	suggests("/a/b.bash", "shell");
	suggests("/a/b.sql", "sql");
	suggests("/a/b.conf", "none");
	suggests("/a.json/b", "none");
	suggests("/a/.json", "none");
	suggests("", "none");
}

static void makes_safe(void **state)
{
	static const struct {
		const char *escape;
		const char *value;
		const char *expected;
	} cases[] = {
		{"none", "'\"\\\n", "'\"\\\n"},
		{"json", "a\"b\\c/\n\r\t\b\f\x01\x7f",
			"a\\\"b\\\\c/\\n\\r\\t\\b\\f\\u0001\\u007f"},
		{"json", "ä€\xf0\x9f\x98\x80", "ä€\xf0\x9f\x98\x80"},
		{"json", "", ""},
		{"shell", "it's $HOME `x` \\ \"\n", "it'\\''s $HOME `x` \\ \"\n"},
		{"shell", "''", "'\\'''\\''"},
		{"sql", "'; drop table x; --", "''; drop table x; --"},
		{"sql", "a\\'", "a\\''"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);

		assert_int_equal(escape_add(escape_find(cases[i].escape), cases[i].value,
					 &got, &err),
			0);
		assert_string_equal(got.data, cases[i].expected);
	}
}

static void refuses(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(escape_add(escape_find("json"), "a\xff", &got, &err), -1);
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
