/* SPDX-License-Identifier: MIT */
/* The line of the termination log. */
#include "../unit.h"

#include "base/buf.h"
#include "proc/termination.h"

static void line_is(const char *text, const char *expected)
{
	CLEANUP_BUF struct buf room = BUF_INIT;
	char line[TERMINATION_MAX + 1];

	buf_puts(&room, text);
	assert_int_equal(termination_line(room.data, line), strlen(expected));
	assert_string_equal(line, expected);
}

static void it_is_one_line_that_moves_no_cursor(void **state)
{
	(void)state;
	line_is("a\nb\033[2J\r\xc2\x9b\xff",
		"groundwork: a b\\x1b[2J\\x0d\\xc2\\x9b\\xff\n");
	line_is("\xe2\x80\xae\t\xe2\x82\xac",
		"groundwork: \\xe2\\x80\\xae\t\xe2\x82\xac\n");
	line_is("", "groundwork: \n");
}

/* `one` behind any number of letters, so that the limit falls everywhere in it. */
static void cuts_whole(const char *one, const char *shown)
{
	for (size_t before = 1024 - 12 - 20; before < 1024; before++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		char line[TERMINATION_MAX + 1];
		size_t whole = 12 + before + strlen(shown) + 1;
		size_t letters, size;

		while (text.len < before)
			buf_putc(&text, 'x');
		buf_puts(&text, one);
		size = termination_line(text.data, line);
		letters = strspn(line + 12, "x");
		if (whole <= 1024) {
			assert_int_equal(size, whole);
			assert_memory_equal(
				line + size - strlen(shown) - 1, shown, strlen(shown));
		} else {
			assert_true(size <= 1024);
			assert_true(letters >= 1024 - 12 - 1 - 3 - strlen(shown));
			assert_string_equal(line + 12 + letters, "…\n");
		}
	}
}

static void it_is_cut_in_no_character(void **state)
{
	(void)state;
	cuts_whole("", "");
	cuts_whole("\xe2\x82\xac", "\xe2\x82\xac");
	cuts_whole("\033", "\\x1b");
	cuts_whole("\xe2\x80\xae", "\\xe2\\x80\\xae");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_one_line_that_moves_no_cursor),
		cmocka_unit_test(it_is_cut_in_no_character),
	};

	return cmocka_run_group_tests_name("proc/termination", tests, NULL, NULL);
}
