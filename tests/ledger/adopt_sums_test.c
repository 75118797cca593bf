/* SPDX-License-Identifier: MIT */
/* The checksums by which other tools recognize a text. */
#include "../db/ledgers.h"
#include "base/fs_reader.h"
#include "ledger/adopt_sums.h"

/* SHA-256 of "a\r\nb\n" as it is, with LF, and with CRLF. */
#define MIXED "953bba9ac9726eaea07e844abcf144a0afe998039257c7a88b6665819597f39d"
#define LF    "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2"
#define CRLF  "58055bdcc73787eb88c78d36f0b4939e9c5dc1c3ad17e25cc85a6833cf1a0cab"
/* Of "a\rb\r", and of "ab\rc". */
#define LONE   "95214dcabd7c592744f2ed461262a22b05fc1b2fd6f332bc83d0acf23193f15b"
#define WITHIN "c42d76a1537514ec4f608c1c4c24be821e4774d14a5752b70b913aee30ba2281"

/* Computed by sha256sum, sha384sum, zlib.crc32() and Rust's DefaultHasher. */
static const struct {
	enum adopt_sum kind;
	const char *text;
	const char *sums[ADOPT_SUMS_MAX + 1];
} cases[] = {
	{ADOPT_SUM_SHA256, A, {A_SHA256}},
	{ADOPT_SUM_SHA384, B, {B_SHA384}},
	{ADOPT_SUM_LINES_SHA256, "a\r\nb\n", {MIXED, LF, CRLF}},
	{ADOPT_SUM_LINES_SHA256, "a\rb\r", {LONE, LONE, LONE}},
	{ADOPT_SUM_LINES_SHA256, "ab\rc", {WITHIN, WITHIN, WITHIN}},
	{ADOPT_SUM_LINES_CRC32,
		("\xef\xbb\xbf"
		 "1234\r\n56\r789\n"),
		{"-873187034"}},
	{ADOPT_SUM_SIPHASH, B, {"2495761633526752119", B_SIPHASH}},
};
#define CASES (sizeof cases / sizeof *cases)

static void compare(size_t i, const char *const *sums)
{
	for (size_t k = 0; k <= ADOPT_SUMS_MAX; k++) {
		if (!cases[i].sums[k] || !sums[k]) {
			assert_ptr_equal(cases[i].sums[k], sums[k]);
			return;
		}
		assert_string_equal(sums[k], cases[i].sums[k]);
	}
}

static void pieces_make_no_difference(void **state)
{
	struct arena arena = {0};

	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		size_t size = strlen(cases[i].text);

		for (size_t first = 3; first <= size; first++) {
			struct adopt_summing summing = {.kind = cases[i].kind,
				.file = {.below = "V12__b_c.sql", .name = "b_c"}};

			adopt_sum_begin(&summing);
			adopt_sum_add(&summing, cases[i].text, first);
			for (size_t at = first; at < size; at++)
				adopt_sum_add(&summing, cases[i].text + at, 1);
			compare(i, adopt_sum_end(&summing, &arena));
		}
	}
	arena_release(&arena);
}

/* Nor while it is locked: what was computed is kept with the migration. */
static void a_file_is_read_once(void **state)
{
	static const char *const one[8] = {"1_a.sql", A};
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;
	struct world *world = *state;
	const char *const *sums;

	files(one);
	prepare(world, "sqlx", NULL);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(adopt_sums(ADOPT_SUM_SHA384, &world->migrations, 0,
					 &reader, &sums, &world->err),
			0);
		assert_string_equal(sums[0], A_SHA384);
		assert_null(sums[1]);
		put("m/1_a.sql", B);
	}
	/* Another kind is not at hand, and the file is not what was hashed. */
	assert_int_equal(adopt_sums(ADOPT_SUM_SHA256, &world->migrations, 0, &reader,
				 &sums, &world->err),
		-1);
	assert_says(world->err.text, "was changed while it was read");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_make_no_difference),
		cmocka_unit_test_setup_teardown(
			a_file_is_read_once, world_setup, world_teardown),
	};

	return cmocka_run_group_tests_name("db/adopt_sums", tests, NULL, NULL);
}
