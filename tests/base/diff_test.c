/* SPDX-License-Identifier: MIT */
/* Unified differences. */
#include <stdlib.h>
#include <string.h>

#include "../unit.h"
#include "base/buf.h"
#include "base/diff.h"

static void diff(
	const char *before, const char *after, const char *hidden, struct buf *ret)
{
	struct diff_text old = {"old", before, strlen(before)};
	struct diff_text new = {"new", after, strlen(after)};

	diff_unified(&old, &new, hidden, ret);
}

static void is(const char *before, const char *after, const char *expected)
{
	CLEANUP_BUF struct buf got = BUF_INIT;

	diff(before, after, NULL, &got);
	assert_string_equal(got.len ? got.data : "", expected);
}

#define HEAD "--- old\n+++ new\n"

static void lines_that_differ_are_shown_with_three_around(void **state)
{
	(void)state;
	is("", "", "");
	is("a\nb\n", "a\nb\n", "");
	is("", "a\nb\n", HEAD "@@ -0,0 +1,2 @@\n+a\n+b\n");
	is("a\n", "", HEAD "@@ -1 +0,0 @@\n-a\n");
	is("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
		HEAD "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
	is("a\nb\nc\n", "a\nc\n", HEAD "@@ -1,3 +1,2 @@\n a\n-b\n c\n");
}

static void changes_far_apart_are_hunks_of_their_own(void **state)
{
	(void)state;
	is("a\n1\n2\n3\n4\n5\n6\nb\n", "A\n1\n2\n3\n4\n5\n6\nB\n",
		HEAD "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n");
	is("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "A\n1\n2\n3\n4\n5\n6\n7\nB\n",
		HEAD "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
		     "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n");
}

static void a_missing_newline_is_shown(void **state)
{
	(void)state;
	is("a", "a\n", HEAD "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
	is("a\nb", "A\nb",
		HEAD "@@ -1,2 +1,2 @@\n-a\n+A\n b\n\\ No newline at end of file\n");
}

static void removed_lines_may_be_hidden(void **state)
{
	CLEANUP_BUF struct buf got = BUF_INIT;

	(void)state;
	diff("a\nold secret\n", "a\nnew\n", "***", &got);
	assert_string_equal(got.data, HEAD "@@ -1,2 +1,2 @@\n a\n-***\n+new\n");
}

static void too_many_edits_are_a_replacement(void **state)
{
	CLEANUP_BUF struct buf before = BUF_INIT;
	CLEANUP_BUF struct buf after = BUF_INIT;
	CLEANUP_BUF struct buf got = BUF_INIT;

	(void)state;
	for (int i = 0; i < DIFF_EDITS_MAX; i++) {
		buf_printf(&before, "same %d\nold %d\n", i, i);
		buf_printf(&after, "same %d\nnew %d\n", i, i);
	}
	diff(before.data, after.data, NULL, &got);
	assert_non_null(strstr(got.data, "@@ -1,1024 +1,1024 @@\n same 0\n-old 0\n"));
	assert_non_null(strstr(got.data, "-old 511\n+new 0\n"));
}

/* What patch(1) would do with it. */
static void apply(const char *patch, const char *before, struct buf *ret)
{
	const char *line = strchr(strchr(patch, '\n') + 1, '\n') + 1;
	size_t at = 1, begin;

	for (const char *end; (end = strchr(line, '\n')); line = end + 1) {
		if (line[0] == '@') {
			begin = strtoul(line + 4, NULL, 10);
			begin += strchr(line, ',') == line + 5 && line[6] == '0';
			for (; at < begin; at++) {
				size_t size = strcspn(before, "\n") + 1;

				buf_add(ret, before, size);
				before += size;
			}
			continue;
		}
		if (line[0] != '+') {
			before += strcspn(before, "\n") + 1;
			at++;
		}
		if (line[0] != '-')
			buf_add(ret, line + 1, (size_t)(end - line));
	}
	buf_puts(ret, before);
}

static void what_it_says_makes_the_one_of_the_other(void **state)
{
	unsigned long chance = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		CLEANUP_BUF struct buf before = BUF_INIT;
		CLEANUP_BUF struct buf after = BUF_INIT;
		CLEANUP_BUF struct buf patch = BUF_INIT;
		CLEANUP_BUF struct buf made = BUF_INIT;

		for (int i = 0; i < 40; i++) {
			chance = chance * 6364136223846793005UL + 1442695040888963407UL;
			buf_printf(i % 2 ? &before : &after, "%c\n",
				(int)('a' + (chance >> 60)));
		}
		diff(before.data, after.data, NULL, &patch);
		if (!patch.len)
			continue;
		apply(patch.data, before.data, &made);
		assert_string_equal(made.data, after.data);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_that_differ_are_shown_with_three_around),
		cmocka_unit_test(changes_far_apart_are_hunks_of_their_own),
		cmocka_unit_test(a_missing_newline_is_shown),
		cmocka_unit_test(removed_lines_may_be_hidden),
		cmocka_unit_test(too_many_edits_are_a_replacement),
		cmocka_unit_test(what_it_says_makes_the_one_of_the_other),
	};

	return cmocka_run_group_tests_name("base/diff", tests, NULL, NULL);
}
