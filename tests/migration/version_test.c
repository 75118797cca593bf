/* SPDX-License-Identifier: MIT */
/* The order of versions, by their keys. */
#include "../unit.h"
#include "base/mem.h"
#include "migration/version.h"

#define ROW_MAX  4
#define ROWS_MAX 30

/* In order; those in one row are equal. */
struct ordered {
	enum version_order order;
	const char *rows[ROWS_MAX][ROW_MAX];
};

static const struct ordered numbers = {VERSION_NUMBER,
	{
		{"0", "00", "0000-00-00"},
		{"1", "001"},
		{"1-1", "01-01"},
		{"1-2"},
		{"1-10"},
		{"2", "02"},
		{"9", "09"},
		{"009_a"},
		{"9_a"},
		{"9-2_a"},
		{"9-3"},
		{"10", "010"},
		{"20240131", "2024-01-31"},
		{"20240131-120000", "2024-01-31-120000"},
		/* A day is not a stamp. */
		{"20240301"},
		{"20240101000000"},
		{"999999999999999999999999"},
		{"9999999999999999999999999"},
		{"99999999999999999999999999"},
		{"100000000000000000000000000", "0100000000000000000000000000"},
		{"R__10_a"},
		{"R__9_a2"},
		{"R__a"},
		{"R__a a"},
		{"schema"},
	}};

static const struct ordered dates = {VERSION_DATE,
	{
		{"1"},
		{"2024-1-2"},
		{"2024-1-10"},
		{"20231006", "2023-10-06"},
		{"20231006-10000", "2023-10-06-10000", "2023-10-06-010000"},
		{"20231006120000", "2023-10-06-120000"},
		{"20240131", "2024-01-31"},
		{"2024-01-31-1"},
		{"2024-01-31-2"},
		{"2024-01-31-2_a"},
		{"2024-01-31-10"},
		{"2024-01-31-115959", "20240131115959"},
		{"2024-01-31-120000", "20240131-120000", "20240131120000"},
	}};

static const struct ordered dotted = {VERSION_DOTTED,
	{
		{"0", "00", "0.0"},
		{"0.0.1"},
		{"1", "001", "1.0", "1_0.000"},
		{"1.2", "1_2", "01.02", "1.2.0"},
		{"1.2.0.1"},
		{"1.9"},
		{"1.10"},
		{"2", "02"},
		{"2.0.0.0.1"},
		{"10"},
		{"2024.1"},
		{"20240131"},
		/* By description, whose blanks are underscores. */
		{"R__a_b"},
		{"R__aB"},
	}};

static const struct ordered dashless = {VERSION_DASHLESS,
	{
		{"00000000000000"},
		{"20231006"},
		{"2023-10-06-10000", "2023100610000"},
		{"2024-01-01-000000", "20240101000000"},
		{"20240301", "2024-03-01"},
		{"3"},
	}};

static const struct ordered text = {VERSION_TEXT,
	{
		{"001"},
		{"10"},
		{"1"},
		{"2024-01"},
		{"20240101000000"},
		{"20240301"},
	}};

static const struct ordered names = {VERSION_NAME,
	{
		{"0001"},
		{"0001_a"},
		{"20240101000000"},
		{"2024"},
		{"2024_a"},
		{"init"},
	}};

static const struct ordered prefixes = {VERSION_PREFIX,
	{
		{"1", "01"},
		{"001_a"},
		{"1-2"},
		{"1_a"},
		{"1_b"},
		{"2"},
		{"10_a"},
		{"20240301"},
		{"20240101000000"},
		{"init"},
	}};

static void compare(
	const struct ordered *ordered, size_t i, size_t j, struct arena *arena)
{
	for (size_t m = 0; m < ROW_MAX && ordered->rows[i][m]; m++) {
		for (size_t n = 0; n < ROW_MAX && ordered->rows[j][n]; n++) {
			const char *a = ordered->rows[i][m], *b = ordered->rows[j][n];
			int order = strcmp(version_key(ordered->order, a, arena),
				version_key(ordered->order, b, arena));

			if ((order > 0) - (order < 0) != (i > j) - (i < j))
				fail_msg("%s and %s: %d", a, b, order);
		}
	}
}

static void compare_all(const struct ordered *ordered)
{
	struct arena arena = {0};

	for (size_t i = 0; ordered->rows[i][0]; i++)
		for (size_t j = 0; ordered->rows[j][0]; j++)
			compare(ordered, i, j, &arena);
	arena_release(&arena);
}

static void by_number(void **state)
{
	(void)state;
	compare_all(&numbers);
}

static void dates_with_dashes(void **state)
{
	(void)state;
	compare_all(&dates);
}

static void flyway(void **state)
{
	(void)state;
	compare_all(&dotted);
}

static void diesel(void **state)
{
	(void)state;
	compare_all(&dashless);
}

static void dbmate(void **state)
{
	(void)state;
	compare_all(&text);
}

static void prisma(void **state)
{
	(void)state;
	compare_all(&names);
}

static void sql_migrate(void **state)
{
	(void)state;
	compare_all(&prefixes);
}

static void what_is_a_number(void **state)
{
	static const char *const some[] = {"1", "007", "1.2", "1_2", "2024-01-31"};
	static const char *const others[] = {"", "x", "1x2", "1.", "1..2", ".1", "1 2"};

	(void)state;
	for (size_t i = 0; i < sizeof some / sizeof *some; i++)
		assert_true(version_is_number(some[i]));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_false(version_is_number(others[i]));
}

static void what_is_sorted_by(void **state)
{
	struct arena arena = {0};

	(void)state;
	assert_string_equal(
		version_sort_key(VERSION_NUMBER, "key", "1_a.sql", &arena), "key");
	assert_string_equal(
		version_sort_key(VERSION_TEXT, "key", "1_a.sql", &arena), "1_a.sql");
	assert_string_equal(version_sort_key(VERSION_NAME, "key", "1_a", &arena), "1_a");
	assert_true(
		strcmp(version_sort_key(VERSION_PREFIX, "key", "10_a.sql", &arena),
			version_sort_key(VERSION_PREFIX, "key", "9_a.sql", &arena)) > 0);
	assert_true(
		strcmp(version_sort_key(VERSION_PREFIX, "key", "a.sql", &arena),
			version_sort_key(VERSION_PREFIX, "key", "9_a.sql", &arena)) > 0);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_number),
		cmocka_unit_test(dates_with_dashes),
		cmocka_unit_test(flyway),
		cmocka_unit_test(diesel),
		cmocka_unit_test(dbmate),
		cmocka_unit_test(prisma),
		cmocka_unit_test(sql_migrate),
		cmocka_unit_test(what_is_a_number),
		cmocka_unit_test(what_is_sorted_by),
	};

	return cmocka_run_group_tests_name("migration/version", tests, NULL, NULL);
}
