/* SPDX-License-Identifier: MIT */
/* Bare values that are keys, and those that would be names or numbers of a language. */
#include "placing.h"

/* Without `expected` it is an error with `message`. */
static const struct {
	const char *escape, *before, *value, *behind, *expected, *message;
} cases[] = {
	{"toml", "", "1.5", " = 1\n", "\"1.5\"", NULL},
	{"toml", "a = [\n[1], # c\n{b = 1, ", "1.5", "= 2}]\n", "\"1.5\"", NULL},
	{"toml", "a = 1 # c\n[[", "1.5", "]]\n", "\"1.5\"", NULL},
	{"toml", "a = [[", "1.5", "]]\n", "1.5", NULL},
	{"toml", "a = [{b = 1}, ", "1.5", "]\n", "1.5", NULL},
	{"json", "{", "5", ": 1}", "\"5\"", NULL},
	{"sql", "(", "it's", ")", "'it''s'", NULL},
	{"sql", "INSERT INTO ", "app", "(a)", "app", NULL},
	{"sql", "TABLE app.", "t_1", ";", "t_1", NULL},
	{"sql", "TABLE t (a)", "", ";", "", NULL},
	{"php", "<?php [", "1.5", " => 1]", "'1.5'", NULL},
	{"php", "<?php 1, ", "null", "=>1]", "'null'", NULL},
	{"php", "<?php 'a'.", "5", ".'b'", "5", NULL},
	{"php", "<?php $a->", "b", ";", "b", NULL},
	{"js", "a = {", "1e3", ": 1}", "\"1e3\"", NULL},
	{"js", "a = {b: 1,", "true", " : 1}", "\"true\"", NULL},
	{"js", "a = b ? ", "1e3", " : 1", "1e3", NULL},
	{"js", "a = 1+", "5", "+1", "5", NULL},
	{"js", "const ", "a", "=1", "a", NULL},
	{"js", "a.", "b", "()", "b", NULL},
	{"nginx", "map $a $b { ", "plain", " 1; }", "plain", NULL},
	{"nginx", "map $a $b { x ", "default", "; }", "default", NULL},
	{"nginx", "map $a $b { x-", "default", " 1; }", "default", NULL},
	{"nginx", "map $a $b { a 1; } ", "default", " 1;", "default", NULL},
	{"nginx", "map $a $b { # hostnames;\n\"", ".a", "\" 1; }", ".a", NULL},
	{"nginx", "map $a $b { hostnames; *.", "a", " 1; }", "a", NULL},
	{"nginx", "server { a ${b} c; ", "include", " x; }", "include", NULL},
	{"nginx", "map $a $b { ", "default", " 1; }", NULL, "as a key of a map"},
	{"nginx", "map $a $b { x 1; \"", "include", "\" 1; }", NULL, "as a key of a map"},
	{"nginx", "map $a $b { 'de", "faul", "t' 1; }", NULL, "as a key of a map"},
	{"nginx", "map $a ${b} {\n# c\n", "~^a", " 1; }", NULL, "as a key of a map"},
	{"nginx", "map $a $b { hostnames;\n", ".a", " 1; }", NULL, "as a key of a map"},
	{"nginx", "http { geo $a { x 1; '", "ranges", "'; } }", NULL,
		"as a key of a map"},
	{"shell", "x=$((1 + ", "-5", "))", "-5", NULL},
	{"shell", "x=$((1 + ", "0", " * y))", "0", NULL},
	{"shell", "x=$((n_", "010", "))", "010", NULL},
	{"shell", "x=$((", "PATH", " + 1))", NULL, "in an arithmetic expression"},
	{"shell", "x=$((", "010", " + 1))", NULL, "in an arithmetic expression"},
	{"shell", "((i = ", "1/0", "))", NULL, "in an arithmetic expression"},
	{"shell", "((i = 1 -", "-5", "))", NULL, "in an arithmetic expression"},
	{"sql", "VALUES (", "plain", ")", NULL, "would be a name or keyword"},
	{"sql", "VALUES (", "null", ")", NULL, "would be a name or keyword"},
	{"sql", "WHERE a||", "b", "=c", NULL, "would be a name or keyword"},
	{"sql", "SELECT 1-", "", "-2", NULL, "in a part of a word"},
	{"sql", "TABLE t_", "a.b", ";", NULL, "in a part of a word"},
	{"php", "<?php 'a'.", "PHP_OS", ".'b'", NULL, "as a word by itself"},
	{"js", "'a'+", "name", "+'b'", NULL, "as a word by itself"},
	{"js", "a==", "b", "&&c", NULL, "as a word by itself"},
	{"lua", "'a'..", "b", "\n", NULL, "as a word by itself"},
};

static void knows_keys_and_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);
		int rc = place(cases[i].escape, cases[i].before, cases[i].value,
			cases[i].behind, &got, &err);

		if ((rc == 0) != !cases[i].message)
			fail_msg("%s%s: %s", cases[i].before, cases[i].behind,
				rc ? err.text : got.data);
		if (rc == 0)
			assert_string_equal(got.data, cases[i].expected);
		else
			assert_non_null(strstr(err.text, cases[i].message));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_keys_and_names),
	};

	return cmocka_run_group_tests_name("conf/lexer_key", tests, NULL, NULL);
}
