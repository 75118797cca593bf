/* SPDX-License-Identifier: MIT */
/* Keys that are set to values of any text. */
#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "conf/document_assign.h"

#include "../shown.h"

/*
 * What it comes to with "section|key" set to a value, or its error; valid until the next
 * call. The value comes from A; that of a second key from B.
 */
static const char *assigned(enum document_format format, const char *text,
	const char *const keys[2], const char *const values[2])
{
	static struct buf got = BUF_INIT;
	static struct err err;
	struct document_value list[2];
	struct arena arena = {0};
	size_t count = 0;
	int rc;

	for (; count < 2 && keys[count]; count++) {
		const char *bar = strchr(keys[count], '|');
		size_t size = bar ? (size_t)(bar - keys[count]) : 0;

		list[count] = (struct document_value){
			.section = arena_memdup(&arena, keys[count], size),
			.key = bar ? bar + 1 : keys[count],
			.value = values[count],
			.from = count ? "B" : "A",
		};
	}
	err_init(&err);
	buf_truncate(&got, 0);
	buf_puts(&got, "");
	rc = document_assign(
		format, "f", text, strlen(text), list, count, &arena, &got, &err);
	arena_release(&arena);
	return rc < 0 ? shown(&err) : got.data;
}

#define ONE(format, text, key, value, expected) \
	assert_string_equal( \
		assigned(DOCUMENT_##format, text, (const char *const[2]){key, NULL}, \
			(const char *const[2]){value, NULL}), \
		expected)
#define TWO(format, text, key, value, other_key, other_value, expected) \
	assert_string_equal(assigned(DOCUMENT_##format, text, \
				    (const char *const[2]){key, other_key}, \
				    (const char *const[2]){value, other_value}), \
		expected)

static void ini_names_are_found_in_any_case(void **state)
{
	(void)state;
	ONE(INI, "; c\n[Server]\nhttp_port=1\n", "SERVER|HTTP_PORT", "2",
		"; c\n[Server]\nhttp_port=2\n");
	TWO(INI, "[a]\nb = 1\n", "new|K", "x y", "A|c", "z",
		"[a]\nb = 1\nc = z\n\n[new]\nK = x y\n");
	ONE(INI, "", "|top", "1", "top = 1\n");
	/* As the first line of the file has it. */
	ONE(INI, "[a]\nb=1\n", "a|c", "2", "[a]\nb=1\nc=2\n");
	ONE(INI, "[a]\nb : 1\n", "a|c", "2", "[a]\nb : 1\nc : 2\n");
	TWO(INI, "[a]\nb=1\n", "a|C", "2", "A|c", "3",
		"A and B both stand for the key 'c'");
}

static void what_would_be_read_otherwise_is_refused(void **state)
{
	(void)state;
	ONE(INI, "", "a|b=c", "1", "A: 'a.b=c' cannot be a key of such a file (ini)");
	ONE(INI, "", "a|#b", "1", "A: 'a.#b' cannot be a key of such a file (ini)");
	ONE(INI, "", "a|[b]", "1", "A: 'a.[b]' cannot be a key of such a file (ini)");
	ONE(INI, "", "a|b\n[c]\nd", "1",
		"A: 'a.b\n[c]\nd' cannot be a key of such a file (ini)");
	ONE(INI, "", "a]\nx=1\n[b|c", "1",
		"A: 'a]\nx=1\n[b.c' cannot be a key of such a file (ini)");
	ONE(INI, "", "a] ; [b|c", "1",
		"A: 'a] ; [b.c' cannot be a key of such a file (ini)");
	ONE(INI, "", "a|b ", "1", "A: 'a.b ' cannot be a key of such a file (ini)");
	ONE(INI, "", "a|b", "1\n[x]",
		"A: a value with a line end cannot stand in one line");
	ONE(ENV, "", "|B-C", "1", "A: 'B-C' cannot be a key of such a file (env)");
	ONE(ENV, "", "s|B", "1", "A: a file of variables has no sections");
	ONE(PROPERTIES, "", "|b c", "1",
		"A: 'b c' cannot be a key of such a file (properties)");
	ONE(PROPERTIES, "", "|b\\", "1",
		"A: 'b\\' cannot be a key of such a file (properties)");
	ONE(JSON, "{}", "|a..b", "1", "A: 'a..b' has a name of no characters");
	ONE(JSON, "{}", "|a", "\xff",
		"A: a value that is not UTF-8 cannot stand in JSON");
}

static void values_are_written_as_the_format_needs_them(void **state)
{
	(void)state;
	TWO(ENV, "export A=1\n", "|A", "a b", "|B", "x", "export A='a b'\nB=x\n");
	ONE(ENV, "", "|A", "it's $5", "A=\"it's \\$5\"\n");
	ONE(ENV, "", "|A", "a\\b", "A=\"a\\\\b\"\n");
	ONE(ENV, "", "|A", "http://x:1/", "A=http://x:1/\n");
	ONE(PROPERTIES, "a.b=1\n", "a|b", "x\ny\xc3\xa9", "a.b=x\\u000ay\\u00e9\n");
	ONE(PROPERTIES, "a : 1\n", "|c", "2", "a : 1\nc : 2\n");
}

static void json_keeps_what_its_values_are(void **state)
{
	static const char text[] = "{\n  \"a\": {\"b\": \"1\", \"c\": 1},\n  \"d.e\": "
				   "{\"f\": true}, \"g\": [1], \"h\": null\n}\n";

	(void)state;
	TWO(JSON, text, "a|b", "22", "a|c", "22",
		"{\n  \"a\": {\"b\": \"22\", \"c\": 22},\n  "
		"\"d.e\": {\"f\": true}, \"g\": [1], \"h\": null\n}\n");
	TWO(JSON, text, "|d.e.f", "no \"", "|h.i", "x",
		"{\n  \"a\": {\"b\": \"1\", \"c\": 1},\n  \"d.e\": {\"f\": \"no \\\"\"}, "
		"\"g\": [1], \"h\": {\"i\": \"x\"}\n}\n");
	TWO(JSON, "{\"a\": {\"b\": 1}}", "a|b", "null", "x.y|z", "null", "{\"a\": {}}");
	ONE(JSON, "{}", "x|y", "false", "{\n  \"x\": {\"y\": false}\n}");
	ONE(JSON, "{\"a\": \"null\"}", "|a", "null", "{\"a\": \"null\"}");
	ONE(JSON, text, "|g.0", "1",
		"A: f:3:28: 'g' is an array, and only of an object a member can be set");
	ONE(JSON, text, "|g", "1",
		"A: f:3:28: 'g' is an array, which no variable's value is");
	ONE(JSON, text, "|a", "1",
		"A: f:2:8: 'a' is an object, which no variable's value is");
	TWO(JSON, "{}", "|a", "1", "|a.b", "2",
		"B: A sets 'a', and only of an object a member can be set");
	TWO(JSON, "{}", "|a", "1", "|a.b", "null",
		"B: A sets 'a', and only of an object a member can be set");
	TWO(JSON, "{}", "|b.a.d", "1", "|a.c", "2",
		"{\n  \"a\": {\"c\": 2},\n  \"b\": {\"a\": {\"d\": 1}}\n}");
	TWO(JSON, "{\"a.b\":{}}", "|a.b.c", "1", "|a.c", "2",
		"{\"a.b\":{\"c\":1},\"a\":{\"c\":2}}");
	ONE(JSON, "[]", "|a", "1", "f:1:1: an object is expected");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ini_names_are_found_in_any_case),
		cmocka_unit_test(what_would_be_read_otherwise_is_refused),
		cmocka_unit_test(values_are_written_as_the_format_needs_them),
		cmocka_unit_test(json_keeps_what_its_values_are),
	};

	return cmocka_run_group_tests_name("conf/document_assign", tests, NULL, NULL);
}
