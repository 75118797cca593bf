/* SPDX-License-Identifier: MIT */
/* Bringing a tree into a directory: what is missing, what differs, what is too much. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs_merge.h"
#include "base/stop.h"

#include "fs_child.h"

enum { MISSING, ALWAYS, MIRROR };

static const struct fs_attr as_directory = {.uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};

struct run {
	int mode;
	const char *const *exclude;
	const char *unless_gone;
	uid_t owner; /* 0: as the directory's */
	struct fs_merged merged;
	struct err err;
};

/* Merges "from" into "to". */
static int merge(struct run *run, enum fs_merge_use use)
{
	struct stop stop = STOP_INIT;
	const struct fs_attr theirs = {.uid = run->owner, .gid = run->owner};
	const struct fs_merge how = {
		.source = in("from"),
		.path = in("to"),
		.replace = run->mode >= ALWAYS,
		.remove = run->mode == MIRROR,
		.exclude = run->exclude,
		.attr = run->owner ? &theirs : &as_directory,
		.unless_gone = run->unless_gone,
		.stop = &stop,
	};

	run->merged = (struct fs_merged)FS_MERGED_INIT;
	run->err = (struct err){0};
	return fs_merge(disk(), &how, use, &run->merged, &run->err);
}

/* Makes it, and returns how many objects were copied. */
static size_t made(struct run *run)
{
	if (merge(run, FS_MERGE_MAKE) < 0)
		fail_msg("%s", run->err.text);
	fs_merged_release(&run->merged);
	return run->merged.copied;
}

static void fails(struct run *run, const char *text)
{
	assert_int_equal(merge(run, FS_MERGE_MAKE), -1);
	fs_merged_release(&run->merged);
	if (!strstr(run->err.text, text))
		fail_msg("'%s' does not say '%s'", run->err.text, text);
}

static void date(const char *name, time_t seconds)
{
	const struct timespec times[2] = {{.tv_sec = seconds}, {.tv_sec = seconds}};

	assert_int_equal(utimensat(AT_FDCWD, in(name), times, AT_SYMLINK_NOFOLLOW), 0);
}

/* Directories "from" with some content, and "to" with none. */
static int setup(void **state)
{
	if (directory_setup(state) < 0)
		return -1;
	make_dir("to", geteuid(), 0755);
	make_dir("from", geteuid(), 0755);
	make_dir("from/sub", geteuid(), 0750);
	put("from/file", "one\n");
	put("from/.hidden", "two\n");
	put("from/sub/deep", "three\n");
	put_link("from/link", "sub/deep", geteuid());
	make_dir("from/sub/empty", geteuid(), 0755);
	return 0;
}

#define MERGE(test) cmocka_unit_test_setup_teardown(test, setup, directory_teardown)

static void copies_a_tree_as_it_is(void **state)
{
	struct run run = {.mode = MISSING};
	char target[16] = "";

	(void)state;
	assert_int_equal(chmod(in("from/file"), 04750), 0);
	date("from/file", 1000);
	date("from/link", 1001);
	date("from/sub", 1002);
	assert_int_equal(made(&run), 6);
	text_is("to/file", "one\n");
	text_is("to/.hidden", "two\n");
	text_is("to/sub/deep", "three\n");
	mode_is("to/file", 0750);
	mode_is("to/sub", 0750);
	assert_true(exists("to/sub/empty"));
	assert_int_equal(readlink(in("to/link"), target, sizeof target - 1), 8);
	assert_string_equal(target, "sub/deep");
	assert_int_equal(stat_of("to/file").st_mtime, 1000);
	assert_int_equal(stat_of("to/link").st_mtime, 1001);
	assert_int_equal(stat_of("to/sub").st_mtime, 1002);
	assert_int_equal(entries("to"), 4);
	assert_int_equal(made(&run), 0);
}

static void gives_copies_to_their_owner(void **state)
{
	struct run run = {.owner = USER_A};

	(void)state;
	NEEDS_ROOT();
	assert_int_equal(made(&run), 6);
	owner_is("to/file", USER_A, USER_A);
	owner_is("to/link", USER_A, USER_A);
	owner_is("to/sub/deep", USER_A, USER_A);
	owner_is("to", 0, 0);
}

static void gives_copies_to_the_owner_of_the_directory(void **state)
{
	struct run run = {0};

	(void)state;
	NEEDS_ROOT();
	assert_int_equal(chown(in("to"), USER_B, USER_B), 0);
	assert_int_equal(made(&run), 6);
	owner_is("to/sub/deep", USER_B, USER_B);
	assert_int_equal(entries("to"), 4);
}

static void keeps_the_group_of_a_volume(void **state)
{
	struct run run = {0};

	(void)state;
	assert_int_equal(chmod(in("to"), 02775), 0);
	assert_int_equal(made(&run), 6);
	mode_is("to/sub", 02750);
	mode_is("to/sub/empty", 02755);
	mode_is("to/file", 0644);
}

static void copies_what_is_missing_alone(void **state)
{
	struct run run = {.mode = MISSING};

	(void)state;
	put("to/file", "mine\n");
	make_dir("to/sub", geteuid(), 0700);
	put("to/sub/other", "");
	put_link("to/link", "elsewhere", geteuid());
	assert_int_equal(made(&run), 3);
	text_is("to/file", "mine\n");
	mode_is("to/sub", 0700);
	text_is("to/sub/deep", "three\n");
	assert_true(exists("to/sub/other"));
}

static void leaves_a_link_where_the_source_has_a_directory(void **state)
{
	struct run run = {.mode = MISSING};

	(void)state;
	make_dir("elsewhere", geteuid(), 0755);
	put_link("to/sub", "../elsewhere", geteuid());
	assert_int_equal(made(&run), 3);
	assert_int_equal(entries("elsewhere"), 0);
}

static void says_which_file_stands_for_a_directory(void **state)
{
	struct run run = {.mode = MISSING};

	(void)state;
	put("to/sub", "a file\n");
	assert_int_equal(merge(&run, FS_MERGE_MAKE), 0);
	assert_non_null(strstr(run.merged.in_the_way.data, "/to/sub'"));
	fs_merged_release(&run.merged);
}

static void replaces_what_differs(void **state)
{
	struct run run = {.mode = ALWAYS};

	(void)state;
	assert_int_equal(made(&run), 6);
	assert_int_equal(made(&run), 0);
	put("to/file", "two\n"); /* of the same size and time */
	date("to/file", 1000);
	date("from/file", 1000);
	assert_int_equal(chmod(in("to/.hidden"), 0600), 0);
	assert_int_equal(chmod(in("to/sub"), 0700), 0);
	assert_int_equal(unlink(in("to/link")), 0);
	put_link("to/link", "sub/else", geteuid());
	assert_int_equal(unlink(in("to/sub/deep")), 0);
	put_link("to/sub/deep", "../file", geteuid());
	put("to/other", "");
	assert_int_equal(made(&run), 5);
	text_is("to/file", "one\n");
	text_is("to/sub/deep", "three\n");
	assert_true(S_ISREG(stat_of("to/sub/deep").st_mode));
	mode_is("to/.hidden", 0644);
	mode_is("to/sub", 0750);
	assert_true(exists("to/other"));
	assert_int_equal(made(&run), 0);
}

static void replaces_no_directory(void **state)
{
	struct run run = {.mode = ALWAYS};

	(void)state;
	make_dir("to/file", geteuid(), 0755);
	fails(&run, "/to/file' is a directory, and a file in");
	assert_int_equal(entries("to"), 1);
	assert_int_equal(rmdir(in("to/file")), 0);
	put("to/sub", "mine\n");
	fails(&run, "/to/sub' is a file, and a directory in");
	text_is("to/sub", "mine\n");
}

static void removes_what_the_source_does_not_have(void **state)
{
	static const char *const exclude[] = {"mine", "sub/kept", NULL};
	struct run run = {.mode = MIRROR, .exclude = exclude};

	(void)state;
	make_dir("to/file", geteuid(), 0755); /* of another type */
	put("to/file/x", "");
	make_dir("to/sub", geteuid(), 0750);
	put("to/sub/kept", "");
	put("to/sub/gone", "");
	put("to/mine", "");
	make_dir("to/lost+found", geteuid(), 0700);
	make_dir("to/old", geteuid(), 0755);
	put("to/old/file", "");
	assert_int_equal(merge(&run, FS_MERGE_LIST), 0);
	assert_int_equal(run.merged.removed, 5);
	assert_non_null(strstr(run.merged.removals.data, "/to/old' (2 objects)"));
	fs_merged_release(&run.merged);
	assert_true(exists("to/old/file"));
	assert_int_equal(made(&run), 5);
	assert_int_equal(run.merged.removed, 5);
	text_is("to/file", "one\n");
	assert_false(exists("to/old"));
	assert_false(exists("to/sub/gone"));
	assert_true(exists("to/sub/kept"));
	assert_true(exists("to/mine"));
	assert_true(exists("to/lost+found"));
	assert_int_equal(made(&run), 0);
}

static void copies_nothing_that_is_excluded(void **state)
{
	static const char *const exclude[] = {".*", "sub/deep", NULL};
	struct run run = {.mode = MIRROR, .exclude = exclude};

	(void)state;
	make_dir("from/.git", geteuid(), 0755);
	make_dir("from/sub/.git", geteuid(), 0755);
	assert_int_equal(made(&run), 4);
	assert_int_equal(entries("to"), 3);
	assert_int_equal(entries("to/sub"), 1);
}

static void finds_and_lists_without_writing(void **state)
{
	struct run run = {.mode = MISSING};

	(void)state;
	put("to/file", "");
	assert_int_equal(merge(&run, FS_MERGE_FIND), 0);
	assert_int_equal(run.merged.copied, 1);
	fs_merged_release(&run.merged);
	assert_int_equal(merge(&run, FS_MERGE_LIST), 0);
	assert_int_equal(run.merged.copied, 3);
	assert_non_null(strstr(run.merged.first.data, "'.hidden'"));
	assert_non_null(strstr(run.merged.first.data, "'sub'"));
	fs_merged_release(&run.merged);
	assert_int_equal(entries("to"), 1);
}

static int merge_with_mounts(void)
{
	struct run run = {.mode = MIRROR};

	MUST(own_mounts());
	if (mount("none", in("to/sub"), "tmpfs", 0, "size=64k") < 0 ||
		mount("none", in("to/volume"), "tmpfs", 0, "size=64k") < 0 ||
		mount(in("elsewhere"), in("to/file"), NULL, MS_BIND, NULL) < 0)
		return SKIPPED;
	put("to/sub/own", "");
	put("to/volume/own", "");
	REQUIRE(merge(&run, FS_MERGE_MAKE) == 0);
	REQUIRE(run.merged.copied == 2 && run.merged.removed == 0);
	REQUIRE(exists("to/sub/own") && !exists("to/sub/deep"));
	REQUIRE(exists("to/volume/own"));
	REQUIRE(stat_of("elsewhere").st_size == 0);
	return 0;
}

static void enters_and_removes_no_mount(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("to/sub", 0, 0755);
	make_dir("to/volume", 0, 0755);
	put("to/file", "");
	put("elsewhere", "");
	CHILD_OR_SKIP(merge_with_mounts, "no mounts here");
}

static void refuses_one_in_the_other(void **state)
{
	struct stop stop = STOP_INIT;
	struct fs_merged merged = FS_MERGED_INIT;
	struct fs_merge how = {.attr = &as_directory, .stop = &stop};
	DECLARE_ERR(err);

	(void)state;
	put_link("alias", "from/sub", geteuid());
	for (int i = 0; i < 3; i++) {
		how.source = in(i == 0 ? "from" : "from/sub");
		how.path = in(i == 0 ? "from/sub" : i == 1 ? "from" : "alias/empty");
		assert_int_equal(
			fs_merge(disk(), &how, FS_MERGE_MAKE, &merged, &err), -1);
		assert_non_null(strstr(err.text, "one of them is in the other"));
	}
	assert_int_equal(entries("from/sub"), 2);
}

static void leaves_nothing_where_it_fails(void **state)
{
	struct run run = {.mode = MISSING};

	(void)state;
	assert_int_equal(mkfifo(in("from/sub/pipe"), 0600), 0);
	fails(&run, "/from/sub/pipe' is a pipe, which cannot be copied");
	assert_int_equal(entries("to"), 0);
}

static int fail_to_flush(void)
{
	struct run run = {.mode = MISSING};

	MUST(deny(SYS_syncfs, EIO));
	REQUIRE(merge(&run, FS_MERGE_MAKE) == -1 && run.err.code == EIO);
	return 0;
}

static void publishes_nothing_that_is_not_flushed(void **state)
{
	(void)state;
	CHILD_OR_SKIP(fail_to_flush, "no seccomp here");
	assert_int_equal(entries("to"), 0);
}

static void sweeps_what_a_killed_one_has_left(void **state)
{
	struct run run = {.mode = MIRROR};

	(void)state;
	make_dir("to/.private.groundwork-1abcde", geteuid(), 0700);
	make_dir("to/.private.groundwork-1abcde/.sub.groundwork-2abcde", geteuid(), 0750);
	put("to/.private.groundwork-1abcde/.sub.groundwork-2abcde/deep", "thr");
	age("to/.private.groundwork-1abcde", 7200);
	assert_int_equal(made(&run), 6);
	assert_int_equal(run.merged.removed, 0);
	assert_int_equal(entries("to"), 4);
}

static void publishes_nothing_once_another_has_ended(void **state)
{
	struct run run = {.mode = MISSING, .unless_gone = ".filling"};

	(void)state;
	assert_int_equal(made(&run), 0);
	assert_int_equal(entries("to"), 0);
	put("to/.filling", "");
	assert_int_equal(made(&run), 6);
	assert_int_equal(entries("to"), 5);
}

/* ---- by the rules of reading ---- */

static void copies_of_a_user_what_is_the_users_alone(void **state)
{
	struct run run = {.mode = MISSING};

	(void)state;
	NEEDS_ROOT();
	assert_int_equal(chown(in("from"), USER_A, USER_A), 0);
	assert_int_equal(chmod(in("from/sub"), 0755), 0);
	assert_int_equal(made(&run), 6); /* root's, and open to all */
	put("from/secret", "");
	assert_int_equal(chmod(in("from/secret"), 0600), 0);
	fails(&run, "/from/secret' belongs to user 0, not to user 10001");
	assert_int_equal(chown(in("from/secret"), USER_A, USER_A), 0);
	put("secret", "");
	assert_int_equal(chmod(in("secret"), 0600), 0);
	assert_int_equal(chown(in("secret"), USER_A, USER_A), 0);
	assert_int_equal(link(in("secret"), in("from/linked")), 0);
	fails(&run, "/from/linked' has 2 hard links");
	assert_int_equal(unlink(in("from/linked")), 0);
	assert_int_equal(made(&run), 1);
}

static void copies_of_a_shared_directory_what_is_open_or_ours(void **state)
{
	struct run run = {.mode = MISSING};

	(void)state;
	NEEDS_ROOT();
	assert_int_equal(chmod(in("from"), 0777), 0);
	assert_int_equal(chmod(in("from/file"), 0600), 0);
	assert_int_equal(made(&run), 6);
	put("from/secret", "");
	assert_int_equal(chmod(in("from/secret"), 0600), 0);
	assert_int_equal(chown(in("from/secret"), USER_A, USER_A), 0);
	fails(&run, "lies where others may put what they like");
	assert_int_equal(unlink(in("from/secret")), 0);
	put("secret", "");
	assert_int_equal(chmod(in("secret"), 0600), 0);
	assert_int_equal(link(in("secret"), in("from/linked")), 0);
	fails(&run, "lies where others may put what they like");
	assert_false(exists("to/linked"));
}

static void reads_nothing_closed_behind_a_users_link(void **state)
{
	struct run run = {.mode = MISSING};

	(void)state;
	NEEDS_ROOT();
	assert_int_equal(rename(in("from"), in("roots")), 0);
	put("roots/secret", "");
	assert_int_equal(chmod(in("roots/secret"), 0600), 0);
	put_link("from", "roots", USER_A);
	fails(&run, "/from/");
	assert_int_equal(entries("to"), 0);
}

/* A walk follows links of root's. */
static void makes_no_link_of_a_users_to_roots(void **state)
{
	struct run run = {.mode = MISSING};

	(void)state;
	NEEDS_ROOT();
	assert_int_equal(chmod(in("from/sub"), 0755), 0);
	put_link("from/theirs", "/etc", USER_A);
	assert_int_equal(made(&run), 7);
	owner_is("to/theirs", USER_A, USER_A);
	owner_is("to/link", 0, 0);
	put_link("from/second", "/etc", USER_A);
	put_link("from/chosen", "/etc", 0);
	assert_int_equal(chown(in("from"), USER_A, USER_A), 0);
	assert_int_equal(made(&run), 2);
	owner_is("to/second", USER_A, USER_A);
	owner_is("to/chosen", USER_A, 0);
	assert_int_equal(chown(in("from"), 0, 0), 0);
	assert_int_equal(chmod(in("from"), 0777), 0);
	put_link("from/third", "/etc", USER_A);
	put_link("from/roots", "/etc", 0);
	assert_int_equal(made(&run), 2);
	owner_is("to/third", USER_A, USER_A);
	owner_is("to/roots", 0, 0);
	put_link("etc", "/etc", 0);
	assert_int_equal(linkat(AT_FDCWD, in("etc"), AT_FDCWD, in("from/linked"), 0), 0);
	fails(&run, "/from/linked' lies where others may put what they like");
}

static void replaces_no_file_of_a_stranger(void **state)
{
	struct run run = {.mode = ALWAYS};

	(void)state;
	NEEDS_ROOT();
	assert_int_equal(chmod(in("to"), 01777), 0);
	put("to/file", "theirs\n");
	assert_int_equal(chown(in("to/file"), USER_B, USER_B), 0);
	fails(&run, "another user may have put it there");
	text_is("to/file", "theirs\n");
	assert_int_equal(entries("to"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		MERGE(copies_a_tree_as_it_is),
		MERGE(gives_copies_to_their_owner),
		MERGE(gives_copies_to_the_owner_of_the_directory),
		MERGE(keeps_the_group_of_a_volume),
		MERGE(copies_what_is_missing_alone),
		MERGE(leaves_a_link_where_the_source_has_a_directory),
		MERGE(says_which_file_stands_for_a_directory),
		MERGE(replaces_what_differs),
		MERGE(replaces_no_directory),
		MERGE(removes_what_the_source_does_not_have),
		MERGE(copies_nothing_that_is_excluded),
		MERGE(finds_and_lists_without_writing),
		MERGE(enters_and_removes_no_mount),
		MERGE(refuses_one_in_the_other),
		MERGE(leaves_nothing_where_it_fails),
		MERGE(publishes_nothing_that_is_not_flushed),
		MERGE(sweeps_what_a_killed_one_has_left),
		MERGE(publishes_nothing_once_another_has_ended),
		MERGE(copies_of_a_user_what_is_the_users_alone),
		MERGE(copies_of_a_shared_directory_what_is_open_or_ours),
		MERGE(reads_nothing_closed_behind_a_users_link),
		MERGE(makes_no_link_of_a_users_to_roots),
		MERGE(replaces_no_file_of_a_stranger),
	};

	return cmocka_run_group_tests_name("base/fs_merge", tests, NULL, NULL);
}
