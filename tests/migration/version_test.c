/* SPDX-License-Identifier: MIT */
/* The order of versions. */
#include "../unit.h"
#include "migration/version.h"

/* In order; those in one row are equal. */
static const char *const ordered[][4] = {
	{"0", "00", "0.0", "0000-00-00"},
	{"0.0.1"},
	{"1", "001", "1.0", "1_0.000"},
	{"1.2", "1_2", "01.02"},
	{"1.2.0.1"},
	{"1.9"},
	{"1.10"},
	{"2", "02"},
	{"9", "09"},
	{"10", "010"},
	{"2024.1"},
	{"20240131", "2024-01-31"},
	{"20240131115959", "2024-01-31-115959"},
	{"20240131120000", "2024-01-31-120000"},
	{"99999999999999999999999999"},
	{"100000000000000000000000000"},
	{"R__9_a2"},
	{"R__10_a"},
	{"R__a"},
	{"R__a2"},
	{"R__a10"},
	{"schema"},
};
#define ROWS (sizeof ordered / sizeof *ordered)

static void compare(const char *const *row, size_t i, const char *const *other, size_t j)
{
	for (size_t m = 0; m < 4 && row[m]; m++) {
		for (size_t n = 0; n < 4 && other[n]; n++) {
			int order = version_cmp(row[m], other[n]);

			if ((order > 0) - (order < 0) != (i > j) - (i < j))
				fail_msg("%s and %s: %d", row[m], other[n], order);
		}
	}
}

static void versions(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS; i++)
		for (size_t j = 0; j < ROWS; j++)
			compare(ordered[i], i, ordered[j], j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions),
	};

	return cmocka_run_group_tests_name("migration/version", tests, NULL, NULL);
}
