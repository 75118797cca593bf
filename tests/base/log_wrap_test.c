/* SPDX-License-Identifier: MIT */
/* Lines broken between words. */
#include "../unit.h"
#include "base/buf.h"
#include "base/log.h"

static const struct {
	const char *line;
	int columns, indent;
	const char *expected;
} cases[] = {
	{"+ a  one two three", 0, 5, "+ a  one two three"},
	{"+ a  one two three", 18, 5, "+ a  one two three"},
	{"+ a  one two three", 17, 5, "+ a  one two\n     three"},
	{"+ a  one two three", 12, 5, "+ a  one two\n     three"},
	{"+ a  one two three", 11, 5, "+ a  one\n     two\n     three"},
	/* nothing is broken inside of a word, and nothing in front of the text */
	{"+ a  /one/two/three four", 12, 5, "+ a  /one/two/three\n     four"},
	/* characters count, not their bytes; sequences take no column */
	{"\xc2\xb7 a  \xc3\xa9\xc3\xa9\xc3\xa9 two", 12, 5,
		"\xc2\xb7 a  \xc3\xa9\xc3\xa9\xc3\xa9 two"},
	{"\033[32m+\033[0m a  one two", 12, 5, "\033[32m+\033[0m a  one two"},
	/* CJK and emoji take two columns, what combines none */
	{"+ a  日本 two", 13, 5, "+ a  日本 two"},
	{"+ a  日本 two", 12, 5, "+ a  日本\n     two"},
	{"+ a  📦📦 two", 12, 5, "+ a  📦📦\n     two"},
	{"+ a  n\xcc\x81n\xcc\x81 two", 11, 5, "+ a  n\xcc\x81n\xcc\x81 two"},
	{"+ a  n\xcc\x81n\xcc\x81 two", 10, 5, "+ a  n\xcc\x81n\xcc\x81\n     two"},
	/* lines that it has are kept */
	{"+ a  one\n     two three four", 14, 5, "+ a  one\n     two three\n     four"},
	/* behind a long name it goes on further left */
	{"+ abcdefgh  one two", 16, 12, "+ abcdefgh  one\n  two"},
};

static void it_breaks_between_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf line = BUF_INIT;

		buf_puts(&line, "before a line ");
		buf_puts(&line, cases[i].line);
		log_wrap(&line, strlen("before a line "), cases[i].columns,
			cases[i].indent);
		assert_string_equal(
			line.data + strlen("before a line "), cases[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_breaks_between_words),
	};

	return cmocka_run_group_tests_name("base/log_wrap", tests, NULL, NULL);
}
