/* SPDX-License-Identifier: MIT */
/* The table from texts to pointers. */
#include "../unit.h"
#include "base/mem.h"
#include "base/table.h"

static void an_empty_one_has_nothing(void **state)
{
	struct table table = {0};

	(void)state;
	assert_null(table_get(&table, "", 0));
	assert_null(table_get(&table, "a", 1));
}

static void what_was_put_is_found(void **state)
{
	struct arena arena = {0};
	struct table table = {.arena = &arena};
	static int values[20000];
	static char keys[20000][8];

	(void)state;
	for (size_t i = 0; i < 20000; i++) {
		(void)snprintf(keys[i], sizeof keys[i], "%zu", i);
		table_put(&table, keys[i], strlen(keys[i]), &values[i]);
	}
	assert_int_equal(table.count, 20000);
	for (size_t i = 0; i < 20000; i++)
		assert_ptr_equal(table_get(&table, keys[i], strlen(keys[i])), &values[i]);
	assert_null(table_get(&table, "20000", 5));
	/* Of a text, so many bytes are the key. */
	assert_ptr_equal(table_get(&table, "123/4", 3), &values[123]);
	assert_null(table_get(&table, "", 0));
	table_put(&table, "", 0, &values[0]);
	assert_ptr_equal(table_get(&table, "x", 0), &values[0]);
	arena_release(&arena);
}

static void the_last_value_counts(void **state)
{
	struct arena arena = {0};
	struct table table = {.arena = &arena};
	int one, two;

	(void)state;
	table_put(&table, "a", 1, &one);
	table_put(&table, "a", 1, &two);
	assert_int_equal(table.count, 1);
	assert_ptr_equal(table_get(&table, "a", 1), &two);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_one_has_nothing),
		cmocka_unit_test(what_was_put_is_found),
		cmocka_unit_test(the_last_value_counts),
	};

	return cmocka_run_group_tests_name("base/table", tests, NULL, NULL);
}
