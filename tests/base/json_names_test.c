/* SPDX-License-Identifier: MIT */
/* Members that have one name. */
#include "../unit.h"
#include "base/err.h"
#include "base/json.h"

#include "../shown.h"

static const char *checked(const char *text)
{
	static struct err err;

	err_init(&err);
	return json_check_names("f", text, strlen(text), &err) < 0 ? shown(&err) : "";
}

static void a_name_is_there_once_in_an_object(void **state)
{
	(void)state;
	assert_string_equal(
		checked("[{\"a\": {\"a\": 1}, \"ab\": [{\"a\": 2}]}, {}]"), "");
	assert_string_equal(checked("{\"a\": 1, \"b\": 2,\n \"\\u0061\": 3}"),
		"f:2:2: two members have the name 'a'");
	assert_string_equal(checked("[{\"x\": {\"\": 1, \"\": 2}}]"),
		"f:1:16: two members have the name ''");
	assert_string_equal(checked("{\"a\\u0000b\": 1, \"a\\u0000c\": 2}"), "");
	assert_string_equal(
		checked("{\"a\": 1"), "f:1:8: ',' or '}' is expected, but the text ends");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_there_once_in_an_object),
	};

	return cmocka_run_group_tests_name("base/json_names", tests, NULL, NULL);
}
