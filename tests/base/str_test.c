/* SPDX-License-Identifier: MIT */
/* Questions about strings. */
#include "../unit.h"
#include "base/str.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

static void compares(void **state)
{
	(void)state;
	assert_true(
		str_starts("abc", "ab") && str_starts("abc", "") && str_starts("", ""));
	assert_false(str_starts("ab", "abc") || str_starts("xab", "ab"));
	assert_true(str_ends("abc", "bc") && str_ends("abc", "") && str_ends("bc", "bc"));
	assert_false(str_ends("c", "bc") || str_ends("abcd", "bc"));
	for (int c = 1; c < 256; c++) {
		assert_int_equal(str_is_space((char)c), strchr(" \t\n\v\f\r", c) != NULL);
		assert_int_equal(str_is_digit((char)c), strchr("0123456789", c) != NULL);
		assert_int_equal(str_is_alnum((char)c),
			(c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
				(c >= 'A' && c <= 'Z'));
	}
}

static void finds_words_in_lists(void **state)
{
	static const char *const list[] = {"yes", "no", NULL};
	static const char *const none[] = {NULL};

	(void)state;
	assert_true(str_is_among("yes", list) && str_is_among("no", list));
	assert_false(str_is_among("ye", list) || str_is_among("", list) ||
		str_is_among("yes", none));
	assert_true(str_part_is_among("nothing", 2, list));
	assert_false(str_part_is_among("nothing", 3, list) ||
		str_part_is_among("yes", 1, list) || str_part_is_among("yes", 0, list));
}

static void orders_naturally(void **state)
{
	static const char *const ordered[] = {"", "0", "00", "01-a", "1-a", "1-b", "2",
		"09-a", "9-b", "10-a", "99999999999999999999999",
		"100000000000000000000000", "A2", "a", "a-1", "a1", "a01b", "a1b", "a1b2",
		"a1b10", "\xc3\xa9"};

	(void)state;
	for (size_t i = 0; i < COUNT(ordered); i++)
		for (size_t k = 0; k < COUNT(ordered); k++) {
			int order = str_compare_natural(ordered[i], ordered[k]);

			if ((order > 0) - (order < 0) != (i > k) - (i < k))
				fail_msg("'%s' and '%s': %d", ordered[i], ordered[k],
					order);
		}
}

static void counts_digits(void **state)
{
	(void)state;
	assert_int_equal(str_digits(""), 0);
	assert_int_equal(str_digits("x1"), 0);
	assert_int_equal(str_digits("0129x4"), 4);
	assert_int_equal(str_digits("/:"), 0);
}

static void knows_names_of_variables(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{"A", true},
		{"_", true},
		{"a_1", true},
		{"_1", true},
		{"", false},
		{"1a", false},
		{"a-b", false},
		{"a.b", false},
		{"a b", false},
		{"\xc3\xa4", false},
		{"a=", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(
			str_is_name(cases[i].text, strlen(cases[i].text)), cases[i].is);
	assert_true(str_is_name("ab-c", 2));
}

static void checks_utf8(void **state)
{
	static const struct {
		const char *text;
		size_t good; /* bytes before the first bad one */
	} cases[] = {
		{"", 0},
		{"plain", 5},
		{"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 9},
		{"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf", 16},
		{"\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8},
		{"a\x80", 1}, /* a continuation alone */
		{"a\xc3", 1}, /* cut */
		{"a\xe2\x82", 1},
		{"a\xf0\x9f\x98", 1},
		{"a\xc3(", 1},
		{"a\xe2\x82(", 1},
		{"a\xf0\x9f\x98(", 1},
		{"a\xc0\xaf", 1}, /* overlong */
		{"a\xc1\xbf", 1},
		{"a\xe0\x9f\xbf", 1},
		{"a\xf0\x8f\xbf\xbf", 1},
		{"a\xed\xa0\x80", 1},     /* a surrogate */
		{"a\xf4\x90\x80\x80", 1}, /* above U+10FFFF */
		{"a\xf5\x80\x80\x80", 1},
		{"a\xff", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(str_utf8_valid(cases[i].text, strlen(cases[i].text)),
			cases[i].good);
	assert_int_equal(str_utf8_valid("a\0b", 3), 3);
	assert_int_equal(str_utf8_valid("\xe2\x82\xac", 2), 0);
}

static void reads_characters(void **state)
{
	static const struct {
		const char *text;
		size_t size;
		uint32_t code;
	} cases[] = {
		{"a\xff", 1, 'a'},
		{"\x7f", 1, 0x7f},
		{"\xc3\xa4(", 2, 0xe4},
		{"\xe2\x82\xac", 3, 0x20ac},
		{"\xf0\x9f\x98\x80", 4, 0x1f600},
		{"\xf4\x8f\xbf\xbf", 4, 0x10ffff},
		{"\x80", 0, 0},
		{"\xe2\x82", 0, 0},
		{"\xe2(\xac", 0, 0},
		{"\xed\xa0\x80", 0, 0},
		{"\xff", 0, 0},
	};
	uint32_t code;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(
			str_character(cases[i].text, strlen(cases[i].text), &code),
			cases[i].size);
		if (cases[i].size)
			assert_int_equal(code, cases[i].code);
	}
	assert_int_equal(str_character("\xe2\x82\xac", 2, &code), 0);
}

static void cuts_between_characters(void **state)
{
	static const struct {
		const char *text;
		size_t size, left;
	} cases[] = {
		{"abc", 2, 2},
		{"a\xe2\x82\xac.", 4, 4}, /* all of it */
		{"a\xe2\x82\xac.", 3, 1},
		{"a\xe2\x82\xac.", 2, 1},
		{"a\xe2\x82\xac.", 1, 1},
		{"\xf0\x9f\x98\x80.", 3, 0},
		{"\x80\x80\x80\x80\x80\x80", 5, 5}, /* no UTF-8 */
		{"", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(str_cut(cases[i].text, cases[i].size), cases[i].left);
}

static void knows_characters_that_act(void **state)
{
	static const uint32_t acts[] = {0, '\t', '\n', 0x1b, 0x1f, 0x7f, 0x80, 0x9f,
		0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069};
	static const uint32_t shows[] = {' ', 'a', '~', 0xa0, 0x61b, 0x61d, 0x200d,
		0x2010, 0x2027, 0x202f, 0x2065, 0x206a, 0xfeff, 0x1f600};

	(void)state;
	for (size_t i = 0; i < COUNT(acts); i++)
		assert_true(str_is_control(acts[i]));
	for (size_t i = 0; i < COUNT(shows); i++)
		assert_false(str_is_control(shows[i]));
}

static void reads_numbers(void **state)
{
	static const struct {
		const char *text;
		uint64_t max, value;
		bool is;
	} cases[] = {
		{"0", 0, 0, true},
		{"007", 10, 7, true},
		{"10", 10, 10, true},
		{"11", 10, 0, false},
		{"18446744073709551615", UINT64_MAX, UINT64_MAX, true},
		{"18446744073709551616", UINT64_MAX, 0, false},
		{"99999999999999999999", UINT64_MAX, 0, false},
		{"", 10, 0, false},
		{"+1", 10, 0, false},
		{"-1", UINT64_MAX, 0, false},
		{" 1", 10, 0, false},
		{"1 ", 10, 0, false},
		{"0x1", 100, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		uint64_t value = 4711;

		assert_int_equal(
			str_to_u64(cases[i].text, cases[i].max, &value), cases[i].is);
		assert_int_equal(value, cases[i].is ? cases[i].value : 4711);
	}
}

static void finds_what_was_meant(void **state)
{
	static const char *const known[] = {
		"path", "mode", "owner", "group", "writable_by", "recursive", NULL};
	static const struct {
		const char *word, *meant;
	} cases[] = {
		{"pth", "path"},
		{"ptah", "path"},
		{"onwer", "owner"},
		{"grup", "group"},
		{"writeable_by", "writable_by"},
		{"recusrive", "recursive"},
		{"path", "path"},
		{"rec", "recursive"},
		{"wrby", "writable_by"},
		{"xyzzy", NULL},
		{"", NULL},
		{"x", NULL},
	};
	char word[200];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *meant = str_nearest(cases[i].word, known);

		if (!meant || !cases[i].meant)
			assert_ptr_equal(meant, cases[i].meant);
		else
			assert_string_equal(meant, cases[i].meant);
	}
	memset(word, 'p', sizeof word);
	for (size_t size = 78; size < 83; size++) {
		const char *const alike[] = {word, NULL};

		word[size] = '\0';
		assert_ptr_equal(str_nearest(word, alike), size > 80 ? NULL : word);
		word[size] = 'p';
	}
}

static void suggests_what_was_meant(void **state)
{
	static const char *const known[] = {"path", "owner", NULL};
	char room[STR_SUGGEST_SIZE];
	char longest[81];
	const char *const alike[] = {longest, NULL};

	(void)state;
	assert_string_equal(str_suggest("onwer", known, room), "; did you mean 'owner'?");
	assert_string_equal(str_suggest("xyzzy", known, room), "");
	memset(longest, 'p', sizeof longest - 1);
	longest[80] = '\0';
	assert_int_equal(strlen(str_suggest(longest, alike, room)),
		80 + strlen("; did you mean ''?"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compares),
		cmocka_unit_test(finds_words_in_lists),
		cmocka_unit_test(orders_naturally),
		cmocka_unit_test(counts_digits),
		cmocka_unit_test(knows_names_of_variables),
		cmocka_unit_test(checks_utf8),
		cmocka_unit_test(reads_characters),
		cmocka_unit_test(cuts_between_characters),
		cmocka_unit_test(knows_characters_that_act),
		cmocka_unit_test(reads_numbers),
		cmocka_unit_test(finds_what_was_meant),
		cmocka_unit_test(suggests_what_was_meant),
	};

	return cmocka_run_group_tests_name("base/str", tests, NULL, NULL);
}
