/* SPDX-License-Identifier: MIT */
/* What HTTP has as text: ranges, and the variables of proxies. */
#include "net/http_text.h"

#include "../unit.h"

static void a_range_begins_where_it_says(void **state)
{
	(void)state;
	assert_int_equal(http_range_begin("bytes 100-199/200"), 100);
	assert_int_equal(http_range_begin("Bytes 0-0/*"), 0);
	assert_true(http_range_begin("bytes */200") == UINT64_MAX);
	assert_true(http_range_begin("bytes -5-9/200") == UINT64_MAX);
	assert_true(http_range_begin("bytes 100") == UINT64_MAX);
	assert_true(http_range_begin("100-199/200") == UINT64_MAX);
	assert_true(http_range_begin("") == UINT64_MAX);
}

static void unset_all(void)
{
	static const char *const names[] = {
		"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
}

static void the_variable_of_a_proxy_is_that_of_its_scheme(void **state)
{
	(void)state;
	unset_all();
	assert_null(http_proxy_variable(false));
	setenv("ALL_PROXY", "p", 1);
	assert_string_equal(http_proxy_variable(false), "ALL_PROXY");
	assert_string_equal(http_proxy_variable(true), "ALL_PROXY");
	setenv("HTTPS_PROXY", "p", 1);
	assert_string_equal(http_proxy_variable(true), "HTTPS_PROXY");
	setenv("https_proxy", "p", 1);
	assert_string_equal(http_proxy_variable(true), "https_proxy");
	setenv("https_proxy", "", 1);
	assert_string_equal(http_proxy_variable(true), "HTTPS_PROXY");
	/* A server of CGI has it from a header: curl does not look there. */
	setenv("HTTP_PROXY", "p", 1);
	assert_string_equal(http_proxy_variable(false), "ALL_PROXY");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_begins_where_it_says),
		cmocka_unit_test(the_variable_of_a_proxy_is_that_of_its_scheme),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
