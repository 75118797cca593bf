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
	suggests("/a/b.toml", "toml");
	suggests("/a/b.cfg", "ini");
	suggests("/a/b.env", "env");
	suggests("/a/.env", "env");
	suggests("/a/nginx.conf", "nginx");
	suggests("/a.json/b", "none");
	suggests("/a/.json", "none");
	suggests("", "none");
}

/* Renders "BEFORE${V}BEHIND" by hand; the result is what the value became. */
static int place(const char *escape, const char *before, const char *value,
	const char *behind, struct buf *ret, struct err *err)
{
	int format = escape_find(escape);
	const struct escape_next next = {behind, strlen(behind)};
	struct lexer lexer;

	escape_begin(format, &lexer);
	lexer_feed(&lexer, before, strlen(before));
	return escape_add(format, &lexer, value, &next, ret, err);
}

static const struct {
	const char *escape, *before, *value, *behind, *expected;
} safe[] = {
	{"none", "", "'\"\\\n", "", "'\"\\\n"},
	{"json", "\"", "a\"b\\c/\n\r\t\b\f\x01\x7f", "\"",
		"a\\\"b\\\\c/\\n\\r\\t\\b\\f\\u0001\\u007f"},
	{"json", "\"", "ä€\xf0\x9f\x98\x80", "\"", "ä€\xf0\x9f\x98\x80"},
	{"json", "\"", "", "\"", ""},
	{"json", "{\"a\": ", "8080", "}", "8080"},
	{"json", "{\"a\": ", "8080, \"b\": 1", "}", "\"8080, \\\"b\\\": 1\""},
	{"json", "[", "null", ",", "null"},
	{"json", "[", "007", ",", "\"007\""},
	{"json", "[", "1.", ",", "\"1.\""},
	{"json", "[", "-1.5e+3", "]", "-1.5e+3"},
	{"json", "[", "", "]", "\"\""},
	{"json", "1", "2", "", "2"},
	{"json", "\"\\\\", "\"", "\"", "\\\""},
	{"toml", "a = '", "b\"\\", "'", "b\"\\"},
	{"toml", "a = \"\"\"", "\"\"\"", "\"\"\"", "\\\"\\\"\\\""},
	{"toml", "a = '''x''' # it's\nb = ", "c", "\n", "\"c\""},
	{"toml", "a = \"\"\nb = \"", "\"", "\"", "\\\""},
	{"toml", "# ", "plain", "", "plain"},
	{"shell", "'", "it's $HOME `x` \\ \"\n", "'", "it'\\''s $HOME `x` \\ \"\n"},
	{"shell", "\"", "it's $HOME `x` \\ \"\n", "\"",
		"it's \\$HOME \\`x\\` \\\\ \\\"\n"},
	{"shell", "PW=", "$(id)", "\n", "'$(id)'"},
	{"shell", "x ", "", " y", "''"},
	{"shell", "x-", "", "", ""},
	{"shell", "\"$(a \"b\" '", "'", "')\"", "'\\''"},
	{"shell", "cat <<E\nit's\nE\n'", "'", "'", "'\\''"},
	{"shell", "cat <<-'E' | x\n\tit's\n\t\tE\n'", "'", "'", "'\\''"},
	{"shell", "a=`b '`; '", "'", "'", "'\\''"},
	{"shell", "a=$((1 + (2))) '", "'", "'", "'\\''"},
	{"shell", "a=${b:-\"c}\"d} '", "plain", "'", "plain"},
	{"shell", "# it's\n'", "'", "'", "'\\''"},
	{"shell", "a#it\\'s '", "'", "'", "'\\''"},
	{"shell", "x <<<'a' '", "'", "'", "'\\''"},
	{"sql", "'", "'; drop table x; --", "'", "''; drop table x; --"},
	{"sql", "'it''s", "a\\'", "'", "a\\''"},
	{"sql", "\"", "a\"", "\"", "a\"\""},
	{"sql", "-- it's\n/* it's */ (", "1 or 1", ")", "'1 or 1'"},
	{"sql", "(", "-1", ")", "-1"},
	{"sql", "USER ", "app", ";", "app"},
	{"nginx", "a \"", "x\"; return 403 \"", "\"", "x\\\"; return 403 \\\""},
	{"nginx", "a ", "b;", ";", "\"b;\""},
	{"nginx", "# it's\na it's '", "'", "'", "\\'"},
	{"ini", "[a]\nb = ", "c ; d", "\n", "c ; d"},
	{"ini", "[", "a", "]", "a"},
	{"properties", "a=", "\\é\xf0\x9f\x98\x80", "\n", "\\\\\\u00e9\\ud83d\\ude00"},
	{"env", "A=", "\"\\", "\n", "\\\"\\\\"},
	{"env", "A=\"", "$", "\"\n", "\\$"},
};

static void makes_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof safe / sizeof *safe; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);

		if (place(safe[i].escape, safe[i].before, safe[i].value, safe[i].behind,
			    &got, &err) < 0)
			fail_msg("%s%s: %s", safe[i].before, safe[i].behind, err.text);
		assert_string_equal(got.data, safe[i].expected);
	}
}

static const struct {
	const char *escape, *before, *value, *behind, *message;
} refused[] = {
	{"json", "\"", "a\xff", "\"", "a value that is not UTF-8"},
	{"json", "\"\\", "n", "\"", "behind a backslash"},
	{"json", "1", ",2", "", "in a part of a word"},
	{"json", "// \"", "\"", "\"", "in a text that is not JSON"},
	{"json", "\"a\n\"", "a b", "\"", "not closed on its line"},
	{"toml", "a = '", "'", "'", "a value with a ' or a control"},
	{"toml", "a = '''", "'", "'''", "in a '''…''' string"},
	{"toml", "a = \"\"\"\"x\"\"\"\"\"", "a b", "", "more than three quotes"},
	{"toml", "# ", "\n", "", "in a comment"},
	{"shell", "x=a", "b c", "\n", "in a part of a word"},
	{"shell", "x=", "b c", "\"", "in a part of a word"},
	{"shell", "cat <<E\n", "$(id)", "\nE\n", "in a here-document"},
	{"shell", "cat <<EOF\n", "EOF", "\nEOF\n", "in a here-document"},
	{"shell", "cat <<EOF\nE", "O", "F\nEOF\n", "in a here-document"},
	{"shell", "cat <<A <<B\n'", "'", "'", "second here-document"},
	{"shell", "`", "a b", "`", "in a `…` command"},
	{"shell", "$((", "a b", "))", "in an arithmetic expression"},
	{"shell", "((", "a b", "))", "in an arithmetic expression"},
	{"shell", "${x:-", "a b", "}", "in a parameter's ${…}"},
	{"shell", "$'", "a b", "'", "in a $'…' string"},
	{"shell", "a # '", "\n", "'", "in a comment"},
	{"shell", "$(case a in a) '", "'", "')", "a text behind a `case`"},
	{"shell", "x", "", "#", NULL},
	{"shell", "x ", "", "#", "in a part of a word"},
	{"sql", "E'", "'", "'", "in an E'…' string"},
	{"sql", "$$", "a b", "$$", "dollar quote"},
	{"sql", "it's '", "'", "'", "a quote inside a word"},
	{"sql", "[a 'b] '", "'", "'", "a quote in […]"},
	{"sql", "-- '", "\n", "'", "in a comment"},
	{"sql", "/* /* */ '", "'", "'", "a comment in a comment"},
	{"sql", "`", "'", "`", "in a `…` name"},
	{"nginx", "\"", "$x", "\"", "a value with a $"},
	{"nginx", "content_by_lua_block {\n'", "'", "'", "a Lua block"},
	{"nginx", "a b", "c;", ";", "in a part of a word"},
	{"ini", "a = ", "b\nc", "\n", "a value with a line end"},
	{"ini", "a = ", " b", "\n", "the white space"},
	{"ini", "a = ", "b\\", "\n", "ends in a backslash"},
	{"ini", "[", "a b", "]", "in the name of a section"},
	{"ini", "", "a b", "=", "in a key"},
	{"ini", "a = \"", "\"", "\"", "a value with a quote"},
	{"env", "A='", "'", "'", "a value with a quote"},
	{"properties", "# ", "a b", "\n", "in a comment"},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);
		int rc = place(refused[i].escape, refused[i].before, refused[i].value,
			refused[i].behind, &got, &err);

		if (!refused[i].message) {
			assert_int_equal(rc, 0);
			continue;
		}
		if (rc == 0 || !strstr(err.text, refused[i].message))
			fail_msg("%s%s%s: %s", refused[i].before, refused[i].value,
				refused[i].behind, rc ? err.text : got.data);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_int_equal(got.len, 0);
	}
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
