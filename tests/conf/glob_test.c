/* SPDX-License-Identifier: MIT */
/* Globs at both ends of a text, against what a shell takes off. */
#include "../unit.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "conf/glob.h"

/* What the four of them match: shortest and longest, in front and behind. */
static void expect(const char *glob, const char *text, size_t front, size_t front_longest,
	size_t back, size_t back_longest)
{
	const size_t expected[] = {front, front_longest, back, back_longest};

	for (size_t i = 0; i < 4; i++) {
		size_t size;
		DECLARE_ERR(err);

		assert_int_equal(
			glob_match(glob, text, i > 1, i % 2 == 1, &size, &err), 0);
		if (size != expected[i])
			fail_msg("'%s' of '%s', %zu: %zu, not %zu", glob, text, i, size,
				expected[i]);
	}
}

static void both_ends_are_matched(void **state)
{
	(void)state;
	expect("*/", "a/b/c", 2, 4, 0, 0);
	expect("/*", "a/b/c", 0, 0, 2, 4);
	expect("a", "a/b/c", 1, 1, 0, 0);
	expect("c", "a/b/c", 0, 0, 1, 1);
	expect("*", "abc", 0, 3, 0, 3);
	expect("?", "abc", 1, 1, 1, 1);
	expect("?*", "abc", 1, 3, 1, 3);
	expect("", "abc", 0, 0, 0, 0);
	expect("abc", "abc", 3, 3, 3, 3);
	expect("abcd", "abc", 0, 0, 0, 0);
	expect("*b*", "abcb", 2, 4, 1, 4);
	expect("**x", "ax", 2, 2, 1, 2);
	expect("a*", "", 0, 0, 0, 0);
	expect("*a*a*a*", "aaaa", 3, 4, 3, 4);
}

static void sets_and_backslashes(void **state)
{
	(void)state;
	expect("[ab]", "abc", 1, 1, 0, 0);
	expect("[!ab]", "abc", 0, 0, 1, 1);
	expect("[^ab]", "abc", 0, 0, 1, 1);
	expect("[a-c]*", "abc", 1, 3, 1, 3);
	expect("[]x]", "]", 1, 1, 1, 1);
	expect("[!]]", "x]", 1, 1, 0, 0);
	expect("[a-]", "-", 1, 1, 1, 1);
	expect("[\\]]", "]", 1, 1, 1, 1);
	expect("[[:digit:]x]", "1x", 1, 1, 1, 1);
	expect("[[:upper:]]", "aA", 0, 0, 1, 1);
	expect("[![:space:]]", " a", 0, 0, 1, 1);
	expect("[a", "[a", 2, 2, 2, 2);
	expect("[", "[", 1, 1, 1, 1);
	expect("\\*", "*x", 1, 1, 0, 0);
	expect("\\\\", "\\", 1, 1, 1, 1);
	expect("\\", "\\", 1, 1, 1, 1);
	expect("\\[a]", "[a]", 3, 3, 3, 3);
}

static void a_character_is_one_of_utf8(void **state)
{
	(void)state;
	expect("?", "äöü", 2, 2, 2, 2);
	expect("[ä-ö]", "äöü", 2, 2, 0, 0);
	expect("[!ä]", "äöü", 0, 0, 2, 2);
	expect("*ö", "äöü", 4, 4, 0, 0);
	/* What is none is a character all the same. */
	expect("?",
		"\xff"
		"a\xff",
		1, 1, 1, 1);
	expect("\xff", "\xff\xff", 1, 1, 1, 1);
}

/* Where backtracking takes longer than anybody waits. */
static void it_takes_as_long_as_the_text(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT, glob = BUF_INIT;
	size_t size;
	DECLARE_ERR(err);

	(void)state;
	for (int i = 0; i < 100000; i++)
		buf_putc(&text, 'a');
	for (int i = 0; i < 30; i++)
		buf_puts(&glob, "*a");
	buf_putc(&glob, 'b');
	for (int back = 0; back <= 1; back++) {
		assert_int_equal(
			glob_match(glob.data, text.data, back, true, &size, &err), 0);
		assert_int_equal(size, 0);
	}
	while (glob.len < GLOB_MAX + 1)
		buf_putc(&glob, 'c');
	assert_int_equal(glob_match(glob.data, "a", false, false, &size, &err), -1);
	assert_string_equal(err.text, "a glob has more than 1024 characters");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ends_are_matched),
		cmocka_unit_test(sets_and_backslashes),
		cmocka_unit_test(a_character_is_one_of_utf8),
		cmocka_unit_test(it_takes_as_long_as_the_text),
	};

	return cmocka_run_group_tests_name("conf/glob", tests, NULL, NULL);
}
