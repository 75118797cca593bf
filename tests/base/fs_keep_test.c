/* SPDX-License-Identifier: MIT */
/* Paths in a row: the last directory is kept, and only as long as it is the right one. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs_keep.h"

#include "fs_child.h"

static int walk(struct fs *fs, const char *name, struct fs_entry *ret)
{
	DECLARE_ERR(err);
	int rc = fs_walk(fs, in(name), ret, &err);

	return rc < 0 && err.code ? -err.code : rc;
}

/* Does the walk end in the directory that has this name now? */
static bool ends_in(struct fs *fs, const char *name, const char *dir)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat got;

	return walk(fs, name, &entry) == 0 && fstat(entry.dirfd, &got) == 0 &&
		got.st_ino == stat_of(dir).st_ino &&
		strcmp(entry.name, strrchr(name, '/') + 1) == 0;
}

static struct fs *keeping(void)
{
	struct fs *fs = disk();

	fs_keep(fs);
	return fs;
}

static int walk_without_opening(void)
{
	struct fs *fs = keeping();

	REQUIRE(ends_in(fs, "a/b/one", "a/b"));
	MUST(deny(SYS_openat, EIO));
	REQUIRE(ends_in(fs, "a/b/two", "a/b"));
	REQUIRE(!ends_in(fs, "a/c/three", "a/c"));
	return 0;
}

static void begins_where_the_last_walk_ended(void **state)
{
	(void)state;
	make_dir("a", 0, 0755);
	make_dir("a/b", 0, 0755);
	make_dir("a/c", 0, 0755);
	CHILD_OR_SKIP(walk_without_opening, "no seccomp here");
}

static void follows_a_path_that_leads_elsewhere(void **state)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct fs *fs = keeping();

	(void)state;
	make_dir("a", 0, 0755);
	make_dir("a/b", 0, 0755);
	assert_true(ends_in(fs, "a/b/one", "a/b"));
	assert_int_equal(rename(in("a/b"), in("a/c")), 0);
	assert_int_equal(walk(fs, "a/b/two", &entry), 1);
	make_dir("a/b", 0, 0755);
	assert_true(ends_in(fs, "a/b/two", "a/b"));
	assert_true(ends_in(fs, "a/c/one", "a/c"));
	fs_end(fs);
}

static void asks_again_once_a_directory_is_given_away(void **state)
{
	CLEANUP_ENTRY struct fs_entry before = FS_ENTRY_INIT, after = FS_ENTRY_INIT;
	struct fs *fs = keeping();

	(void)state;
	NEEDS_ROOT();
	make_dir("a", 0, 0755);
	assert_int_equal(walk(fs, "a/one", &before), 0);
	assert_int_equal(before.hold.by, FS_NOBODY);
	assert_int_equal(chown(in("a"), USER_A, USER_A), 0);
	assert_int_equal(walk(fs, "a/two", &after), 0);
	assert_int_equal(after.hold.by, FS_SOMEBODY);
	assert_int_equal(after.dir_owner, USER_A);
	fs_end(fs);
}

static void asks_again_once_a_directory_is_opened_to_others(void **state)
{
	CLEANUP_ENTRY struct fs_entry before = FS_ENTRY_INIT, after = FS_ENTRY_INIT;
	struct fs *fs = keeping();

	(void)state;
	NEEDS_ROOT();
	make_dir("a", 0, 0755);
	assert_int_equal(walk(fs, "a/one", &before), 0);
	assert_int_equal(before.hold.by, FS_NOBODY);
	assert_int_equal(chmod(in("a"), 0777), 0);
	assert_int_equal(walk(fs, "a/two", &after), 0);
	assert_int_equal(after.hold.by, FS_ANYONE);
	fs_end(fs);
}

static void asks_again_for_another_owner(void **state)
{
	CLEANUP_ENTRY struct fs_entry before = FS_ENTRY_INIT, after = FS_ENTRY_INIT;
	struct fs *fs = keeping();

	(void)state;
	NEEDS_ROOT();
	make_dir("shared", USER_B, 0777);
	make_dir("shared/a", USER_A, 0755);
	fs->owner = USER_A;
	assert_int_equal(walk(fs, "shared/a/one", &before), 0);
	fs->owner = FS_INHERIT;
	assert_int_equal(walk(fs, "shared/a/two", &after), -ELOOP);
	fs_end(fs);
}

static void refuses_what_a_walk_refuses(void **state)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct fs *fs = keeping();
	char name[300] = "a/";

	(void)state;
	make_dir("a", 0, 0755);
	memset(name + 2, 'x', 256);
	assert_true(ends_in(fs, "a/one", "a"));
	assert_int_equal(walk(fs, name, &entry), -ENAMETOOLONG);
	assert_int_equal(walk(fs, "a/..", &entry), -1);
	assert_int_equal(walk(fs, "a/.", &entry), -1);
	fs_end(fs);
}

static int make_two(bool keep, struct fs *fs)
{
	const struct fs_attr attr = {
		.mode = 0755, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	if (keep)
		fs_flush_later(fs);
	if (fs_make_dir(fs, in("a/one"), &attr, &outcome, &err) < 0 ||
		fs_make_dir(fs, in("a/two"), &attr, &outcome, &err) < 0)
		return -1;
	return 0;
}

static int flush_and_fail(void)
{
	DECLARE_ERR(err);
	struct fs *fs = disk();

	MUST(deny(SYS_fsync, EIO));
	REQUIRE(make_two(true, fs) == 0);
	REQUIRE(fs_flush(fs, &err) == -1 && err.code == EIO);
	REQUIRE(strstr(err.text, in("a/")));
	REQUIRE(fs_flush(fs, &err) == 0);
	fs_end(fs);
	return 0;
}

static int fail_at_once(void)
{
	struct fs *fs = disk();

	MUST(deny(SYS_fsync, EIO));
	REQUIRE(make_two(false, fs) == -1);
	return 0;
}

static int fail_at_another(void)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct fs *fs = disk();

	MUST(deny(SYS_fsync, EIO));
	REQUIRE(make_two(true, fs) == 0);
	REQUIRE(walk(fs, "b/one", &entry) == -EIO);
	fs_end(fs);
	return 0;
}

static void flushes_once_what_was_made_in_one_directory(void **state)
{
	(void)state;
	make_dir("a", 0, 0755);
	make_dir("b", 0, 0755);
	CHILD_OR_SKIP(flush_and_fail, "no seccomp here");
	assert_int_equal(rmdir(in("a/one")), 0);
	assert_int_equal(rmdir(in("a/two")), 0);
	CHILD_OR_SKIP(fail_at_another, "no seccomp here");
	assert_int_equal(rmdir(in("a/one")), 0);
	CHILD_OR_SKIP(fail_at_once, "no seccomp here");
}

/* Publishes a text that is flushed already, after a walk to what `by_way_of` names. */
static int publish(struct fs *fs, const char *name, const char *by_way_of)
{
	const struct fs_attr attr = {
		.mode = 0644, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(fs_stage_open(fs, &stage, in(name), &attr, &err));
	MUST(fs_stage_settle(&stage, &err));
	if (by_way_of)
		MUST(walk(fs, by_way_of, &entry));
	MUST(deny(SYS_fsync, EIO));
	return fs_stage_publish(&stage, false, &outcome, &err) < 0 ? err.code : 0;
}

static int publish_where_the_walk_is(void)
{
	struct fs *fs = keeping();
	DECLARE_ERR(err);

	fs_flush_later(fs);
	REQUIRE(publish(fs, "a/one", NULL) == 0);
	REQUIRE(fs_flush(fs, &err) == -1 && err.code == EIO);
	return 0;
}

static int publish_where_it_is_no_more(void)
{
	struct fs *fs = keeping();

	fs_flush_later(fs);
	REQUIRE(publish(fs, "a/two", "b/other") == EIO);
	return 0;
}

/* Who only keeps the directory has what it makes flushed at once. */
static int publish_at_once(void)
{
	struct fs *fs = keeping();

	REQUIRE(publish(fs, "a/four", NULL) == EIO);
	return 0;
}

static int publish_at_once_again(void)
{
	struct fs *fs = keeping();

	fs_flush_later(fs);
	fs_flush_end(fs);
	REQUIRE(publish(fs, "a/five", NULL) == EIO);
	return 0;
}

static int publish_without(void)
{
	REQUIRE(publish(disk(), "a/three", NULL) == EIO);
	return 0;
}

static void flushes_later_what_was_published_there_alone(void **state)
{
	(void)state;
	make_dir("a", 0, 0755);
	make_dir("b", 0, 0755);
	CHILD_OR_SKIP(publish_where_the_walk_is, "no seccomp here");
	CHILD_OR_SKIP(publish_where_it_is_no_more, "no seccomp here");
	CHILD_OR_SKIP(publish_at_once, "no seccomp here");
	CHILD_OR_SKIP(publish_at_once_again, "no seccomp here");
	CHILD_OR_SKIP(publish_without, "no seccomp here");
}

static int walk_once_it_is_forgotten(void)
{
	struct fs *fs = keeping();

	REQUIRE(ends_in(fs, "a/one", "a"));
	fs_forget(fs);
	REQUIRE(ends_in(fs, "a/one", "a"));
	fs_forget(fs);
	MUST(deny(SYS_openat, EIO));
	REQUIRE(!ends_in(fs, "a/one", "a"));
	return 0;
}

static void forgets_where_a_command_may_change_it(void **state)
{
	(void)state;
	make_dir("a", 0, 0755);
	CHILD_OR_SKIP(walk_once_it_is_forgotten, "no seccomp here");
}

static void reads_where_the_last_walk_ended(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct fs *fs = keeping();
	DECLARE_ERR(err);

	(void)state;
	make_dir("a", 0, 0755);
	put("a/one", "text");
	assert_true(ends_in(fs, "a/other", "a"));
	assert_int_equal(fs_read(fs, in("a/one"), FS_TARGET, 9, &text, &err), 0);
	assert_string_equal(text.data, "text");
	assert_int_equal(fs_read(fs, in("a/two"), FS_TARGET, 9, &text, &err), 1);
	assert_int_equal(symlink("one", in("a/link")), 0);
	assert_int_equal(fs_read(fs, in("a/link"), FS_TARGET, 9, &text, &err), -1);
	assert_non_null(strstr(err.text, "is a symbolic link"));
	fs_end(fs);
}

static int read_one(struct fs *fs, const char *name, enum fs_rule rule)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);
	int rc = fs_read(fs, in(name), rule, 9, &text, &err);

	if (rc < 0 && err.code)
		return -err.code;
	return rc == 0 && strcmp(text.data, "text") != 0 ? -1 : rc;
}

/* No walk begins at "/" any more. */
static int read_without_walking(void)
{
	struct fs *fs = keeping();

	REQUIRE(ends_in(fs, "a/other", "a"));
	if (filter_deny_first(SYS_openat, (unsigned)AT_FDCWD, EIO) < 0)
		return SKIPPED;
	REQUIRE(read_one(fs, "a/one", FS_OURS) == 0);
	REQUIRE(read_one(fs, "a/one", FS_ANY) == 0);
	REQUIRE(read_one(fs, "a/link", FS_OURS) == 0);
	REQUIRE(read_one(fs, "a/two", FS_OURS) == 1);
	REQUIRE(read_one(fs, "b/one", FS_OURS) == -EIO);
	fs->named_by = (struct fs_hold){.by = FS_SOMEBODY, .uid = USER_A};
	REQUIRE(read_one(fs, "a/one", FS_ANY) == -EIO);
	return 0;
}

static void reads_by_the_rules_of_reading_there(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("a", 0, 0755);
	make_dir("b", 0, 0755);
	put("a/one", "text");
	put("b/one", "text");
	put_link("a/link", "../b/one", 0);
	CHILD_OR_SKIP(read_without_walking, "no seccomp here");
}

static int read_of_a_user(void)
{
	struct fs *fs = keeping();

	REQUIRE(ends_in(fs, "a/other", "a"));
	REQUIRE(read_one(fs, "a/one", FS_ANY) == 0);
	if (filter_deny_first(SYS_openat, (unsigned)AT_FDCWD, EIO) < 0)
		return SKIPPED;
	REQUIRE(read_one(fs, "a/one", FS_ANY) == -EIO);
	return 0;
}

static void walks_again_to_read_what_a_user_controls(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("a", USER_A, 0755);
	put("a/one", "text");
	CHILD_OR_SKIP(read_of_a_user, "no seccomp here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(begins_where_the_last_walk_ended),
		UNIT(follows_a_path_that_leads_elsewhere),
		UNIT(asks_again_once_a_directory_is_given_away),
		UNIT(asks_again_once_a_directory_is_opened_to_others),
		UNIT(asks_again_for_another_owner),
		UNIT(refuses_what_a_walk_refuses),
		UNIT(flushes_once_what_was_made_in_one_directory),
		UNIT(flushes_later_what_was_published_there_alone),
		UNIT(forgets_where_a_command_may_change_it),
		UNIT(reads_where_the_last_walk_ended),
		UNIT(reads_by_the_rules_of_reading_there),
		UNIT(walks_again_to_read_what_a_user_controls),
	};

	return cmocka_run_group_tests_name("base/fs_keep", tests, NULL, NULL);
}
