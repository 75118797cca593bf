/* SPDX-License-Identifier: MIT */
/* Raising errors, adding to them, and their limit. */
#include <errno.h>

#include "../unit.h"
#include "base/err.h"
#include "base/str.h"

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

static void a_place_joins_the_text_when_there_is_more_to_say(void **state)
{
	const struct place line = {"/a", 3, 0}, column = {"/b", 4, 5};
	DECLARE_ERR(err);

	(void)state;
	err_config(&err, "wrong");
	assert_int_equal(err_at(&err, (struct place){0}), -1);
	assert_null(err.at.file);
	assert_int_equal(err_at(&err, line), -1);
	assert_string_equal(err.at.file, "/a");
	assert_int_equal(err.at.line, 3);
	assert_string_equal(err.text, "wrong");
	err_at(&err, (struct place){0});
	assert_string_equal(err.at.file, "/a");
	err_append(&err, "; mend it");
	assert_string_equal(err.text, "wrong; mend it");
	err_at(&err, column);
	assert_string_equal(err.at.file, "/b");
	assert_string_equal(err.text, "/a:3: wrong; mend it");
	err_prefix(&err, "key '%s'", "x");
	assert_null(err.at.file);
	assert_string_equal(err.text, "key 'x': /b:4:5: /a:3: wrong; mend it");
	err_at(&err, line);
	err_fail(&err, "other");
	assert_null(err.at.file);
}

/* Whole characters, with the mark of the cut behind them. */
static void is_cut(const struct err *err)
{
	size_t size = strlen(err->text);

	assert_true(size < ERR_TEXT_MAX && size >= ERR_TEXT_MAX - 4);
	assert_string_equal(err->text + size - 3, "…");
	assert_int_equal(str_utf8_valid(err->text, size), size);
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
		if (size < ERR_TEXT_MAX)
			assert_int_equal(strspn(err.text, "t"), size);
		else
			is_cut(&err);
		err_append(&err, "behind");
		is_cut(&err);
		err_append(&err, "behind");
		is_cut(&err);
		err_prefix(&err, "front");
		is_cut(&err);
		assert_memory_equal(err.text, "front: tt", 9);
		err_prefix(&err, "%.*s", (int)size, text);
		is_cut(&err);
		err_fail(&err, "%.*s", (int)size, text);
		err_at(&err, (struct place){"f", 1, 2});
		err_at(&err, (struct place){"f", 1, 2});
		is_cut(&err);
		assert_memory_equal(err.text, "f:1:2: tt", 9);
		errno = EIO;
		err_sys(&err, "%.*s", (int)size, text);
		is_cut(&err);
	}
	err_fail(&err, "%.*s", ERR_TEXT_MAX - 8, text);
	err_prefix(&err, "front");
	assert_int_equal(strlen(err.text), ERR_TEXT_MAX - 1);
	assert_string_equal(err.text + ERR_TEXT_MAX - 4, "ttt");
}

static void is_cut_between_characters(void **state)
{
	char text[ERR_TEXT_MAX + 100];
	DECLARE_ERR(err);

	(void)state;
	for (size_t i = 0; i + 3 < sizeof text; i += 3)
		memcpy(text + i, "\xe2\x82\xac", 4);
	for (size_t before = 0; before < 3; before++) {
		err_fail(&err, "%.*s%s", (int)before, "abc", text);
		is_cut(&err);
	}
}

/* The text that ends in what was logged. */
static void fail_quoting(struct err *err)
{
	err_fail(err, "failed");
	err->logged = true;
	err_quote(err, "; it said:\n%s", "x");
}

static void a_quotation_stays_one_behind_what_is_put_in_front(void **state)
{
	const struct place line = {"/a", 3, 0};
	char text[ERR_TEXT_MAX];
	DECLARE_ERR(err);

	(void)state;
	fail_quoting(&err);
	err_prefix(&err, "key '%s'", "a");
	err_at(&err, line);
	err_prefix(&err, "validate");
	assert_string_equal(err.text, "validate: /a:3: key 'a': failed; it said:\nx");
	assert_string_equal(err.text + err.quoted, "; it said:\nx");
	memset(text, 't', sizeof text);
	text[sizeof text - 1] = '\0';
	err_prefix(&err, "%s", text);
	assert_int_equal(err.quoted, 0);
	assert_false(err.logged);
	fail_quoting(&err);
	err_fail(&err, "other");
	assert_int_equal(err.quoted, 0);
	assert_false(err.logged);
}

static void what_is_appended_gets_in_front_of_a_quotation(void **state)
{
	char text[ERR_TEXT_MAX];
	DECLARE_ERR(err);

	(void)state;
	fail_quoting(&err);
	assert_int_equal(err_append(&err, " (%d)", 1), -1);
	assert_string_equal(err.text, "failed (1); it said:\nx");
	assert_int_equal(err_own_size(&err), strlen("failed (1)"));
	assert_int_equal(err_quote(&err, "\ny"), -1);
	assert_string_equal(err.text + err.quoted, "; it said:\nx\ny");
	assert_true(err.logged);
	/* What another program says at length takes no word of ours away. */
	memset(text, 't', sizeof text);
	text[sizeof text - 1] = '\0';
	err_fail(&err, "failed");
	err_quote(&err, ": %s", text);
	err_append(&err, " (%d)", 2);
	assert_memory_equal(err.text, "failed (2): ttt", strlen("failed (2): ttt"));
	is_cut(&err);
}

static void another_errors_quotation_becomes_its_own(void **state)
{
	DECLARE_ERR(err);
	DECLARE_ERR(other);

	(void)state;
	err_fail(&err, "too late");
	fail_quoting(&other);
	assert_int_equal(err_append_err(&err, ": ", &other), -1);
	err_append(&err, " (1)");
	assert_string_equal(err.text, "too late: failed (1); it said:\nx");
	assert_true(err.logged);
	/* There is one at most. */
	err_append_err(&err, ", ", &other);
	assert_string_equal(err.text, "too late: failed (1), failed; it said:\nx");
	err_fail(&err, "too late");
	err_fail(&other, "failed");
	err_append_err(&err, ": ", &other);
	assert_string_equal(err.text, "too late: failed");
	assert_int_equal(err.quoted, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(raises),
		cmocka_unit_test(adds_in_front_and_behind),
		cmocka_unit_test(a_place_joins_the_text_when_there_is_more_to_say),
		cmocka_unit_test(is_cut_at_its_limit),
		cmocka_unit_test(is_cut_between_characters),
		cmocka_unit_test(a_quotation_stays_one_behind_what_is_put_in_front),
		cmocka_unit_test(what_is_appended_gets_in_front_of_a_quotation),
		cmocka_unit_test(another_errors_quotation_becomes_its_own),
	};

	return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
