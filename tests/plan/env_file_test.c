/* SPDX-License-Identifier: MIT */
/* The lines of an env_file: as a shell reads them, or a warning, or an error. */
#include "../unit.h"
#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "plan/env_file.h"

static void record(void *user, enum log_level level, const char *line)
{
	assert_int_equal(level, LOG_WARN);
	buf_puts(user, line);
}

static int parse(const char *text, struct buf *warnings, struct env *env, struct err *err)
{
	const struct log log = {
		.fd = -1, .level = LOG_WARN, .sink = record, .user = warnings};

	return env_file_parse(text, "f", &log, env, err);
}

/* Each text gives this value for A; with an odd character a warning says so. */
static void values(void **state)
{
	static const struct {
		const char *text, *value, *odd;
	} cases[] = {
		{"A=", "", NULL},
		{"A=b", "b", NULL},
		{"  A=b\t\r", "b", NULL},
		{"export A=b", "b", NULL},
		{"export \t A=b # c", "b", NULL},
		{"A=a#b", "a#b", NULL},
		{"A=#b", "#b", NULL},
		{"A= # c", "", NULL},
		{"A=b # c # d", "b", NULL},
		{"A=a=b", "a=b", NULL},
		{"A='b'", "b", NULL},
		{"A=' a # \"b\" $c `d` ${e} \\'  # f", " a # \"b\" $c `d` ${e} \\", NULL},
		{"A='b'# c", NULL, NULL},
		{"A=\"a b\"", "a b", NULL},
		{"A=\"a # b\" # c", "a # b", NULL},
		{"A=\"\\\"a\\\" \\$b \\`c\\` \\\\ \\n '\"", "\"a\" $b `c` \\ \\n '",
			NULL},
		{"A=\"\\${b}\"", "${b}", NULL},
		{"A=\"$\"", "$", NULL},
		{"A=a$", "a$", NULL},
		{"exported=1\nA=b", "b", NULL},
		{"A=1\nA=2", "2", NULL},
		{"\n# A=1\n\t#\nA=2\n", "2", NULL},
		/* as for Docker, and not as for a shell */
		{"A=b c", "b c", "' '"},
		{"A= b", " b", "' '"},
		{"A=it's", "it's", "\"'\""},
		{"A={\"a\":1}", "{\"a\":1}", "'\"'"},
		{"A=a\\b", "a\\b", "'\\'"},
		{"A=x?a=1&b", "x?a=1&b", "'&'"},
		{"A=~/x", "~/x", "'~'"},
		{"A=a$b", "a$b", "'$'"},
		{"A=\"a$b\"", "a$b", "'$'"},
		{"A=a$$b", "a$$b", "'$'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf warnings = BUF_INIT;
		CLEANUP_BUF struct buf expected = BUF_INIT;
		CLEANUP_ENV struct env env = {0};
		DECLARE_ERR(err);
		int rc = parse(cases[i].text, &warnings, &env, &err);

		if (rc != (cases[i].value ? 0 : -1))
			fail_msg("'%s': %d, %s", cases[i].text, rc, err.text);
		if (rc == 0)
			assert_string_equal(env_get(&env, "A"), cases[i].value);
		if (cases[i].odd)
			buf_printf(&expected, "f:1: A: %s is a part of the value here",
				cases[i].odd);
		if (!cases[i].odd)
			assert_string_equal(warnings.data, "");
		else if (!strstr(warnings.data, expected.data))
			assert_string_equal(warnings.data, expected.data);
	}
}

static void errors(void **state)
{
	static const char *const cases[][2] = {
		{"B=1\nnonsense", "expected NAME=value or export NAME=value;"},
		{"B=1\n1X=2", "expected NAME=value"},
		{"B=1\nexport B", "expected NAME=value"},
		{"B=1\nexport", "expected NAME=value"},
		{"B=1\nexport\nA=1", "expected NAME=value"},
		{"B=1\nA =b", "expected NAME=value"},
		{"B=1\nset -a", "expected NAME=value"},
		{"B=1\n. other", "expected NAME=value"},
		{"B=1\n=x", "expected NAME=value"},
		{"B=1\nA=$(date)", "A: nothing is expanded here, and '$(' asks for it"},
		{"B=1\nA=\"x $(date)\"", "A: nothing is expanded here, and '$('"},
		{"B=1\nA=`date`", "A: nothing is expanded here, and '`' asks"},
		{"B=1\nA=\"${B}\"", "A: nothing is expanded here, and '${' asks"},
		{"B=1\nA=${B}", "A: nothing is expanded here, and '${' asks"},
		{"B=1\nA=\"b", "A: the quote is not closed"},
		{"B=1\nA='b\n'", "A: the quote is not closed"},
		{"B=1\nA=\"b\\\"", "A: the quote is not closed"},
		{"B=1\nA='it'\\''s'", "A: something stands behind the closing quote"},
		{"B=1\nA=\"a\" \"b\"", "A: something stands behind the closing quote"},
		{"B=1\nA=\"a\"b", "A: something stands behind the closing quote"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf warnings = BUF_INIT;
		CLEANUP_ENV struct env env = {0};
		DECLARE_ERR(err);

		if (parse(cases[i][0], &warnings, &env, &err) != -1)
			fail_msg("'%s' is fine", cases[i][0]);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_int_equal(err.at.line, 2);
		assert_string_equal(err.at.file, "f");
		if (!str_starts(err.text, cases[i][1]))
			assert_string_equal(err.text, cases[i][1]);
		assert_string_equal(env_get(&env, "B"), "1");
	}
}

static void all_errors_are_reported(void **state)
{
	CLEANUP_BUF struct buf warnings = BUF_INIT;
	CLEANUP_ENV struct env env = {0};
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(parse("A B\nC=1\nD=\"\nE=2\n", &warnings, &env, &err), -1);
	assert_int_equal(err.at.line, 1);
	assert_string_equal(err.text,
		"expected NAME=value or export NAME=value; nothing else is read, and no "
		"shell runs this; f:3: D: the quote is not closed, and a value has one "
		"line");
	assert_string_equal(env_get(&env, "C"), "1");
	assert_string_equal(env_get(&env, "E"), "2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(errors),
		cmocka_unit_test(all_errors_are_reported),
	};

	return cmocka_run_group_tests_name("plan/env_file", tests, NULL, NULL);
}
