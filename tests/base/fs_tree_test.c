/* SPDX-License-Identifier: MIT */
/* Giving a whole tree to its owner, and nothing that is not in it. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs_tree.h"
#include "base/stop.h"

#include "fs_child.h"

static int tree_owner(const char *name, uid_t uid, gid_t gid, enum fs_tree_use use,
	size_t *count, struct err *err)
{
	struct stop stop = STOP_INIT;
	const struct fs_tree what = {.uid = uid, .gid = gid, .use = use, .stop = &stop};

	return fs_tree_owner(disk(), in(name), &what, count, err);
}

static size_t count_foreign(const char *name, enum fs_tree_use use)
{
	DECLARE_ERR(err);
	size_t count = 4711;

	if (tree_owner(name, USER_A, USER_A, use, &count, &err) < 0)
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
	assert_int_equal(count_foreign("tree", FS_TREE_COUNT), 5);
	owner_is("tree/link", 0, 0);
	assert_int_equal(count_foreign("tree", FS_TREE_GIVE), 5);
	owner_is("tree", USER_A, USER_A);
	owner_is("tree/sub/deep/file", USER_A, USER_A);
	owner_is("tree/link", USER_A, USER_A);
	owner_is("tree/pipe", USER_A, USER_A);
	owner_is("outside", 0, 0);
	assert_int_equal(count_foreign("tree", FS_TREE_GIVE), 0);
}

static void leaves_files_with_other_names(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("tree", USER_A, 0755);
	make_dir("tree/roots", 0, 0755);
	put("secret", "");
	assert_int_equal(link(in("secret"), in("tree/file")), 0);
	assert_int_equal(link(in("secret"), in("tree/roots/file")), 0);
	assert_int_equal(count_foreign("tree", FS_TREE_GIVE), 1);
	owner_is("secret", 0, 0);
}

static void finds_the_first_alone(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("tree", USER_A, 0755);
	assert_int_equal(count_foreign("tree", FS_TREE_FIND), 0);
	put("tree/one", "");
	put("tree/two", "");
	assert_int_equal(count_foreign("tree", FS_TREE_FIND), 1);
	owner_is("tree/one", 0, 0);
	owner_is("tree/two", 0, 0);
}

static void gives_what_others_may_exchange(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("tree", USER_B, 0777);
	make_dir("tree/sub", USER_B, 0755);
	put("tree/file", "");
	put("tree/sub/file", "");
	put_link("tree/link", "../outside", 0);
	put("outside", "");
	assert_int_equal(count_foreign("tree", FS_TREE_GIVE), 5);
	owner_is("tree/file", USER_A, USER_A);
	owner_is("tree/sub/file", USER_A, USER_A);
	owner_is("tree/link", USER_A, USER_A);
	owner_is("outside", 0, 0);
}

static void leaves_what_is_excluded(void **state)
{
	static const char *const exclude[] = {".snapshot", "sub/x*", NULL};
	struct stop stop = STOP_INIT;
	const struct fs_tree what = {
		.uid = USER_A,
		.gid = USER_A,
		.use = FS_TREE_GIVE,
		.exclude = exclude,
		.stop = &stop,
	};
	DECLARE_ERR(err);
	size_t count;

	(void)state;
	NEEDS_ROOT();
	make_dir("tree", 0, 0755);
	put("tree/.snapshot/file", "");
	put("tree/sub/xfile", "");
	put("tree/sub/.snapshot/file", "");
	put("tree/xfile", "");
	assert_int_equal(fs_tree_owner(disk(), in("tree"), &what, &count, &err), 0);
	assert_int_equal(count, 3);
	owner_is("tree/.snapshot/file", 0, 0);
	owner_is("tree/sub/.snapshot", 0, 0);
	owner_is("tree/sub/xfile", 0, 0);
	owner_is("tree/xfile", USER_A, USER_A);
	owner_is("tree/sub", USER_A, USER_A);
}

static int give_without_chown(void)
{
	DECLARE_ERR(err);
	size_t count = 4711;

	MUST(deny(SYS_fchownat, EPERM));
	REQUIRE(tree_owner("open", USER_A, USER_A, FS_TREE_GIVE, &count, &err) == 0);
	REQUIRE(count == 0);
	REQUIRE(tree_owner("closed", USER_A, USER_A, FS_TREE_GIVE, &count, &err) == -1);
	REQUIRE(strstr(err.text, in("closed/sub/file")));
	REQUIRE(strstr(err.text, "belongs to 0:0 with mode 0600"));
	return 0;
}

static void passes_over_what_may_not_be_changed_and_can_be_used(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("open", 0, 0755);
	put("open/sub/file", "");
	put_link("open/sub/link", "nowhere", 0);
	make_dir("closed", 0, 0755);
	put("closed/sub/file", "");
	assert_int_equal(chmod(in("closed/sub/file"), 0600), 0);
	CHILD_OR_SKIP(give_without_chown, "no seccomp here");
}

static void changes_what_was_asked_alone(void **state)
{
	DECLARE_ERR(err);
	size_t count;

	(void)state;
	NEEDS_ROOT();
	make_dir("tree", USER_B, 0755);
	assert_int_equal(
		tree_owner("tree", FS_INHERIT, USER_A, FS_TREE_GIVE, &count, &err), 0);
	assert_int_equal(count, 1);
	owner_is("tree", USER_B, USER_A);
	assert_int_equal(
		tree_owner("tree", 0, (gid_t)FS_INHERIT, FS_TREE_GIVE, &count, &err), 0);
	owner_is("tree", 0, USER_A);
	assert_int_equal(tree_owner("tree", FS_INHERIT, (gid_t)FS_INHERIT, FS_TREE_GIVE,
				 &count, &err),
		0);
	assert_int_equal(count, 0);
}

static int give_with_a_mount(void)
{
	MUST(own_mounts());
	if (mount("none", in("tree/disk"), "tmpfs", 0, "size=64k") < 0)
		return SKIPPED;
	put("tree/disk/file", "");
	REQUIRE(count_foreign("tree", FS_TREE_GIVE) == 1);
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
	assert_int_equal(tree_owner("gone", 1, 1, FS_TREE_GIVE, &count, &err), -1);
	assert_int_equal(err.code, ENOENT);
	put("file", "");
	assert_int_equal(tree_owner("file", 1, 1, FS_TREE_GIVE, &count, &err), -1);
	put_link("link", ".", 0);
	assert_int_equal(tree_owner("link", 1, 1, FS_TREE_GIVE, &count, &err), -1);
	assert_int_equal(count, 4711);
}

static void ends_at_its_deadline(void **state)
{
	struct stop stop = {.fd = -1, .deadline_ms = 1};
	const struct fs_tree what = {.uid = 1, .gid = 1, .stop = &stop};
	DECLARE_ERR(err);
	size_t count = 4711;

	(void)state;
	make_dir("tree", 0, 0755);
	put("tree/file", "");
	assert_int_equal(fs_tree_owner(disk(), in("tree"), &what, &count, &err), -1);
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
		tree_owner("tree", geteuid(), getegid(), FS_TREE_COUNT, &count, &err), 0);
	buf_puts(&path, "/d");
	assert_int_equal(mkdir(path.data, 0755), 0);
	assert_int_equal(
		tree_owner("tree", geteuid(), getegid(), FS_TREE_COUNT, &count, &err),
		-1);
	assert_non_null(strstr(err.text, "deeper than 256 directories"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(gives_all_that_is_in_it),
		UNIT(leaves_files_with_other_names),
		UNIT(finds_the_first_alone),
		UNIT(gives_what_others_may_exchange),
		UNIT(leaves_what_is_excluded),
		UNIT(passes_over_what_may_not_be_changed_and_can_be_used),
		UNIT(changes_what_was_asked_alone),
		UNIT(stays_on_one_file_system),
		UNIT(says_what_is_no_tree),
		UNIT(ends_at_its_deadline),
		UNIT(has_a_limit_to_its_depth),
	};

	return cmocka_run_group_tests_name("base/fs_tree", tests, NULL, NULL);
}
