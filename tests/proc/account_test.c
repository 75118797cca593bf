/* SPDX-License-Identifier: MIT */
/* The texts of /etc/passwd and /etc/group, and an account's entry in them. */
#include "../unit.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "proc/account.h"

static const struct account git = {"git", "/data/git", 1234, 1235};

/* Edits `text`. Returns what account_edit() does; on success `want` is the outcome. */
static int edit(enum account_file file, const char *text, const char *want)
{
	CLEANUP_BUF struct buf before = BUF_INIT;
	CLEANUP_BUF struct buf after = BUF_INIT;
	DECLARE_ERR(err);
	int rc;

	buf_puts(&before, text);
	rc = account_edit(file, &before, &git, &after, &err);
	if (rc >= 0) {
		buf_putc(&after, '\0');
		assert_string_equal(after.data, want);
	}
	return rc;
}

static void an_entry_keeps_what_is_not_ours(void **state)
{
	(void)state;
	assert_int_equal(edit(ACCOUNT_PASSWD, "a:b\ngit:p:1:2:G:/h:/s\r\n\n#git:x\nz",
				 "a:b\ngit:p:1234:1235:G:/data/git:/s\r\n\n#git:x\nz"),
		1);
	assert_int_equal(edit(ACCOUNT_PASSWD, "git:::::::", ""), -1);
	assert_int_equal(
		edit(ACCOUNT_PASSWD, "git::::::", "git::1234:1235::/data/git:"), 1);
	assert_int_equal(edit(ACCOUNT_GROUP, "git:x:5:a,b", "git:x:1235:a,b"), 1);
	assert_int_equal(edit(ACCOUNT_GROUP, "git:x:1235:a,b\n", "git:x:1235:a,b\n"), 0);
}

static void a_new_entry_is_a_whole_line_before_those_of_nis(void **state)
{
	(void)state;
	assert_int_equal(edit(ACCOUNT_GROUP, "", "git:x:1235:\n"), 1);
	assert_int_equal(
		edit(ACCOUNT_GROUP, "gitea:x:1:", "gitea:x:1:\ngit:x:1235:\n"), 1);
	assert_int_equal(
		edit(ACCOUNT_GROUP, "a:x:1:\n-b\n+\n", "a:x:1:\ngit:x:1235:\n-b\n+\n"),
		1);
	/* One that is there stays where it is. */
	assert_int_equal(edit(ACCOUNT_GROUP, "+\ngit:x:1:\n", "+\ngit:x:1235:\n"), 1);
}

static void what_would_have_to_be_guessed_is_refused(void **state)
{
	(void)state;
	assert_int_equal(edit(ACCOUNT_GROUP, "git:x:1\n", ""), -1);
	assert_int_equal(edit(ACCOUNT_GROUP, "git:x:1:a:b\n", ""), -1);
	assert_int_equal(edit(ACCOUNT_GROUP, "git:x:1:\ngit:x:1:\n", ""), -1);
	assert_int_equal(edit(ACCOUNT_GROUP, "git:x:0:\n", ""), -1);
	assert_int_equal(edit(ACCOUNT_GROUP, "git:x:000:\n", ""), -1);
}

static void a_specification(void **state)
{
	static const char *const wrong[] = {"", "git", ":", "git:", ":/d", "git:d",
		"g t:/", "git:/d:/bin/sh", "root:/root", "1git:/d", "git:/d\n",
		"git:/d\x7f"};
	struct arena arena = {0};
	struct account entry;
	DECLARE_ERR(err);

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		assert_int_equal(account_parse(wrong[i], &arena, &entry, &err), -1);
	assert_int_equal(account_parse("_g.i-t:/", &arena, &entry, &err), 0);
	assert_string_equal(entry.name, "_g.i-t");
	assert_string_equal(entry.home, "/");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_keeps_what_is_not_ours),
		cmocka_unit_test(a_new_entry_is_a_whole_line_before_those_of_nis),
		cmocka_unit_test(what_would_have_to_be_guessed_is_refused),
		cmocka_unit_test(a_specification),
	};

	return cmocka_run_group_tests_name("proc/account", tests, NULL, NULL);
}
