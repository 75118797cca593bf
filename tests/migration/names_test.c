/* SPDX-License-Identifier: MIT */
/* Names of files, for a message that has all of them. */
#include "../unit.h"
#include "base/buf.h"
#include "migration/names.h"

static void expect(size_t count, size_t max, const char *wanted)
{
	static const char *const list[] = {"c", "a", "b"};
	struct names names = {0};
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < count; i++)
		names_add(&names, list[i]);
	names_print(&names, max, &text);
	assert_string_equal(text.len ? text.data : "", wanted);
	names_release(&names);
	assert_int_equal(names.count, 0);
	buf_release(&text);
}

static void all_of_them(void **state)
{
	(void)state;
	expect(0, 3, "");
	expect(1, 3, "c");
	expect(3, 3, "a, b, c");
}

static void the_first_of_them(void **state)
{
	(void)state;
	expect(3, 2, "a, b and 1 more");
}

static void one_of_them(void **state)
{
	struct names names = {0};

	(void)state;
	assert_false(names_has(&names, "a"));
	names_add(&names, "b");
	names_add(&names, "a");
	names_sort(&names);
	assert_true(names_has(&names, "a"));
	assert_true(names_has(&names, "b"));
	assert_false(names_has(&names, "c"));
	names_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_them),
		cmocka_unit_test(the_first_of_them),
		cmocka_unit_test(one_of_them),
	};

	return cmocka_run_group_tests_name("migration/names", tests, NULL, NULL);
}
