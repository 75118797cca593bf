/* SPDX-License-Identifier: MIT */
/* Merging into JSON: what changes, and that all else stays, byte by byte. */
#include <time.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

static int merge(const char *text, const char *patch, struct buf *ret, struct err *err)
{
	CLEANUP_JSON struct json json = JSON_INIT;
	CLEANUP_JSON struct json change = JSON_INIT;

	if (json_read(&json, "text", text, strlen(text), err) < 0 ||
		json_read(&change, "patch", patch, strlen(patch), err) < 0)
		fail_msg("%s:%d: %s", err->at.file, err->at.line, err->text);
	return json_merge(&json, &change, ret, err);
}

/* Once more changes nothing. */
static void expect(const char *text, const char *patch, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	CLEANUP_BUF struct buf again = BUF_INIT;
	DECLARE_ERR(err);

	if (merge(text, patch, &got, &err) < 0)
		fail_msg("%s + %s: %s", text, patch, err.text);
	assert_string_equal(got.data, expected);
	assert_int_equal(merge(got.data, patch, &again, &err), 0);
	assert_string_equal(again.data, expected);
}

/* RFC 7396, appendix A, as far as both are objects. */
static void merges_as_the_standard_says(void **state)
{
	(void)state;
	expect("{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}");
	expect("{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}");
	expect("{\"a\":\"b\"}", "{\"a\":null}", "{}");
	expect("{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}");
	expect("{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}");
	expect("{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}");
	expect("{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}",
		"{\"a\":{\"b\":\"d\"}}");
	expect("{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}");
	expect("{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}");
	expect("{ }", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\n  \"a\": {\"bb\": {}}\n}");
	expect("{\"a\":\"foo\"}", "{\"a\":{\"b\":1,\"c\":null}}", "{\"a\":{\"b\":1}}");
	expect("{\"a\":[[1],2]}", "{\"a\":[[1,2]]}", "{\"a\":[[1,2]]}");
	/* In an array null is a value. */
	expect("{\"a\":1}", "{\"a\":[null,{\"b\":null}]}", "{\"a\":[null,{\"b\":null}]}");
}

static void all_other_bytes_stay(void **state)
{
	static const char text[] = "\xef\xbb\xbf \r\n{ \"a\" :\t1.50 ,\n\n"
				   "\"b\":[ 1,2 ,{} ]\t,"
				   "\"\\u0063\" : {\"x\":1,\"x\":2} }\n\n";

	(void)state;
	expect(text, "{}", text);
	expect(text, "{\"a\": 1.50, \"b\": [1, 2, {}]}", text);
	expect("{\"a\": \"x\", \"b\" : 1e2}", "{\"b\": 2}", "{\"a\": \"x\", \"b\" : 2}");
	expect("{\"\\u0061\": 1}", "{\"a\": 2}", "{\"\\u0061\": 2}");
	expect("{\"a\":{ }, \"b\":[ ]}", "{\"a\":{}, \"b\":[]}",
		"{\"a\":{ }, \"b\":[ ]}");
}

static void removes_a_member_with_its_comma(void **state)
{
	static const char lines[] = "{\n\t\"a\": 1,\n\t\"b\": 2,\n\t\"c\": 3\n}\n";

	(void)state;
	expect(lines, "{\"a\":null}", "{\n\t\"b\": 2,\n\t\"c\": 3\n}\n");
	expect(lines, "{\"b\":null}", "{\n\t\"a\": 1,\n\t\"c\": 3\n}\n");
	expect(lines, "{\"c\":null}", "{\n\t\"a\": 1,\n\t\"b\": 2\n}\n");
	expect(lines, "{\"b\":null,\"a\":null}", "{\n\t\"c\": 3\n}\n");
	expect(lines, "{\"b\":null,\"c\":null}", "{\n\t\"a\": 1\n}\n");
	expect(lines, "{\"a\":null,\"b\":null,\"c\":null}", "{}\n");
	expect(lines, "{\"d\":null}", lines);
	expect("{ \"a\":1 , \"b\":2 }", "{\"a\":null}", "{ \"b\":2 }");
}

static void a_new_member_is_written_like_its_neighbours(void **state)
{
	(void)state;
	expect("{\n    \"a\": 1,\n    \"b\": {\n        \"c\": 2\n    }\n}\n",
		"{\"b\": {\"d\": [3, 4]}, \"e\": true}",
		"{\n    \"a\": 1,\n    \"b\": {\n        \"c\": 2,\n"
		"        \"d\": [3, 4]\n    },\n    \"e\": true\n}\n");
	expect("{\r\n\t\"a\" : 1\r\n}\r\n", "{\"b\":2}",
		"{\r\n\t\"a\" : 1,\r\n\t\"b\" : 2\r\n}\r\n");
	expect("{\n  \"a\": 1\n  , \"b\": 2\n}", "{\"c\":3}",
		"{\n  \"a\": 1\n  , \"b\": 2\n  , \"c\": 3\n}");
	expect("{\"a\": 1}", "{\"b\":2,\"c\":[1,{\"d\":3}]}",
		"{\"a\": 1, \"b\": 2, \"c\": [1, {\"d\": 3}]}");
	expect("{ \"a\":1 }", "{\"c\":3,\"b\":2}", "{ \"a\":1, \"c\":3, \"b\":2 }");
	expect("{\"a\":1,\"b\":2}", "{\"c\":{\"d\":1,\"e\":2}}",
		"{\"a\":1,\"b\":2,\"c\":{\"d\":1,\"e\":2}}");
	/* What takes the place of all of them stands where the first did. */
	expect("{\n  \"a\": 1,\n  \"b\": 2\n}", "{\"a\":null,\"b\":null,\"c\":3,\"d\":4}",
		"{\n  \"c\": 3,\n  \"d\": 4\n}");
}

static void an_empty_object_is_opened(void **state)
{
	(void)state;
	expect("{}\n", "{\"a\":1,\"b\":{}}", "{\n  \"a\": 1,\n  \"b\": {}\n}\n");
	expect("{\n\t\"a\": {},\n\t\"b\": 1\n}", "{\"a\":{\"c\":2,\"d\":3}}",
		"{\n\t\"a\": {\n\t\t\"c\": 2,\n\t\t\"d\": 3\n\t},\n\t\"b\": 1\n}");
	expect("{\r\n \"a\": {}\r\n}", "{\"a\":{\"c\":2}}",
		"{\r\n \"a\": {\r\n  \"c\": 2\r\n }\r\n}");
	expect("{\"a\": {}}", "{\"a\":{\"c\":2,\"d\":3}}",
		"{\"a\": {\"c\": 2, \"d\": 3}}");
}

/* In lines where the patch has them, and indented like the text. */
static void a_large_value_keeps_its_lines(void **state)
{
	static const char patch[] = "{\n  \"s\": {\n    \"l\": [\n      1,\n"
				    "      {\"x\": 2}\n"
				    "    ],\n    \"n\": null\n  }\n}";

	(void)state;
	expect("{\n\t\"a\": 1\n}\n", patch,
		"{\n\t\"a\": 1,\n\t\"s\": {\n\t\t\"l\": [\n\t\t\t1,\n"
		"\t\t\t{\"x\": 2}\n\t\t]\n\t}\n}\n");
	expect("{\"a\":1,\"s\":0}", patch, "{\"a\":1,\"s\":{\"l\":[1,{\"x\":2}]}}");
}

static void refused(const char *text, const char *patch, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;
	char place[128];
	DECLARE_ERR(err);

	assert_int_equal(merge(text, patch, &got, &err), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	(void)place_print(place, sizeof place, &err.at, err.text);
	assert_string_equal(place, expected);
}

static void two_members_of_one_name_are_refused(void **state)
{
	(void)state;
	refused("{\"a\":1,\n\"b\":2, \"\\u0061\":3}", "{\"c\":1}",
		"text:2:8: two members have the name 'a'");
	refused("{\"x\":{\"a\":1,\"a\":1}}", "{\"x\":{}}",
		"text:1:13: two members have the name 'a'");
	refused("{}", "{\"x\":[{\"a\":1,\"a\":1}]}",
		"patch:1:14: two members have the name 'a'");
}

static void only_objects_can_be_merged(void **state)
{
	(void)state;
	refused(" [1]", "{\"a\":1}", "text:1:2: an object is expected");
	refused("{}", "null", "patch:1:1: an object is expected");
}

static void repeat(struct buf *to, const char *text, size_t count)
{
	while (count-- > 0)
		buf_puts(to, text);
}

/* 200,000 members whose names are numbers, all on one line. */
static void add_members(
	struct buf *to, const char *before, size_t blanks, const char *value)
{
	buf_puts(to, before);
	repeat(to, " ", blanks);
	for (int i = 0; i < 200000; i++)
		buf_printf(to, "%s\"%d\":%s", i ? "," : "", i, value);
	buf_putc(to, '}');
}

/* It would take minutes if the beginning of the line were searched for each member. */
static void a_long_line_takes_linear_time(void **state)
{
	static const struct {
		const char *before;
		size_t blanks;
		const char *value, *patch;
	} cases[] = {
		{"{", 0, "1", "2"},
		/* Written in lines, as the first member is on one of its own. */
		{"{\n \"x\": 0,", 0, "1", "[\n2]"},
		{"{\n \"x\": 0,", 0, "{}", "{\"a\":3}"},
		{"{\n \"x\": 0,", 0, "{\"a\":{\"b\":1}}",
			"{\"a\":{\"b\":[\n2],\"c\":3},\"d\":4}"},
		{"{\n", 100000, "1", "[\n2]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		CLEANUP_BUF struct buf patch = BUF_INIT;
		CLEANUP_BUF struct buf got = BUF_INIT;
		clock_t start;
		DECLARE_ERR(err);

		add_members(&text, cases[i].before, cases[i].blanks, cases[i].value);
		add_members(&patch, "{", 0, cases[i].patch);
		start = clock();
		assert_int_equal(merge(text.data, patch.data, &got, &err), 0);
		assert_true(clock() - start < 5 * CLOCKS_PER_SEC);
	}
}

/* White space is copied to each new member, but not without bound. */
static void much_white_space_is_not_copied(void **state)
{
	static const char patch[] = "{\"c\":[\n3,4],\"d\":{}}";
	CLEANUP_BUF struct buf blanks = BUF_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf expected = BUF_INIT;
	const char *many;

	(void)state;
	repeat(&blanks, " ", 1000);
	many = blanks.data;
	buf_printf(&text, "{\"a\":1,%s\"b\":2}", many);
	buf_printf(&expected, "{\"a\":1,%s\"b\":2,\"c\":[3,4],\"d\":{}}", many);
	expect(text.data, patch, expected.data);

	buf_truncate(&text, 0);
	buf_truncate(&expected, 0);
	buf_printf(&text, "{\"a\"%s:1}", many);
	buf_printf(&expected, "{\"a\"%s:1, \"c\": [3, 4], \"d\": {}}", many);
	expect(text.data, patch, expected.data);

	buf_truncate(&text, 0);
	buf_truncate(&expected, 0);
	buf_printf(&text, "{\n%s\"a\":1}", many);
	buf_printf(&expected, "{\n%s\"a\":1,\n\"c\":[\n  3,\n  4\n],\n\"d\":{}}", many);
	expect(text.data, patch, expected.data);
}

/* A hundred bytes of white space, for each of 400,000 values. */
static void a_text_has_a_largest_size(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_BUF struct buf patch = BUF_INIT;

	(void)state;
	buf_puts(&text, "{\n");
	repeat(&text, " ", 100);
	buf_puts(&text, "\"a\":1}");
	buf_puts(&patch, "{\"b\":[\n1");
	repeat(&patch, ",1", 400000);
	buf_puts(&patch, "]}");
	refused(text.data, patch.data, "text:1:1: the merged text is larger than 16 MiB");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(merges_as_the_standard_says),
		cmocka_unit_test(all_other_bytes_stay),
		cmocka_unit_test(removes_a_member_with_its_comma),
		cmocka_unit_test(a_new_member_is_written_like_its_neighbours),
		cmocka_unit_test(an_empty_object_is_opened),
		cmocka_unit_test(a_large_value_keeps_its_lines),
		cmocka_unit_test(two_members_of_one_name_are_refused),
		cmocka_unit_test(only_objects_can_be_merged),
		cmocka_unit_test(a_long_line_takes_linear_time),
		cmocka_unit_test(much_white_space_is_not_copied),
		cmocka_unit_test(a_text_has_a_largest_size),
	};

	return cmocka_run_group_tests_name("base/json_edit", tests, NULL, NULL);
}
