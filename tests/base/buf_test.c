/* SPDX-License-Identifier: MIT */
/* Growing byte strings. */
#include "../unit.h"
#include "base/buf.h"

static void is_always_a_string(void **state)
{
	CLEANUP_BUF struct buf buf = BUF_INIT;

	(void)state;
	assert_string_equal(buf.data, "");
	buf_add(&buf, "", 0);
	buf_add(&buf, NULL, 0);
	buf_puts(&buf, "");
	buf_truncate(&buf, 0);
	assert_int_equal(buf.cap, 0);
	buf_printf(&buf, "%s", "");
	assert_string_equal(buf.data, "");
	buf_puts(&buf, "ab");
	buf_putc(&buf, 'c');
	buf_add(&buf, "d\0e", 3);
	buf_printf(&buf, "%03d", 7);
	assert_int_equal(buf.len, 9);
	assert_memory_equal(buf.data, "abcd\0e007", 10);
	buf_truncate(&buf, 20);
	assert_int_equal(buf.len, 9);
	buf_truncate(&buf, 2);
	assert_memory_equal(buf.data, "ab\0\0\0\0\0\0\0", 10); /* the rest is wiped */
	buf_release(&buf);
	assert_string_equal(buf.data, "");
	assert_int_equal(buf_empty[0], '\0');
}

static void grows_by_any_size(void **state)
{
	CLEANUP_BUF struct buf buf = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < 3000; i++) {
		buf_putc(&buf, (char)('a' + i % 26));
		assert_int_equal(strlen(buf.data), i + 1);
	}
	buf_printf(&buf, "%05000d", 0);
	assert_int_equal(buf.len, 8000);
	for (size_t i = 0; i < 3000; i++)
		assert_int_equal(buf.data[i], 'a' + i % 26);
	buf_reserve(&buf, 100000);
	assert_true(buf.cap > 108000);
	assert_int_equal(buf.len, 8000);
}

static void cuts_between_characters(void **state)
{
	static const char text[] = "ab\xe2\x82\xac";
	CLEANUP_BUF struct buf buf = BUF_INIT;

	(void)state;
	buf_add_cut(&buf, text, 5, 5);
	assert_string_equal(buf.data, "ab\xe2\x82\xac");
	buf_add_cut(&buf, text, 5, 4);
	assert_string_equal(buf.data,
		"ab\xe2\x82\xac"
		"ab…");
	buf_add_cut(&buf, text, 2, 5);
	buf_add_cut(&buf, text, 0, 0);
	assert_string_equal(buf.data,
		"ab\xe2\x82\xac"
		"ab…ab");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_always_a_string),
		cmocka_unit_test(grows_by_any_size),
		cmocka_unit_test(cuts_between_characters),
	};

	return cmocka_run_group_tests_name("base/buf", tests, NULL, NULL);
}
