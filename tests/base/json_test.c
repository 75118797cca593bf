/* SPDX-License-Identifier: MIT */
/* JSON strings, whatever the bytes. */
#include "../unit.h"
#include "base/buf.h"
#include "base/json.h"

static void escapes(void **state)
{
	static const struct {
		const char *text, *escaped;
	} cases[] = {
		{"", ""},
		{"plain /", "plain /"},
		{"\"\\\b\f\n\r\t", "\\\"\\\\\\b\\f\\n\\r\\t"},
		{"\x01\x1f\x7f", "\\u0001\\u001f\\u007f"},
		{"\xc3\xa4\xf0\x9f\x98\x80", "\xc3\xa4\xf0\x9f\x98\x80"},
		{"a\xff\xfe"
		 "b",
			"a\xef\xbf\xbd\xef\xbf\xbd"
			"b"},
		{"cut \xe2\x82", "cut \xef\xbf\xbd\xef\xbf\xbd"},
		{"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;
		CLEANUP_BUF struct buf quoted = BUF_INIT;

		json_escape(&got, cases[i].text, strlen(cases[i].text));
		assert_string_equal(got.data, cases[i].escaped);
		json_string(&quoted, cases[i].text);
		assert_int_equal(quoted.len, got.len + 2);
		assert_int_equal(quoted.data[0], '"');
		assert_int_equal(quoted.data[quoted.len - 1], '"');
	}
}

/* What a person reads as JSON, on a terminal, too. */
static void shows_controls_in_whole_strings(void **state)
{
	static const struct {
		const char *text, *string;
	} cases[] = {
		{"\xc2\x9b"
		 "2J",
			"\"\\u009b2J\""},
		{"\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9",
			"\"\\u202a\\u202e\\u2066\\u2069\""},
		{"\xe2\x80\xa8\xe2\x80\x8e\xd8\x9c", "\"\\u2028\\u200e\\u061c\""},
		{"\xc2\xa0\xe2\x80\xaf\xf0\x9f\x98\x80",
			"\"\xc2\xa0\xe2\x80\xaf\xf0\x9f\x98\x80\""},
	};
	CLEANUP_BUF struct buf value = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf got = BUF_INIT;

		json_string(&got, cases[i].text);
		assert_string_equal(got.data, cases[i].string);
	}
	/* A value for a user's file stays what it is. */
	json_escape(&value, "\xe2\x80\xae\xc2\x9b", 5);
	assert_string_equal(value.data, "\xe2\x80\xae\xc2\x9b");
}

static void knows_nul(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;

	(void)state;
	json_escape(&got, "a\0b", 3);
	assert_string_equal(got.data, "a\\u0000b");
}

static void commas_stand_between(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;

	(void)state;
	buf_putc(&got, '[');
	json_string(&got, "[");
	json_next(&got);
	buf_putc(&got, '{');
	json_member(&got, "a", "{");
	json_member(&got, "b:", ":");
	buf_puts(&got, ",\"c\":[");
	json_string(&got, "");
	json_string(&got, "d");
	buf_puts(&got, "]}");
	json_string(&got, "e");
	assert_string_equal(
		got.data, "[\"[\",{\"a\":\"{\",\"b:\":\":\",\"c\":[\"\",\"d\"]},\"e\"");
}

/* The same of a text that another program has written. */
static void shows_controls_of_a_text(void **state)
{
	const char text[] =
		"{\n\t\"\xc2\x9b\": [\"\x7f\xe2\x80\xae\xc3\xa4\", \"\\n\"]}\n";
	CLEANUP_BUF struct buf got = BUF_INIT;

	(void)state;
	json_show(&got, text, strlen(text));
	assert_string_equal(
		got.data, "{\n\t\"\\u009b\": [\"\\u007f\\u202e\xc3\xa4\", \"\\n\"]}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(escapes),
		cmocka_unit_test(shows_controls_in_whole_strings),
		cmocka_unit_test(shows_controls_of_a_text),
		cmocka_unit_test(knows_nul),
		cmocka_unit_test(commas_stand_between),
	};

	return cmocka_run_group_tests_name("base/json", tests, NULL, NULL);
}
