/* SPDX-License-Identifier: MIT */
/* Giving a whole tree to its owner, and nothing that is not in it. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/stop.h"

#include "fs_child.h"

static int tree_owner(const char *name, uid_t uid, gid_t gid, bool change, size_t *count,
	struct err *err)
{
	struct stop stop = STOP_INIT;

	return fs_tree_owner(disk(), in(name), uid, gid, change, &stop, count, err);
}

static size_t count_foreign(const char *name, bool change)
{
	DECLARE_ERR(err);
	size_t count = 4711;

	if (tree_owner(name, USER_A, USER_A, change, &count, &err) < 0)
		fail_msg("%s", err.text);
	return count;
}

static void gives_all_that_is_in_it(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("tree", 0, 0755);
	make_dir("tree/sub", USER_A, 0755);
	make_dir("tree/sub/deep", 0, 0700);
	put("tree/sub/deep/file", "");
	put("outside", "");
	put_link("tree/link", "../outside", 0);
	assert_int_equal(mkfifo(in("tree/pipe"), 0600), 0);
	assert_int_equal(count_foreign("tree", false), 5);
	owner_is("tree/link", 0, 0);
	assert_int_equal(count_foreign("tree", true), 5);
	owner_is("tree", USER_A, USER_A);
	owner_is("tree/sub/deep/file", USER_A, USER_A);
	owner_is("tree/link", USER_A, USER_A);
	owner_is("tree/pipe", USER_A, USER_A);
	owner_is("outside", 0, 0);
	assert_int_equal(count_foreign("tree", true), 0);
}

static void leaves_files_with_other_names(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("tree", USER_A, 0755);
	put("secret", "");
	assert_int_equal(link(in("secret"), in("tree/file")), 0);
	assert_int_equal(count_foreign("tree", true), 0);
	owner_is("secret", 0, 0);
}

static void changes_what_was_asked_alone(void **state)
{
	DECLARE_ERR(err);
	size_t count;

	(void)state;
	NEEDS_ROOT();
	make_dir("tree", USER_B, 0755);
	assert_int_equal(tree_owner("tree", FS_INHERIT, USER_A, true, &count, &err), 0);
	assert_int_equal(count, 1);
	owner_is("tree", USER_B, USER_A);
	assert_int_equal(tree_owner("tree", 0, (gid_t)FS_INHERIT, true, &count, &err), 0);
	owner_is("tree", 0, USER_A);
	assert_int_equal(
		tree_owner("tree", FS_INHERIT, (gid_t)FS_INHERIT, true, &count, &err), 0);
	assert_int_equal(count, 0);
}

static int give_with_a_mount(void)
{
	MUST(own_mounts());
	if (mount("none", in("tree/disk"), "tmpfs", 0, "size=64k") < 0)
		return SKIPPED;
	put("tree/disk/file", "");
	REQUIRE(count_foreign("tree", true) == 1);
	owner_is("tree/disk/file", 0, 0);
	return 0;
}

static void stays_on_one_file_system(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("tree", 0, 0755);
	make_dir("tree/disk", 0, 0755);
	CHILD_OR_SKIP(give_with_a_mount, "no mounts here");
}

static void says_what_is_no_tree(void **state)
{
	DECLARE_ERR(err);
	size_t count = 4711;

	(void)state;
	assert_int_equal(tree_owner("gone", 1, 1, true, &count, &err), -1);
	assert_int_equal(err.code, ENOENT);
	put("file", "");
	assert_int_equal(tree_owner("file", 1, 1, true, &count, &err), -1);
	put_link("link", ".", 0);
	assert_int_equal(tree_owner("link", 1, 1, true, &count, &err), -1);
	assert_int_equal(count, 4711);
}

static void ends_at_its_deadline(void **state)
{
	struct stop stop = {.fd = -1, .deadline_ms = 1};
	DECLARE_ERR(err);
	size_t count = 4711;

	(void)state;
	make_dir("tree", 0, 0755);
	put("tree/file", "");
	assert_int_equal(
		fs_tree_owner(disk(), in("tree"), 1, 1, false, &stop, &count, &err), -1);
	assert_non_null(strstr(err.text, "deadline"));
	assert_int_equal(count, 4711);
}

static void has_a_limit_to_its_depth(void **state)
{
	CLEANUP_BUF struct buf path = BUF_INIT;
	DECLARE_ERR(err);
	size_t count;

	(void)state;
	buf_puts(&path, in("tree"));
	assert_int_equal(mkdir(path.data, 0755), 0);
	for (int i = 0; i < 256; i++) {
		buf_puts(&path, "/d");
		assert_int_equal(mkdir(path.data, 0755), 0);
	}
	assert_int_equal(
		tree_owner("tree", geteuid(), getegid(), false, &count, &err), 0);
	buf_puts(&path, "/d");
	assert_int_equal(mkdir(path.data, 0755), 0);
	assert_int_equal(
		tree_owner("tree", geteuid(), getegid(), false, &count, &err), -1);
	assert_non_null(strstr(err.text, "deeper than 256 directories"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(gives_all_that_is_in_it),
		UNIT(leaves_files_with_other_names),
		UNIT(changes_what_was_asked_alone),
		UNIT(stays_on_one_file_system),
		UNIT(says_what_is_no_tree),
		UNIT(ends_at_its_deadline),
		UNIT(has_a_limit_to_its_depth),
	};

	return cmocka_run_group_tests_name("base/fs_tree", tests, NULL, NULL);
}
