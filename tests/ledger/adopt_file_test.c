/* SPDX-License-Identifier: MIT */
/* What other tools see of a file: names. */
#include "../unit.h"
#include "base/buf.h"
#include "ledger/adopt_file.h"

static void names(void **state)
{
	static const struct {
		void (*name_of)(const struct adopt_file *file, struct buf *ret);
		const char *below, *name;
	} cases[] = {
		{adopt_name_digits, "0012_a.up.sql", "0012"},
		{adopt_name_digits, "20240131120000_a.sql", "20240131120000"},
		{adopt_name_digits, "V07__a.sql", "07"},
		{adopt_name_digits, "a.sql", ""},
		{adopt_name_diesel, "2024-01-31-120000_a-b_c/up.sql",
			"2024-01-31-120000"},
		{adopt_name_diesel, "00000000000000_a/up.sql", "00000000000000"},
		{adopt_name_flyway, "V1__a.sql", "1"},
		{adopt_name_flyway, "sub/V1_02.10__a.sql", "1_02.10"},
		{adopt_name_flyway, "V0__a.sql", "0"},
		{adopt_name_flyway, "R__some_views.sql", "R__some_views"},
		{adopt_name_flyway, "U1__a.sql", ""},
		{adopt_name_directory, "20240131_a/migration.sql", "20240131_a"},
		{adopt_name_path, "0001_a.sql", "0001_a.sql"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct adopt_file file = {.below = cases[i].below};
		CLEANUP_BUF struct buf name = BUF_INIT;

		cases[i].name_of(&file, &name);
		assert_string_equal(name.data, cases[i].name);
	}
}

/* As "0001_NAME.sql" has it. */
static void the_revision_in_a_name(void **state)
{
	static const struct {
		const char *name, *revision;
	} cases[] = {
		{"1975ea83b712_a", "1975ea83b712"},
		{"1975ea83b712", "1975ea83b712"},
		{"1975ea83b7123_a", "0001"},
		{"1975EA83B712_a", "0001"},
		{"a", "0001"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct adopt_file file = {
			.below = "0001_name.sql", .name = cases[i].name};
		CLEANUP_BUF struct buf name = BUF_INIT;

		adopt_name_alembic(&file, &name);
		assert_string_equal(name.data, cases[i].revision);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(the_revision_in_a_name),
	};

	return cmocka_run_group_tests_name("db/adopt_file", tests, NULL, NULL);
}
