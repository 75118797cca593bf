/* SPDX-License-Identifier: MIT */
/* The comments between two tokens. */
#include "../unit.h"
#include "base/buf.h"
#include "migration/comment.h"

/* Each as "line[text]", and with a '+' if there is something else on its lines. */
static void expect(const char *text, const char *wanted)
{
	struct comment comment = {.next_line = 1};
	struct buf got = BUF_INIT;

	while (comment_next(text, strlen(text), &comment))
		buf_printf(&got, "%d[%.*s]%s", comment.line, (int)comment.size,
			comment.text, comment.whole ? "" : "+");
	assert_string_equal(got.data, wanted);
	buf_release(&got);
}

static void lines(void **state)
{
	(void)state;
	expect("", "");
	expect(" \n\t\n", "");
	expect("--", "1[]");
	expect("-- a\n\n \t-- b\n", "1[ a]3[ b]");
	expect("-- a /* b\n-- */", "1[ a /* b]2[ */]");
}

static void blocks(void **state)
{
	(void)state;
	expect("/**/", "1[]");
	expect("/* a\n-- b */\n/* c */ -- d", "1[ a\n-- b ]3[ c ]+3[ d]+");
	expect("/* a */ \r\n", "1[ a ]");
	expect("\n/* a", "2[ a]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines),
		cmocka_unit_test(blocks),
	};

	return cmocka_run_group_tests_name("migration/comment", tests, NULL, NULL);
}
