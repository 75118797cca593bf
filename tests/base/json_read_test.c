/* SPDX-License-Identifier: MIT */
/* Reading JSON: what is let through, what is not, and what is read. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"

/* A text that ends where its memory does, so that a sanitizer sees who reads on. */
static int read_bytes(struct json *json, char **ret_text, const char *text, size_t size,
	struct err *err)
{
	*ret_text = mem_zalloc(size ? size : 1);
	if (size)
		memcpy(*ret_text, text, size);
	return json_read(json, "x.json", *ret_text, size, err);
}

/* Each text is read alone, then as an element and as a member's value. */
static void is_read(const char *text, size_t size, bool expected)
{
	static const char *const around[][2] = {
		{"", ""}, {"[", "]"}, {"[[ ],\t", "\n,{}]"}, {"{\"\":", ",\"a\":0}"}};

	for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
		CLEANUP_BUF struct buf whole = BUF_INIT;
		CLEANUP_FREE char *copy = NULL;
		struct json json = JSON_INIT;
		DECLARE_ERR(err);
		bool got;

		buf_puts(&whole, around[i][0]);
		buf_add(&whole, text, size);
		buf_puts(&whole, around[i][1]);
		got = read_bytes(&json, &copy, whole.data, whole.len, &err) == 0;
		if (got != expected)
			fail_msg("%s: %s", whole.data, got ? "was read" : err.text);
		err_init(&err);
		assert_int_equal(json_check("x.json", copy, whole.len, &err), got - 1);
		json_release(&json);
	}
}

static void values(void **state)
{
	static const char *const texts[] = {
		/* numbers */
		"0",
		"-0",
		"1",
		"-1",
		"10",
		"1.5",
		"-0.0",
		"0e1",
		"1E+2",
		"1e-2",
		"1.25e30",
		"123456789012345678901234567890",
		"1e9999",
		"-1e-9999",
		/* words */
		"null",
		"true",
		"false",
		/* strings */
		"\"\"",
		"\" \"",
		"\"/\"",
		"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		"\"\\u0000\"",
		"\"\\u00e4\\uABcd\"",
		"\"\\ud83d\\ude00\"",
		"\"\\uDBFF\\uDFFF\"",
		"\"\x7f\"",
		"\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"",
		"\"\xef\xbf\xbf\xf4\x8f\xbf\xbf\"",
		"\"\\uFFFF\\ufdd0\"",
		"\"\xe2\x80\xa8\"",
		/* arrays and objects */
		"[]",
		"[ ]",
		"[[]]",
		"[1,2]",
		"[ 1 , [ ] , null ]",
		"{}",
		"{ }",
		"{\"\":0}",
		"{\"a\":{\"b\":[{}]}}",
		"{ \"a\" : 1 , \"b\" : 2 }",
		"{\"a\":1,\"a\":1}",
		"\r\n\t [\r\n\t ]\r\n\t ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		is_read(texts[i], strlen(texts[i]), true);
}

/* Packed, for one a line would be a long list; with its size, for some have a NUL. */
/* clang-format off */
#define TEXT(literal) {literal, sizeof literal - 1}

static const struct {
	const char *text;
	size_t size;
} refused[] = {
	TEXT("\0"), TEXT("0\0"), TEXT("\xef\xbb"),
	/* numbers */
	TEXT("-"), TEXT("+1"), TEXT("01"), TEXT("-01"), TEXT("00"), TEXT("1."),
	TEXT(".5"), TEXT("-.5"), TEXT("1.e1"), TEXT("1e"), TEXT("1e+"), TEXT("1e1.5"),
	TEXT("0x1"), TEXT("1_000"), TEXT("1 000"), TEXT("--1"), TEXT("1-"), TEXT("1f"),
	TEXT("NaN"), TEXT("Infinity"), TEXT("-Infinity"), TEXT("\xef\xbc\x91"),
	/* words */
	TEXT("nul"), TEXT("nulls"), TEXT("True"), TEXT("FALSE"), TEXT("t"),
	TEXT("undefined"), TEXT("a"), TEXT("'a'"), TEXT("\x01"), TEXT("\xff"),
	/* strings */
	TEXT("\""), TEXT("\"a"), TEXT("\"\\\""), TEXT("\"\\"), TEXT("\"\\a\""),
	TEXT("\"\\'\""), TEXT("\"\\0\""), TEXT("\"\\x41\""), TEXT("\"\\\n\""),
	TEXT("\"\\U0041\""), TEXT("\"\\u\""), TEXT("\"\\u12\""), TEXT("\"\\u12g4\""),
	TEXT("\"\\u123"), TEXT("\"\\\0\""), TEXT("\"\\\xc3\xa4\""), TEXT("\"\n\""),
	TEXT("\"\t\""), TEXT("\"\x1f\""), TEXT("\"\0\""), TEXT("\"a\"b"),
	/* halves of a surrogate pair */
	TEXT("\"\\ud800\""), TEXT("\"\\udc00\""), TEXT("\"\\ud800\\ud800\""),
	TEXT("\"\\ud800\\u0041\""), TEXT("\"\\ud800\\n\""), TEXT("\"\\ud800\\udc0"),
	TEXT("\"\\udc00\\ud800\""), TEXT("\"\\ud800x\""),
	/* no UTF-8 */
	TEXT("\"\x80\""), TEXT("\"\xc3\""), TEXT("\"\xe2\x82\""), TEXT("\"\xc0\xaf\""),
	TEXT("\"\xe0\x80\x80\""), TEXT("\"\xed\xa0\x80\""),
	TEXT("\"\xf4\x90\x80\x80\""), TEXT("\"\xf8\x88\x80\x80\x80\""),
	TEXT("\"\xe4\""), TEXT("\xff\xfe[\0]\0"),
	/* arrays */
	TEXT("["), TEXT("]"), TEXT("[1"), TEXT("[1,"), TEXT("[1,]"), TEXT("[,1]"),
	TEXT("[,]"), TEXT("[1,,2]"), TEXT("[1 2]"), TEXT("[1}"), TEXT("[]]"),
	TEXT("[\"a\":1]"), TEXT("[1;2]"), TEXT("[a]"), TEXT("[\v1]"),
	TEXT("[\xc2\xa0]"),
	/* objects */
	TEXT("{"), TEXT("}"), TEXT("{\"a\""), TEXT("{\"a\":"), TEXT("{\"a\":1"),
	TEXT("{\"a\":1,"), TEXT("{\"a\":1,}"), TEXT("{,}"), TEXT("{\"a\"}"),
	TEXT("{\"a\" 1}"), TEXT("{\"a\",1}"), TEXT("{\"a\"::1}"), TEXT("{:1}"),
	TEXT("{a:1}"), TEXT("{'a':1}"), TEXT("{1:1}"), TEXT("{null:1}"),
	TEXT("{\"a\":1 \"b\":2}"), TEXT("{\"a\":1]"), TEXT("{[]:1}"), TEXT("{\"a\":}"),
	TEXT("{\"a\":1}}"), TEXT("{\"a\":1,,\"b\":2}"), TEXT("{\"a\":1:2}"),
	/* more than a value */
	TEXT("1 2"), TEXT("[] []"), TEXT("{} x"), TEXT("null,"), TEXT("\"a\":1"),
	/* comments */
	TEXT("/**/1"), TEXT("1 //"), TEXT("[1 # one\n]"), TEXT("{/**/}"),
};
/* clang-format on */

static void no_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		is_read(refused[i].text, refused[i].size, false);
}

static void errors_have_a_place(void **state)
{
	static const struct {
		const char *text;
		int line, column;
		const char *expected;
	} cases[] = {
		{"", 1, 1, "a value is expected, but the text ends"},
		{" \n", 2, 1, "a value is expected, but the text ends"},
		{"{\n\t\"a\": 1,\n}", 3, 1,
			"a member's name in quotes is expected; JSON has no comma behind "
			"the last one"},
		{"[1,]", 1, 4,
			"a value is expected; JSON has no comma behind the last one"},
		{"{\n\t// x\n\t\"a\": 1}", 2, 2,
			"a member's name in quotes is expected; JSON has no comments"},
		{"{\"a\": 1 /* x */}", 1, 9,
			"',' or '}' is expected; JSON has no comments"},
		{"[}", 1, 2, "a value is expected"},
		{"{\r\n\"\xc3\xa4\xe2\x82\xac\" 1}", 2, 6, "':' is expected"},
		{"[1 2]", 1, 4, "',' or ']' is expected"},
		{"{\"a\":1", 1, 7, "',' or '}' is expected, but the text ends"},
		{"[\"a\n\"]", 1, 4, "a control character must be escaped"},
		{"[\"abc", 1, 2, "this string does not end"},
		{"\"\xff\"", 1, 2, "this is not UTF-8"},
		{"\"\\ud800\"", 1, 2, "this escape is no character"},
		{"[-]", 1, 3, "a digit is expected"},
		{"[01]", 1, 2, "a number may not begin with 0"},
		{"1\n1", 2, 1, "the text goes on behind its value"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct json json = JSON_INIT;
		DECLARE_ERR(err);

		assert_int_equal(json_read(&json, "x.json", cases[i].text,
					 strlen(cases[i].text), &err),
			-1);
		assert_string_equal(err.text, cases[i].expected);
		assert_string_equal(err.at.file, "x.json");
		assert_int_equal(err.at.line, cases[i].line);
		assert_int_equal(err.at.column, cases[i].column);
		assert_int_equal(err.kind, ERR_CONFIG);
		err_init(&err);
		assert_int_equal(
			json_check("x.json", cases[i].text, strlen(cases[i].text), &err),
			-1);
		assert_string_equal(err.text, cases[i].expected);
	}
}

static void nested(struct buf *to, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		buf_puts(to, i % 2 ? "{\"a\":" : "[");
	buf_putc(to, '0');
	while (depth-- > 0)
		buf_putc(to, depth % 2 ? '}' : ']');
}

static void limits_are_refused(void **state)
{
	CLEANUP_BUF struct buf deep = BUF_INIT;
	CLEANUP_BUF struct buf deeper = BUF_INIT;
	CLEANUP_FREE char *large = mem_zalloc(JSON_SIZE_MAX + 1);
	struct json json = JSON_INIT;
	DECLARE_ERR(err);

	(void)state;
	nested(&deep, JSON_DEPTH_MAX);
	assert_int_equal(json_read(&json, "x", deep.data, deep.len, &err), 0);
	json_release(&json);
	nested(&deeper, JSON_DEPTH_MAX + 1);
	assert_int_equal(json_read(&json, "x", deeper.data, deeper.len, &err), -1);
	assert_string_equal(err.text, "this is nested too deeply");
	buf_truncate(&deeper, 0);
	for (size_t i = 0; i <= JSON_DEPTH_MAX; i++)
		buf_puts(&deeper, i ? ",[]" : "[[]");
	buf_putc(&deeper, ']');
	assert_int_equal(json_read(&json, "x", deeper.data, deeper.len, &err), 0);
	json_release(&json);
	buf_truncate(&deeper, 0);
	for (int i = 0; i < 100000; i++)
		buf_putc(&deeper, '[');
	assert_int_equal(json_read(&json, "x", deeper.data, deeper.len, &err), -1);
	memset(large, ' ', JSON_SIZE_MAX + 1);
	large[JSON_SIZE_MAX - 1] = '1';
	assert_int_equal(json_read(&json, "x", large, JSON_SIZE_MAX, &err), 0);
	json_release(&json);
	err_init(&err);
	assert_int_equal(json_read(&json, "x", large, JSON_SIZE_MAX + 1, &err), -1);
	assert_string_equal(err.text, "the text is larger than 16 MiB");
}

/* Every token: its type's letter, its bytes, and which is the next one. */
static void tokens_know_their_bytes_and_the_next(void **state)
{
	static const char text[] = "\xef\xbb\xbf {\"a\" : [1, {}], \"b\":\"x\"} ";
	static const char expected[] = "o {\"a\" : [1, {}], \"b\":\"x\"} 7\n"
				       "s \"a\" 5\n"
				       "a [1, {}] 5\n"
				       "# 1 4\n"
				       "o {} 5\n"
				       "s \"b\" 7\n"
				       "s \"x\" 7\n";
	CLEANUP_JSON struct json json = JSON_INIT;
	CLEANUP_BUF struct buf got = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(json_read(&json, "x", text, sizeof text - 1, &err), 0);
	for (size_t i = 0; i < json.count; i++) {
		const struct json_token *token = &json.tokens[i];

		buf_printf(&got, "%c %.*s %u\n", "nft#sao"[token->type],
			(int)(token->end - token->start), json.text + token->start,
			token->next);
	}
	assert_string_equal(got.data, expected);
}

static void members_are_found(void **state)
{
	static const char text[] =
		"{\"a\":1,\"\\u0061b\":{\"c\":[2]},\"\":3,\"a\":4,\"n\\u0000\":5}";
	CLEANUP_JSON struct json json = JSON_INIT;
	DECLARE_ERR(err);
	size_t ab;

	(void)state;
	assert_int_equal(json_read(&json, "x", text, sizeof text - 1, &err), 0);
	assert_int_equal(json_find(&json, 0, "a"), 2);
	ab = json_find(&json, 0, "ab");
	assert_int_equal(json.tokens[ab].type, JSON_OBJECT);
	assert_int_equal(json.tokens[json_find(&json, ab, "c")].type, JSON_ARRAY);
	assert_int_equal(json.text[json.tokens[json_find(&json, 0, "")].start], '3');
	assert_int_equal(json_find(&json, 0, "c"), 0);
	assert_int_equal(json_find(&json, 0, "n"), 0);
	assert_int_equal(json_find(&json, json_find(&json, ab, "c"), "0"), 0);
}

static void strings_are_decoded(void **state)
{
	static const struct {
		const char *text, *expected;
		size_t size;
	} cases[] = {
		{"\"\"", "", 0},
		{"\"a \xc3\xa4\"", "a \xc3\xa4", 4},
		{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8},
		{"\"x\\u0041\\u00e4\\u20AC\\ud83d\\ude00y\"",
			"xA\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80y", 12},
		{"\"a\\u0000b\"", "a\0b", 3},
		{"\"\\\\u0041\"", "\\u0041", 6},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_JSON struct json json = JSON_INIT;
		CLEANUP_BUF struct buf got = BUF_INIT;
		DECLARE_ERR(err);

		assert_int_equal(
			json_read(&json, "x", cases[i].text, strlen(cases[i].text), &err),
			0);
		json_decode(&json, 0, &got);
		assert_int_equal(got.len, cases[i].size);
		assert_memory_equal(got.data, cases[i].expected, got.len);
	}
}

static void integers_are_read(void **state)
{
	static const char text[] =
		"[0,-0,1,-1,9223372036854775807,-9223372036854775808,"
		"9223372036854775808,-9223372036854775809,1.0,1e2,\"1\",null,[1]]";
	static const int64_t expected[] = {0, 0, 1, -1, INT64_MAX, INT64_MIN};
	CLEANUP_JSON struct json json = JSON_INIT;
	DECLARE_ERR(err);
	size_t n = 0;

	(void)state;
	assert_int_equal(json_read(&json, "x", text, sizeof text - 1, &err), 0);
	for (size_t i = 1; i < json.count; i = json.tokens[i].next, n++) {
		int64_t got = 77;

		assert_int_equal(json_to_int(&json, i, &got), n < 6);
		assert_true(got == (n < 6 ? expected[n] : 77));
	}
	assert_int_equal(n, 13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values),
		cmocka_unit_test(no_values),
		cmocka_unit_test(errors_have_a_place),
		cmocka_unit_test(limits_are_refused),
		cmocka_unit_test(tokens_know_their_bytes_and_the_next),
		cmocka_unit_test(members_are_found),
		cmocka_unit_test(strings_are_decoded),
		cmocka_unit_test(integers_are_read),
	};

	return cmocka_run_group_tests_name("base/json_read", tests, NULL, NULL);
}
