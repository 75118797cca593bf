/* SPDX-License-Identifier: MIT */
/* Lists of which the first few are named. */
#include "../unit.h"
#include "base/buf.h"
#include "base/listed.h"

static void the_first_few_are_named_and_the_others_counted(void **state)
{
	static const char *const expected[] = {
		"", "'a'", "'a', 'b'", "'a', 'b' and 1 more", "'a', 'b' and 2 more"};

	(void)state;
	for (size_t count = 0; count <= 4; count++) {
		CLEANUP_BUF struct buf text = BUF_INIT;

		for (size_t i = 0; i < count; i++)
			listed_add(&text, i, count, 2, "'%c'", (char)('a' + i));
		assert_string_equal(count ? text.data : "", expected[count]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_few_are_named_and_the_others_counted),
	};

	return cmocka_run_group_tests_name("base/listed", tests, NULL, NULL);
}
