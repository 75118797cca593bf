/* SPDX-License-Identifier: MIT */
/* Raising errors, adding to them, and their limit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>

#include "base/err.h"

static void raises(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(err_fail(&err, "no %s", "luck"), -1);
	assert_int_equal(err.kind, ERR_FAILED);
	assert_string_equal(err.text, "no luck");
	assert_int_equal(err_config(&err, "%d%%", 5), -1);
	assert_int_equal(err.kind, ERR_CONFIG);
	assert_string_equal(err.text, "5%");
	assert_int_equal(err_set(&err, ERR_USAGE, "x"), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	errno = ENOENT;
	assert_int_equal(err_sys(&err, "open '%s'", "x"), -1);
	assert_int_equal(err.kind, ERR_FAILED);
	assert_int_equal(err.code, ENOENT);
	assert_string_equal(err.text, "open 'x': No such file or directory");
	assert_int_equal(err_fail(&err, "other"), -1);
	assert_int_equal(err.code, 0);
}

static void adds_in_front_and_behind(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	errno = EACCES;
	err_sys(&err, "open");
	assert_int_equal(err_prefix(&err, "key '%s'", "a"), -1);
	assert_int_equal(err_append(&err, "; %s", "do"), -1);
	assert_string_equal(err.text, "key 'a': open: Permission denied; do");
	assert_int_equal(err.code, EACCES);
	assert_int_equal(err.kind, ERR_FAILED);
}

static void is_cut_at_its_limit(void **state)
{
	char text[ERR_TEXT_MAX + 100];
	DECLARE_ERR(err);

	(void)state;
	memset(text, 't', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	for (size_t size = ERR_TEXT_MAX - 6; size < ERR_TEXT_MAX + 8; size++) {
		err_fail(&err, "%.*s", (int)size, text);
		assert_true(strlen(err.text) < ERR_TEXT_MAX);
		err_append(&err, "behind");
		assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
		err_prefix(&err, "front");
		assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
		assert_memory_equal(err.text, "front: tt", 9);
		err_prefix(&err, "%.*s", (int)size, text);
		assert_true(strlen(err.text) < ERR_TEXT_MAX);
		errno = EIO;
		err_sys(&err, "%.*s", (int)size, text);
		assert_true(strlen(err.text) < ERR_TEXT_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raises),
		cmocka_unit_test(adds_in_front_and_behind),
		cmocka_unit_test(is_cut_at_its_limit),
	};

	return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
