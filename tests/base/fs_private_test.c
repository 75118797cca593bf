/* SPDX-License-Identifier: MIT */
/* Private directories for temporaries: where there is one, and who can get at it. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs_internal.h"

#include "fs_child.h"

static const struct fs_attr plain = {
	.mode = 0644, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};

/* Opens a stage for `name` and writes "ours" into it. */
static void stage(struct fs *fs, struct fs_stage *ret, const char *name)
{
	DECLARE_ERR(err);

	if (fs_stage_open(fs, ret, in(name), &plain, &err) < 0 ||
		fs_stage_write(ret, "ours", 4, &err) < 0)
		fail_msg("%s", err.text);
}

static void publish(struct fs_stage *staged)
{
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	if (fs_stage_publish(staged, true, &outcome, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(outcome, FS_MADE);
}

/* The name of the private directory, below `dir`. */
static const char *private_of(const struct fs *fs, const char *dir)
{
	static char name[512];

	assert_true(fs->private.name[0]);
	(void)snprintf(name, sizeof name, "%s/%s", dir, fs->private.name);
	return name;
}

static int user_looks_in(void)
{
	REQUIRE(become(USER_A) == 0);
	REQUIRE(open(getenv("PRIVATE"), O_RDONLY | O_DIRECTORY) == -1 && errno == EACCES);
	return 0;
}

static void where_others_may_write_a_temporary_is_private(void **state)
{
	static const struct {
		uid_t owner;
		mode_t mode;
	} dirs[] = {{USER_A, 0755}, {USER_A, 0700}, {0, 0777}, {0, 01777}, {0, 02775}};
	char name[16], path[64];

	(void)state;
	NEEDS_ROOT();
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		struct fs_stage staged = FS_STAGE_INIT;
		struct fs *fs = disk();

		(void)snprintf(name, sizeof name, "d%zu", i);
		(void)snprintf(path, sizeof path, "%s/f", name);
		make_dir(name, dirs[i].owner, dirs[i].mode);
		stage(fs, &staged, path);
		assert_int_equal(stat_of(private_of(fs, name)).st_mode & 0777, 0700);
		assert_int_equal(stat_of(private_of(fs, name)).st_uid, 0);
		assert_int_equal((entries)(name), 1);
		assert_int_equal((entries)(private_of(fs, name)), 1);
		assert_int_equal(setenv("PRIVATE", in(private_of(fs, name)), 1), 0);
		assert_int_equal(in_child(user_looks_in), 0);
		publish(&staged);
		fs_stage_release(&staged);
		fs_end(fs);
		assert_int_equal((entries)(name), 1);
		text_is(path, "ours");
	}
}

static void where_root_alone_writes_it_lies_beside_its_target(void **state)
{
	struct fs_stage staged = FS_STAGE_INIT;
	struct fs *fs = disk();
	struct stat st;

	(void)state;
	make_dir("d", 0, 0755);
	stage(fs, &staged, "d/f");
	assert_int_equal(fstatat(staged.entry.dirfd, staged.temp, &st, 0), 0);
	assert_false(fs->private.name[0]);
	fs_stage_release(&staged);
}

static void one_serves_all_files_of_a_directory(void **state)
{
	struct fs *fs = disk();
	ino_t private = 0;

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	for (int i = 0; i < 3; i++) {
		struct fs_stage staged = FS_STAGE_INIT;
		char path[16];

		(void)snprintf(path, sizeof path, "d/f%d", i);
		stage(fs, &staged, path);
		if (!private)
		private = stat_of(private_of(fs, "d")).st_ino;
		assert_int_equal(stat_of(private_of(fs, "d")).st_ino, private);
		publish(&staged);
		fs_stage_release(&staged);
	}
	fs_end(fs);
	assert_int_equal((entries)("d"), 3);
}

static void one_that_was_removed_is_made_again(void **state)
{
	struct fs *fs = disk();

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	for (int i = 0; i < 2; i++) {
		struct fs_stage staged = FS_STAGE_INIT;

		stage(fs, &staged, "d/f");
		publish(&staged);
		fs_stage_release(&staged);
		assert_int_equal(rmdir(in(private_of(fs, "d"))), 0);
	}
	text_is("d/f", "ours");
}

/* What stands at its name is nobody's to trust: it is used by descriptor alone. */
static void what_is_put_in_its_place_is_not_published(void **state)
{
	struct fs_stage staged = FS_STAGE_INIT;
	struct fs *fs = disk();
	char aside[1024], private[1024];

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	make_dir("theirs", USER_A, 0755);
	stage(fs, &staged, "d/f");
	(void)snprintf(private, sizeof private, "%s", in(private_of(fs, "d")));
	(void)snprintf(aside, sizeof aside, "%s", in("d/aside"));
	assert_int_equal(rename(private, aside), 0);
	assert_int_equal(symlink(in("theirs"), private), 0);
	(void)snprintf(aside, sizeof aside, "theirs/%s", staged.temp);
	put(aside, "theirs");
	publish(&staged);
	fs_stage_release(&staged);
	text_is("d/f", "ours");
	text_is(aside, "theirs");
}

static void an_owner_is_given_in_private(void **state)
{
	struct fs_attr given = {.mode = 0750, .uid = USER_B, .gid = USER_B};
	enum fs_outcome outcome;
	struct fs *fs = disk();
	DECLARE_ERR(err);

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	assert_int_equal(fs_make_dir(fs, in("d/sub"), &given, &outcome, &err), 0);
	owner_is("d/sub", USER_B, USER_B);
	mode_is("d/sub", 0750);
	assert_int_equal(
		fs_make_link(fs, in("d/l"), "x", false, USER_B, USER_B, &outcome, &err),
		0);
	owner_is("d/l", USER_B, USER_B);
	assert_true(fs->private.name[0]);
	fs_end(fs);
	assert_int_equal((entries)("d"), 2);
}

static int make_dir_without_noreplace(void)
{
	struct fs_attr given = {.mode = 0750, .uid = USER_B, .gid = USER_B};
	enum fs_outcome outcome;
	struct fs *fs = disk();
	DECLARE_ERR(err);

	MUST(deny(SYS_renameat2, EPERM)); /* as an old filter of system calls says */
	REQUIRE(fs_make_dir(fs, in("d/sub"), &given, &outcome, &err) == 0);
	REQUIRE(fs_write(fs, in("d/f"), "x", 1, &plain, false, &outcome, &err) == 0);
	REQUIRE(outcome == FS_MADE);
	REQUIRE(fs_write(fs, in("d/f"), "y", 1, &plain, false, &outcome, &err) == 0);
	REQUIRE(outcome == FS_THERE);
	fs_end(fs);
	return 0;
}

static void works_where_renameat2_is_refused(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	CHILD_OR_SKIP(make_dir_without_noreplace, "no system call filters here");
	owner_is("d/sub", USER_B, USER_B);
	text_is("d/f", "x");
	assert_int_equal((entries)("d"), 2);
}

static void an_old_one_is_swept_with_its_content(void **state)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	make_dir("d/.private.groundwork-0abc12", 0, 0700);
	put("d/.private.groundwork-0abc12/.f.groundwork-1abc12", "");
	put("d/.private.groundwork-0abc12/.app.db.groundwork-1abc12-wal", "");
	make_dir("d/.private.groundwork-2abc12", 0, 0700);
	put("d/.private.groundwork-2abc12/theirs", "");
	make_dir("d/.private.groundwork-3abc12", 0, 0700);
	age("d/.private.groundwork-0abc12", 3700);
	age("d/.private.groundwork-2abc12", 3700);
	assert_int_equal(fs_walk(disk(), in("d/x"), &entry, &err), 0);
	fs_sweep(disk(), entry.dirfd);
	assert_false(exists("d/.private.groundwork-0abc12"));
	/* What is no temporary of ours stays, and what may still be at work. */
	assert_true(exists("d/.private.groundwork-2abc12/theirs"));
	assert_true(exists("d/.private.groundwork-3abc12"));
}

/* However old it looks: who works in it holds a lock on it. */
static void one_that_is_in_use_is_not_swept(void **state)
{
	struct fs_stage staged = FS_STAGE_INIT;
	struct fs *fs = disk();
	struct fs other = FS_INIT;

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	stage(fs, &staged, "d/f");
	age(private_of(fs, "d"), 7200);
	fs_sweep(&other, staged.entry.dirfd);
	publish(&staged);
	fs_stage_release(&staged);
	text_is("d/f", "ours");
}

static int held_by_another(void)
{
	struct fs other = FS_INIT;
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);

	REQUIRE(fs_walk(&other, in("d/x"), &entry, &err) == 0);
	fs_sweep(&other, entry.dirfd);
	REQUIRE(exists("d/.app.db.groundwork-0abc12"));
	return 0;
}

static void what_a_database_is_built_in_is_not_swept(void **state)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd;

	(void)state;
	make_dir("d", 0, 0755);
	put("d/.app.db.groundwork-0abc12", "");
	fd = open(in("d/.app.db.groundwork-0abc12"), O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_SETLK, &lock), 0);
	age("d/.app.db.groundwork-0abc12", 7200);
	assert_int_equal(in_child(held_by_another), 0);
	(void)close(fd);
}

/* Killed between link(2) and unlink(2), its maker has left the file two names. */
static void a_temporary_of_ours_is_no_other_name(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	make_dir("d/.private.groundwork-0abc12", 0, 0700);
	put("d/.private.groundwork-0abc12/.k.groundwork-0abc12", "key");
	assert_int_equal(
		chmod(in("d/.private.groundwork-0abc12/.k.groundwork-0abc12"), 0600), 0);
	assert_int_equal(
		link(in("d/.private.groundwork-0abc12/.k.groundwork-0abc12"), in("d/k")),
		0);
	assert_int_equal(fs_read(disk(), in("d/k"), FS_ANY, 10, &text, &err), 0);
	/* Any other name is one. */
	assert_int_equal(link(in("d/k"), in("other")), 0);
	assert_int_equal(fs_read(disk(), in("d/k"), FS_ANY, 10, &text, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(where_others_may_write_a_temporary_is_private),
		UNIT(where_root_alone_writes_it_lies_beside_its_target),
		UNIT(one_serves_all_files_of_a_directory),
		UNIT(one_that_was_removed_is_made_again),
		UNIT(what_is_put_in_its_place_is_not_published),
		UNIT(an_owner_is_given_in_private),
		UNIT(works_where_renameat2_is_refused),
		UNIT(an_old_one_is_swept_with_its_content),
		UNIT(one_that_is_in_use_is_not_swept),
		UNIT(what_a_database_is_built_in_is_not_swept),
		UNIT(a_temporary_of_ours_is_no_other_name),
	};

	return cmocka_run_group_tests_name("base/fs_private", tests, NULL, NULL);
}
