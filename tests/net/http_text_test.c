/* SPDX-License-Identifier: MIT */
/* What HTTP has as text. */
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

static void https_is_written_in_either_case(void **state)
{
	(void)state;
	assert_true(http_is_tls("https://h"));
	assert_true(http_is_tls("HTTPS://h"));
	assert_false(http_is_tls("http://h"));
	assert_false(http_is_tls("https:"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_begins_where_it_says),
		cmocka_unit_test(https_is_written_in_either_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
