/* SPDX-License-Identifier: MIT */
/* Stamps: each of their parts, and files that were changed just now. */
#include <time.h>

#include "../unit.h"
#include "base/crypto.h"
#include "migration/migration.h"
#include "migration/stamp.h"

static struct stat settled(void)
{
	struct stat st = {0};

	st.st_size = 100;
	st.st_ino = 7;
	st.st_mtim = (struct timespec){1000, 1};
	st.st_ctim = (struct timespec){1000, 1};
	return st;
}

static void digest_of(const char *id, const char *file, const struct stat *st,
	unsigned char ret[DIGEST_SIZE])
{
	struct migration migration = {.id = id, .file = file};
	struct digest digest;

	crypto_digest_begin(&digest);
	stamp_add(&digest, &migration, st);
	crypto_digest_end(&digest, ret);
}

static void assert_differs(const char *id, const char *file, const struct stat *st)
{
	unsigned char before[DIGEST_SIZE], after[DIGEST_SIZE];
	struct stat same = settled();

	digest_of("1", "/1.sql", &same, before);
	digest_of("1", "/1.sql", &same, after);
	assert_memory_equal(before, after, sizeof before);
	digest_of(id, file, st, after);
	assert_memory_not_equal(before, after, sizeof before);
}

static void a_change_of_each_part_is_seen(void **state)
{
	struct stat st = settled();

	(void)state;
	assert_differs("01", "/1.sql", &st);
	assert_differs("1", "/2.sql", &st);
	st.st_size++;
	assert_differs("1", "/1.sql", &st);
	st = settled();
	st.st_ino++;
	assert_differs("1", "/1.sql", &st);
	st = settled();
	st.st_mtim.tv_sec++;
	assert_differs("1", "/1.sql", &st);
	st = settled();
	st.st_mtim.tv_nsec++;
	assert_differs("1", "/1.sql", &st);
	st = settled();
	st.st_ctim.tv_sec++;
	assert_differs("1", "/1.sql", &st);
	st = settled();
	st.st_ctim.tv_nsec++;
	assert_differs("1", "/1.sql", &st);
}

static void a_change_of_what_is_recorded_is_seen(void **state)
{
	static const unsigned char a[DIGEST_SIZE] = {1}, b[DIGEST_SIZE] = {2};
	const unsigned char *one[] = {a, b}, *other[] = {b, a};
	struct stamp stamp = {.count = 2, .valid = true};
	unsigned char before[DIGEST_SIZE], after[DIGEST_SIZE];

	(void)state;
	stamp_seal(&stamp, one, before);
	stamp_seal(&stamp, other, after);
	assert_memory_not_equal(before, after, sizeof before);
	stamp.hash[0]++;
	stamp_seal(&stamp, one, after);
	assert_memory_not_equal(before, after, sizeof before);
}

/* Is a file settled that was changed so many milliseconds before? */
static bool after_ms(long fraction, int64_t ms)
{
	struct stat st = settled();
	int64_t now = INT64_C(1000) * 1000000000 + fraction + ms * 1000000;
	struct timespec at = {now / 1000000000, now % 1000000000};

	st.st_mtim.tv_nsec = st.st_ctim.tv_nsec = fraction;
	st.st_mtim.tv_sec -= fraction == 0; /* else ctime would be none of its own */
	return stamp_is_settled(&st, &at);
}

static void what_was_changed_just_now_is_not_trusted(void **state)
{
	(void)state;
	assert_false(after_ms(1, -5000));
	assert_false(after_ms(1, 0));
	assert_false(after_ms(1, 10));
	assert_true(after_ms(1, 200));
	assert_true(after_ms(1, 5000));
	/* Without fractions of a second two changes may be seconds apart. */
	assert_false(after_ms(0, 200));
	assert_false(after_ms(0, 2000));
	assert_true(after_ms(0, 2001));
	assert_true(after_ms(0, 86400000));
}

static void either_time_counts(void **state)
{
	struct timespec now = {1000, 2};
	struct stat st = settled();

	(void)state;
	st.st_mtim.tv_sec = 1;
	assert_false(stamp_is_settled(&st, &now));
	st.st_mtim.tv_sec = 2000;
	st.st_ctim.tv_sec = 1;
	assert_false(stamp_is_settled(&st, &now));
	st.st_mtim.tv_sec = 1;
	assert_true(stamp_is_settled(&st, &now));
}

/* As on squashfs, where two images of one epoch have the same times. */
static void a_ctime_that_is_only_mtime_is_not_trusted(void **state)
{
	struct timespec now = {5000, 0};
	struct stat st = settled();

	(void)state;
	st.st_mtim = st.st_ctim = (struct timespec){1000, 0};
	assert_false(stamp_is_settled(&st, &now));
	st.st_ctim.tv_sec++;
	assert_true(stamp_is_settled(&st, &now));
	st.st_mtim = st.st_ctim = (struct timespec){1000, 1};
	assert_true(stamp_is_settled(&st, &now));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_of_each_part_is_seen),
		cmocka_unit_test(a_change_of_what_is_recorded_is_seen),
		cmocka_unit_test(what_was_changed_just_now_is_not_trusted),
		cmocka_unit_test(either_time_counts),
		cmocka_unit_test(a_ctime_that_is_only_mtime_is_not_trusted),
	};

	return cmocka_run_group_tests_name("migration/stamp", tests, NULL, NULL);
}
