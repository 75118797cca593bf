/* SPDX-License-Identifier: MIT */
/* What other tools see of a file: names and checksums. */
#include "../unit.h"
#include "base/buf.h"
#include "db/adopt_file.h"

/* SHA-256 of "a\r\nb\n" as it is, with LF, and with CRLF. */
#define MIXED "953bba9ac9726eaea07e844abcf144a0afe998039257c7a88b6665819597f39d"
#define LF    "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2"
#define CRLF  "58055bdcc73787eb88c78d36f0b4939e9c5dc1c3ad17e25cc85a6833cf1a0cab"

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

/* Computed by sha256sum, zlib.crc32() and Rust's DefaultHasher. */
static void checksums_that_the_tool_accepts(void **state)
{
	static const struct {
		bool (*sum)(
			const struct adopt_file *file, unsigned variant, struct buf *ret);
		const char *text;
		unsigned variant;
		const char *checksum;
	} cases[] = {
		{adopt_sum_lines_sha256, "a\r\nb\n", 0, MIXED},
		{adopt_sum_lines_sha256, "a\r\nb\n", 1, LF},
		{adopt_sum_lines_sha256, "a\r\nb\n", 2, CRLF},
		{adopt_sum_lines_crc32,
			"\xef\xbb\xbf"
			"1234\r\n56\r789\n",
			0, "-873187034"},
		{adopt_sum_siphash, "CREATE TABLE b (x);\n", 1, "16831063521890388238"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct adopt_file file = {.below = "V12__b_c.sql",
			.name = "b_c",
			.text = cases[i].text,
			.size = strlen(cases[i].text)};
		CLEANUP_BUF struct buf checksum = BUF_INIT;
		CLEANUP_BUF struct buf more = BUF_INIT;

		assert_true(cases[i].sum(&file, cases[i].variant, &checksum));
		assert_string_equal(checksum.data, cases[i].checksum);
		assert_false(cases[i].sum(&file, 3, &more));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(checksums_that_the_tool_accepts),
	};

	return cmocka_run_group_tests_name("db/adopt_file", tests, NULL, NULL);
}
