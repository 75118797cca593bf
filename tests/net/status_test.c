/* SPDX-License-Identifier: MIT */
/* Statuses of HTTP. */
#include "../unit.h"
#include "base/err.h"
#include "net/status.h"

static void a_status_or_a_range_is_parsed(void **state)
{
	static const struct {
		const char *text;
		long from, to;
	} cases[] = {
		{"200", 200, 200},
		{"301-308", 301, 308},
		{"404-404", 404, 404},
		{"2xx", 200, 299},
		{"5xx", 500, 599},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct status_range range;
		DECLARE_ERR(err);

		if (status_parse(cases[i].text, &range, &err) < 0)
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_int_equal(range.from, cases[i].from);
		assert_int_equal(range.to, cases[i].to);
	}
}

static void all_else_is_an_error(void **state)
{
	static const char *const cases[] = {"", "2", "20", "2000", "099", "600", "2x",
		"2xxx", "6xx", "0xx", "2XX", "200-", "-200", "200-99", "300-200",
		"200,204", "200-2xx", "+200", " 200", "ok"};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct status_range range = {.from = 7};
		DECLARE_ERR(err);

		if (status_parse(cases[i], &range, &err) == 0)
			fail_msg("%s", cases[i]);
		assert_int_equal(err.kind, ERR_CONFIG);
		assert_int_equal(range.from, 7);
	}
}

static void a_status_is_in_one_of_the_ranges(void **state)
{
	static const struct status_range ranges[] = {{200, 204}, {404, 404}};

	(void)state;
	assert_true(status_is_in(204, ranges, 2));
	assert_true(status_is_in(404, ranges, 2));
	assert_false(status_is_in(205, ranges, 2));
	assert_false(status_is_in(404, ranges, 1));
}

static void without_ranges_it_is_success_or_a_redirect(void **state)
{
	(void)state;
	assert_true(status_is_in(200, NULL, 0));
	assert_true(status_is_in(399, NULL, 0));
	assert_false(status_is_in(199, NULL, 0));
	assert_false(status_is_in(400, NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_status_or_a_range_is_parsed),
		cmocka_unit_test(all_else_is_an_error),
		cmocka_unit_test(a_status_is_in_one_of_the_ranges),
		cmocka_unit_test(without_ranges_it_is_success_or_a_redirect),
	};

	return cmocka_run_group_tests_name("net/status", tests, NULL, NULL);
}
