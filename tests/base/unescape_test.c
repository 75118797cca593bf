/* SPDX-License-Identifier: MIT */
/* Escapes undone, and where each byte came from. */
#include "../unit.h"
#include "base/buf.h"
#include "base/unescape.h"

static void undoes_each_kind(void **state)
{
	static const struct {
		enum unescape how;
		const char *text, *plain; /* NULL: there is nothing to undo */
	} cases[] = {
		{UNESCAPE_BACKSLASH, "a\\n\\t\\\"\\/\\\\", "a\n\t\"/\\"},
		{UNESCAPE_BACKSLASH, "\\x41\\u0042\\U00000043\\104\\e\\q", "ABCD\033q"},
		{UNESCAPE_BACKSLASH, "\\u00e4\\u20ac\\ud83d\\ude00",
			"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"},
		{UNESCAPE_BACKSLASH, "\\x4 \\u12 \\U123", "x4 u12 U123"},
		{UNESCAPE_BACKSLASH, "\\", NULL},
		{UNESCAPE_BACKSLASH, "plain", NULL},
		{UNESCAPE_BACKSLASH, "", NULL},
		{UNESCAPE_PERCENT, "%41%2fb+", "A/b+"},
		{UNESCAPE_PERCENT, "100% %zz %4", NULL},
		{UNESCAPE_FORM, "a+b%20c", "a b c"},
		{UNESCAPE_FORM, "a+", "a "},
		{UNESCAPE_FORM, "a%2", NULL},
		{UNESCAPE_SHELL, "it'\\''s '\"'\"'it", "it's 'it"},
		{UNESCAPE_SHELL, "'it'", NULL},
		{UNESCAPE_DOUBLED, "''a\"\"b'c'", "'a\"b'c'"},
		{UNESCAPE_DOUBLED, "'a'", NULL},
		{UNESCAPE_XML, "&amp;&lt;&gt;&quot;&apos;&#65;&#x42;&#X43;", "&<>\"'ABC"},
		{UNESCAPE_SPACED, "<5a 71 37 2b 61 62>", "<5a71372b6162>"},
		{UNESCAPE_SPACED, "5a71 372b 6162", "5a71372b6162"},
		{UNESCAPE_SPACED, "5A:71:37-2b, 2c",
			"5A7137"
			"2b2c"},
		{UNESCAPE_SPACED, "0x5a, 0x71,\n  0x37", "0x5a7137"},
		{UNESCAPE_SPACED, "5a:\n    71", "5a71"},
		{UNESCAPE_SPACED, "5a71  Zq\n00000010: 372b  7+", "5a71372b  7+"},
		{UNESCAPE_SPACED, "5a 71  |Zq|\n00000010  37 2b  |7+|", "5a71372b  |7+|"},
		{UNESCAPE_SPACED, "5a 71\n0000020 37", "5a7137"},
		{UNESCAPE_SPACED, "5a g1:7: 3", NULL},
		{UNESCAPE_XML, "&amp &nosuch; &#; &#x; &#65 &", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf plain = BUF_INIT;
		size_t *starts = NULL;

		if (cases[i].plain && cases[i].how != UNESCAPE_SPACED)
			assert_true(unescape_kinds(cases[i].text, strlen(cases[i].text)) &
				1U << cases[i].how);
		buf_puts(&plain, "+");
		assert_int_equal(unescape(cases[i].how, cases[i].text,
					 strlen(cases[i].text), &plain, &starts),
			cases[i].plain != NULL);
		assert_string_equal(plain.data + 1, cases[i].plain ? cases[i].plain : "");
		free(starts);
	}
}

/* It costs time, and a date, a time and an address are in many a line. */
static void looks_for_twelve_digits_with_a_sign_between(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{"5a 71 37 2b 61 62", true},
		{"00000000: 5a71 372b 6162  Zq7+ab", true},
		{"5a71372b 6162", true},
		{"5A:71:37:2B:61:62", true},
		{"{0x5a, 0x71, 0x37, 0x2b, 0x61, 0x62}", true},
		{"5a 71\n0000002 37 2b\n0000004 61 62", true},
		{"2026-11-29 10:45:12 abcdef", false},
		{"5a 71 37 2b 61 6", false},
		{"5a71372b6162", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(unescape_kinds(cases[i].text, strlen(cases[i].text)) >>
				UNESCAPE_SPACED,
			cases[i].is);
}

static void says_that_there_is_nothing_to_undo(void **state)
{
	static const char plain[] = "plain, 'quoted' \"text\" (of #1) * and !, \xff\x01";

	(void)state;
	assert_int_equal(unescape_kinds(plain, sizeof plain - 1), 0);
	assert_int_equal(unescape_kinds("", 0), 0);
}

static void says_where_each_byte_came_from(void **state)
{
	static const size_t expected[] = {0, 1, 3, 3, 9, 10};
	CLEANUP_BUF struct buf plain = BUF_INIT;
	size_t *starts = NULL;

	(void)state;
	assert_true(unescape(UNESCAPE_BACKSLASH, "a\\n\\u00e4b", 10, &plain, &starts));
	assert_int_equal(plain.len, 5);
	assert_memory_equal(starts, expected, sizeof expected);
	free(starts);
}

/* The text ends with its size, wherever that is in an escape. */
static void looks_at_nothing_behind_the_end(void **state)
{
	static const char *const texts[] = {"\\ud83d\\ude00", "\\U0001F600", "\\x41",
		"\\101", "%41", "'\\''", "'\"'\"'", "&quot;", "&#x41;"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		for (size_t size = 0; size <= strlen(texts[i]); size++)
			for (int how = 0; how < UNESCAPE_COUNT; how++) {
				CLEANUP_BUF struct buf plain = BUF_INIT;
				size_t *starts = NULL;
				char *copy = malloc(size + 1);

				assert_non_null(copy);
				memcpy(copy, texts[i], size);
				copy = realloc(copy, size ? size : 1);
				(void)unescape(
					(enum unescape)how, copy, size, &plain, &starts);
				assert_true(plain.len <= size);
				free(starts);
				free(copy);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(undoes_each_kind),
		cmocka_unit_test(looks_for_twelve_digits_with_a_sign_between),
		cmocka_unit_test(says_that_there_is_nothing_to_undo),
		cmocka_unit_test(says_where_each_byte_came_from),
		cmocka_unit_test(looks_at_nothing_behind_the_end),
	};

	return cmocka_run_group_tests_name("base/unescape", tests, NULL, NULL);
}
