/* SPDX-License-Identifier: MIT */
/* Staging and publishing: whole or not at all, whatever fails on the way. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/fs_internal.h"

#include "fs_child.h"

static const struct fs_attr plain = {
	.mode = 0644, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};

static enum fs_outcome write_text(const char *name, const char *text, bool replace)
{
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	if (fs_write(disk(), in(name), text, strlen(text), &plain, replace, &outcome,
		    &err) < 0)
		fail_msg("%s", err.text);
	return outcome;
}

/* Where that lies now does not matter. */
static void an_open_directory_needs_no_path(void **state)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	enum fs_outcome outcome;
	int dirfd;
	DECLARE_ERR(err);

	(void)state;
	make_dir("before", geteuid(), 0700);
	dirfd = open(in("before"), O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(dirfd >= 0);
	assert_int_equal(rename(in("before"), in("after")), 0);
	assert_int_equal(fs_stage_open_in(disk(), &stage, dirfd, "file", "path/file",
				 &plain, &err),
		0);
	assert_int_equal(fs_stage_write(&stage, "text", 4, &err), 0);
	assert_int_equal(fs_stage_publish(&stage, true, &outcome, &err), 0);
	assert_int_equal(outcome, FS_MADE);
	text_is("after/file", "text");
	assert_int_equal(entries("after"), 1);
	assert_int_equal(close(dirfd), 0);
}

static void write_fails(const char *name, bool replace, const char *text)
{
	enum fs_outcome outcome = FS_FIXED;
	DECLARE_ERR(err);

	assert_int_equal(
		fs_write(disk(), in(name), "x", 1, &plain, replace, &outcome, &err), -1);
	if (!strstr(err.text, text))
		fail_msg("'%s' does not say '%s'", err.text, text);
	assert_int_equal(outcome, FS_FIXED);
}

static void makes_a_file_with_its_directories(void **state)
{
	mode_t mask = umask(077);

	(void)state;
	assert_int_equal(write_text("a/b/file", "text", false), FS_MADE);
	(void)umask(mask);
	text_is("a/b/file", "text");
	mode_is("a/b/file", 0644);
	assert_int_equal(entries("a/b"), 1);
	assert_int_equal(write_text("empty", "", true), FS_MADE);
	text_is("empty", "");
}

static void replaces_only_where_it_may(void **state)
{
	struct stat before;

	(void)state;
	put("file", "old");
	before = stat_of("file");
	assert_int_equal(write_text("file", "new", false), FS_THERE);
	text_is("file", "old");
	assert_int_equal(stat_of("file").st_ino, before.st_ino);
	assert_int_equal(stat_of("file").st_ctim.tv_nsec, before.st_ctim.tv_nsec);
	assert_int_equal(write_text("file", "new", true), FS_MADE);
	text_is("file", "new");
	assert_int_not_equal(stat_of("file").st_ino, before.st_ino);
	assert_int_equal(entries(""), 1);
}

static void leaves_what_is_no_file(void **state)
{
	(void)state;
	make_dir("dir", 0, 0755);
	put("target", "theirs");
	put_link("link", "target", 0);
	put_link("dangling", "nothing", 0);
	assert_int_equal(mkfifo(in("pipe"), 0600), 0);
	write_fails("dir", true, "is a directory, not a file; it was left as it is");
	write_fails("link", true, "is a symbolic link, not a file");
	write_fails("dangling", true, "is a symbolic link, not a file");
	write_fails("pipe", true, "is a pipe, not a file");
	assert_int_equal(write_text("dangling", "x", false), FS_THERE);
	assert_int_equal(write_text("link", "x", false), FS_THERE);
	text_is("target", "theirs");
	assert_false(exists("nothing"));
	assert_int_equal(entries(""), 5);
}

static void is_private_until_it_is_published(void **state)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	DECLARE_ERR(err);
	enum fs_outcome outcome;
	char path[PATH_MAX];
	struct stat st;
	mode_t mask = umask(0);

	(void)state;
	assert_int_equal(fs_stage_open(disk(), &stage, in("file"), &plain, &err), 0);
	(void)umask(mask);
	assert_true(strncmp(stage.temp, ".file.groundwork-",
			    strlen(".file.groundwork-")) == 0);
	(void)snprintf(path, sizeof path, "%s", in(stage.temp));
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(fs_stage_write(&stage, "one ", 4, &err), 0);
	assert_int_equal(fs_stage_write(&stage, "two", 3, &err), 0);
	assert_false(exists("file"));
	assert_int_equal(fs_stage_settle(&stage, &err), 0);
	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	assert_int_equal(fs_stage_publish(&stage, false, &outcome, &err), 0);
	text_is("file", "one two");
}

static void forgets_what_is_not_published(void **state)
{
	struct fs_stage stage = FS_STAGE_INIT;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(fs_stage_open(disk(), &stage, in("file"), &plain, &err), 0);
	assert_int_equal(entries(""), 1);
	fs_stage_release(&stage);
	assert_int_equal(entries(""), 0);
	fs_stage_release(&stage); /* once more is no harm */
}

static void roots_files_belong_to_whom_they_should(void **state)
{
	struct fs_attr given = {.mode = 04750, .uid = USER_B, .gid = USER_A};
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	(void)state;
	NEEDS_ROOT();
	make_dir("a", USER_A, 0755);
	assert_int_equal(write_text("a/inherits", "x", false), FS_MADE);
	owner_is("a/inherits", USER_A, USER_A);
	assert_int_equal(
		fs_write(disk(), in("a/b"), "x", 1, &given, false, &outcome, &err), 0);
	owner_is("a/b", USER_B, USER_A);
	mode_is("a/b", 04750);
}

static int write_without_chown(void)
{
	MUST(drop_capability(CAP_CHOWN));
	REQUIRE(fs_write(disk(), in("a/file"), "x", 1, &plain, false,
			&(enum fs_outcome){FS_MADE}, &(struct err){0}) == 0);
	REQUIRE(fs_make_dir(disk(), in("a/dir"), &plain, &(enum fs_outcome){FS_MADE},
			&(struct err){0}) == 0);
	REQUIRE(fs_make_link(disk(), in("a/link"), "x", false, USER_A, USER_A,
			&(enum fs_outcome){FS_MADE}, &(struct err){0}) == 0);
	fs_end(disk());
	return 0;
}

static void root_that_may_not_chown_keeps_what_it_makes(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("a", USER_A, 0777);
	assert_int_equal(in_child(write_without_chown), 0);
	owner_is("a/file", 0, 0);
	mode_is("a/file", 0644);
	mode_is("a/dir", 0644);
	assert_int_equal(entries("a"), 3);
}

/* ---- many at once ---- */

#define RACERS 8

/*
 * Every racer writes its own text when the pipe closes, and exits with the outcome.
 */
static int race(int (*prepare)(void), int ret_outcomes[4])
{
	pid_t pids[RACERS];
	int start[2];
	char c;

	REQUIRE(pipe2(start, O_CLOEXEC) == 0);
	for (int i = 0; i < RACERS; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			enum fs_outcome outcome;
			DECLARE_ERR(err);
			char text[2] = {(char)('a' + i), '\0'};
			int rc = prepare ? prepare() : 0;

			(void)close(start[1]);
			if (rc || read(start[0], &c, 1) != 0 ||
				fs_write(disk(), in("raced/file"), text, 1, &plain, false,
					&outcome, &err) < 0)
				_exit(rc == SKIPPED ? SKIPPED : 99);
			_exit((int)outcome);
		}
	}
	(void)close(start[1]);
	for (int i = 0; i < RACERS; i++) {
		int status;

		REQUIRE(waitpid(pids[i], &status, 0) == pids[i] && WIFEXITED(status));
		if (WEXITSTATUS(status) == SKIPPED)
			return SKIPPED;
		REQUIRE(WEXITSTATUS(status) <= FS_NOT_ATOMIC);
		ret_outcomes[WEXITSTATUS(status)]++;
	}
	(void)close(start[0]);
	return 0;
}

static int no_noreplace(void)
{
	return deny(SYS_renameat2, EINVAL);
}

static void races_are_won_once(int (*prepare)(void))
{
	for (int round = 0; round < 8; round++) {
		int outcomes[4] = {0};
		int rc = race(prepare, outcomes);

		if (rc == SKIPPED)
			SKIP("no system call filters here");
		assert_int_equal(rc, 0);
		assert_int_equal(outcomes[FS_MADE], 1);
		assert_int_equal(outcomes[FS_THERE], RACERS - 1);
		assert_int_equal(entries("raced"), 1);
		assert_int_equal(stat_of("raced/file").st_size, 1);
		assert_int_equal(stat_of("raced/file").st_nlink, 1);
		assert_int_equal(unlink(in("raced/file")), 0);
		assert_int_equal(rmdir(in("raced")), 0);
	}
}

static void one_of_many_makes_the_file(void **state)
{
	(void)state;
	races_are_won_once(NULL);
}

static void one_of_many_makes_it_by_link(void **state)
{
	(void)state;
	races_are_won_once(no_noreplace);
}

static int publish_by_link(void)
{
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(deny(SYS_renameat2, ENOSYS));
	REQUIRE(fs_write(disk(), in("new"), "x", 1, &plain, false, &outcome, &err) == 0);
	REQUIRE(outcome == FS_MADE);
	REQUIRE(fs_write(disk(), in("old"), "x", 1, &plain, false, &outcome, &err) == 0);
	REQUIRE(outcome == FS_THERE);
	REQUIRE(fs_make_link(disk(), in("link"), "to", false, FS_INHERIT,
			(gid_t)FS_INHERIT, &outcome, &err) == 0);
	REQUIRE(outcome == FS_MADE);
	return 0;
}

static int publish_after_a_look(void)
{
	MUST(deny(SYS_linkat, EPERM));
	return publish_by_link();
}

static void fallbacks_replace_nothing(int (*publish)(void))
{
	put("old", "theirs");
	CHILD_OR_SKIP(publish, "no system call filters here");
	text_is("old", "theirs");
	text_is("new", "x");
	assert_true(S_ISLNK(stat_of("link").st_mode));
	assert_int_equal(entries(""), 3);
}

static void without_noreplace_it_links(void **state)
{
	(void)state;
	fallbacks_replace_nothing(publish_by_link);
}

static void without_links_it_looks(void **state)
{
	(void)state;
	fallbacks_replace_nothing(publish_after_a_look);
}

/* ---- disks and mounts ---- */

static int fill_a_disk(void)
{
	static char block[256 * 1024];
	enum fs_outcome outcome = FS_FIXED;
	DECLARE_ERR(err);

	MUST(own_mounts());
	if (mount("none", in("disk"), "tmpfs", 0, "size=64k") < 0)
		return SKIPPED;
	REQUIRE(fs_write(disk(), in("disk/file"), "old", 3, &plain, true, &outcome,
			&err) == 0);
	REQUIRE(outcome == FS_MADE);
	memset(block, 'x', sizeof block);
	outcome = FS_FIXED;
	REQUIRE(fs_write(disk(), in("disk/file"), block, sizeof block, &plain, true,
			&outcome, &err) == -1);
	REQUIRE(err.code == ENOSPC && outcome == FS_FIXED);
	REQUIRE(strstr(err.text, "make room") != NULL);
	REQUIRE(fs_write(disk(), in("disk/new"), block, sizeof block, &plain, false,
			&outcome, &err) == -1);
	REQUIRE(stat_of("disk/file").st_size == 3);
	REQUIRE(entries("disk") == 1);
	return 0;
}

static void a_full_disk_leaves_all_as_it_was(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("disk", 0, 0755);
	CHILD_OR_SKIP(fill_a_disk, "no mounts here");
}

static int write_a_read_only_disk(void)
{
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(own_mounts());
	if (mount(in("disk"), in("disk"), NULL, MS_BIND, NULL) < 0 ||
		mount(NULL, in("disk"), NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) < 0)
		return SKIPPED;
	REQUIRE(fs_write(disk(), in("disk/new"), "x", 1, &plain, false, &outcome, &err) ==
		-1);
	REQUIRE(err.code == EROFS);
	REQUIRE(strstr(err.text, "mount a writable volume there") != NULL);
	/* What is there already needs no writing. */
	REQUIRE(fs_make_dir(disk(), in("disk/dir"), &plain, &outcome, &err) == 0);
	REQUIRE(outcome == FS_THERE);
	REQUIRE(fs_make_dir(disk(), in("disk/new"), &plain, &outcome, &err) == -1);
	REQUIRE(err.code == EROFS);
	return 0;
}

static void a_read_only_disk_is_reported_as_such(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("disk", USER_A, 0755);
	make_dir("disk/dir", USER_A, 0755);
	CHILD_OR_SKIP(write_a_read_only_disk, "no mounts here");
}

static int write_a_mounted_file(void)
{
	static const struct fs_attr fixed = {.mode = 0640,
		.uid = FS_INHERIT,
		.gid = (gid_t)FS_INHERIT,
		.fix_mode = true};
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(own_mounts());
	if (mount(in("outside"), in("etc/file"), NULL, MS_BIND, NULL) < 0)
		return SKIPPED;
	REQUIRE(fs_write(disk(), in("etc/file"), "new", 3, &plain, true, &outcome,
			&err) == 0);
	REQUIRE(outcome == FS_NOT_ATOMIC);
	REQUIRE(fs_write(disk(), in("etc/file"), "newer", 5, &fixed, true, &outcome,
			&err) == 0);
	REQUIRE(outcome == FS_NOT_ATOMIC);
	REQUIRE(fs_write(disk(), in("etc/file"), "x", 1, &plain, false, &outcome, &err) ==
		0);
	REQUIRE(outcome == FS_THERE);
	REQUIRE(entries("etc") == 1);
	return 0;
}

/* What is flushed of this descriptor alone fails: that of the file in place. */
static int fail_to_flush_in_place(void)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	enum fs_outcome outcome = FS_FIXED;
	int next;
	DECLARE_ERR(err);

	MUST(own_mounts());
	if (mount(in("outside"), in("etc/file"), NULL, MS_BIND, NULL) < 0)
		return SKIPPED;
	REQUIRE(fs_stage_open(disk(), &stage, in("etc/file"), &plain, &err) == 0);
	REQUIRE(fs_stage_write(&stage, "new", 3, &err) == 0);
	REQUIRE(fs_stage_settle(&stage, &err) == 0);
	next = dup(stage.fd);
	REQUIRE(next >= 0 && close(next) == 0);
	if (filter_deny_first(SYS_fsync, (unsigned)next, EIO) < 0)
		return SKIPPED;
	REQUIRE(fs_stage_publish(&stage, true, &outcome, &err) == -1);
	REQUIRE(err.code == EIO && outcome == FS_FIXED);
	REQUIRE(strstr(err.text, "write in place")); /* not the directory behind it */
	return 0;
}

static void what_cannot_be_flushed_in_place_is_an_error(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("etc", 0, 0755);
	put("etc/file", "");
	put("outside", "old");
	CHILD_OR_SKIP(fail_to_flush_in_place, "no mounts or filters here");
}

/* It holds the new text that it writes, by a lock and beside the file. */
static int write_what_another_process_writes(void)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	enum fs_outcome outcome = FS_FIXED;
	int fd;
	DECLARE_ERR(err);

	MUST(own_mounts());
	if (mount(in("outside"), in("etc/file"), NULL, MS_BIND, NULL) < 0)
		return SKIPPED;
	put("etc/.file.groundwork-unfinished", "theirs");
	fd = open(in("etc/.file.groundwork-unfinished"), O_RDWR | O_CLOEXEC);
	REQUIRE(fd >= 0 && fcntl(fd, F_OFD_SETLK, &lock) == 0);
	REQUIRE(fs_write(disk(), in("etc/file"), "new", 3, &plain, true, &outcome,
			&err) == -1);
	REQUIRE(err.kind == ERR_TEMPORARY && outcome == FS_FIXED);
	REQUIRE(strstr(err.text, "is being written by another process"));
	/* Of one that was killed, it makes way. */
	REQUIRE(close(fd) == 0);
	REQUIRE(fs_write(disk(), in("etc/file"), "new", 3, &plain, true, &outcome,
			&err) == 0);
	return 0;
}

static void what_another_process_writes_in_place_is_left(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("etc", 0, 0755);
	put("etc/file", "");
	put("outside", "old");
	CHILD_OR_SKIP(write_what_another_process_writes, "no mounts here");
	text_is("outside", "new");
}

static void a_mounted_file_is_written_in_place(void **state)
{
	struct stat before;

	(void)state;
	NEEDS_ROOT();
	make_dir("etc", 0, 0755);
	put("etc/file", "below");
	put("outside", "a longer text than the new one");
	before = stat_of("outside");
	CHILD_OR_SKIP(write_a_mounted_file, "no mounts here");
	text_is("outside", "newer");
	mode_is("outside", 0640);
	assert_int_equal(stat_of("outside").st_ino, before.st_ino);
	text_is("etc/file", "below");
}

static int write_what_may_be_anothers(void)
{
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(own_mounts());
	if (mount(in("linked"), in("etc/file"), NULL, MS_BIND, NULL) < 0 ||
		mount(in("theirs"), in("shared/file"), NULL, MS_BIND, NULL) < 0)
		return SKIPPED;
	REQUIRE(fs_write(disk(), in("etc/file"), "new", 3, &plain, true, &outcome,
			&err) == -1);
	REQUIRE(strstr(err.text, "has 2 hard links"));
	REQUIRE(fs_write(disk(), in("shared/file"), "new", 3, &plain, true, &outcome,
			&err) == -1);
	REQUIRE(strstr(err.text, "belongs to user"));
	return 0;
}

static void a_mounted_file_that_may_be_anothers_is_not_written(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("etc", 0, 0755);
	make_dir("shared", 0, 01777);
	put("etc/file", "");
	put("shared/file", "");
	put("linked", "linked");
	assert_int_equal(link(in("linked"), in("other name")), 0);
	put("theirs", "theirs");
	assert_int_equal(chown(in("theirs"), USER_A, USER_A), 0);
	CHILD_OR_SKIP(write_what_may_be_anothers, "no mounts here");
	text_is("linked", "linked");
	text_is("theirs", "theirs");
}

static int fail_to_flush(void)
{
	enum fs_outcome outcome = FS_FIXED;
	DECLARE_ERR(err);

	MUST(deny(SYS_fsync, EIO));
	REQUIRE(fs_write(disk(), in("file"), "new", 3, &plain, true, &outcome, &err) ==
		-1);
	REQUIRE(err.code == EIO && outcome == FS_FIXED);
	return 0;
}

static int reserve_without(int code, int expected)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	DECLARE_ERR(err);

	REQUIRE(fs_stage_open(disk(), &stage, in("file"), &plain, &err) == 0);
	MUST(deny(SYS_fallocate, code));
	REQUIRE(fs_stage_reserve(&stage, 4096, &err) == expected);
	REQUIRE(expected == 0 || err.code == code);
	return 0;
}

static int reserve_on_a_full_disk(void)
{
	return reserve_without(ENOSPC, -1);
}

static int reserve_where_nothing_can(void)
{
	return reserve_without(EOPNOTSUPP, 0);
}

/* Before gigabytes have come for nothing; but some file systems cannot say. */
static void room_is_reserved_where_that_can_be_done(void **state)
{
	(void)state;
	CHILD_OR_SKIP(reserve_on_a_full_disk, "no system call filters here");
	CHILD_OR_SKIP(reserve_where_nothing_can, "no system call filters here");
}

static int fail_to_flush_the_name(void)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	enum fs_outcome outcome = FS_FIXED;
	DECLARE_ERR(err);

	REQUIRE(fs_stage_open(disk(), &stage, in("file"), &plain, &err) == 0);
	REQUIRE(fs_stage_settle(&stage, &err) == 0);
	MUST(deny(SYS_fsync, EIO));
	REQUIRE(fs_stage_publish(&stage, true, &outcome, &err) == -1);
	REQUIRE(err.code == EIO && outcome == FS_FIXED);
	return 0;
}

/* After a crash of the machine the name would be gone, and what relied on it not. */
static void a_name_that_cannot_be_flushed_is_not_published(void **state)
{
	(void)state;
	CHILD_OR_SKIP(fail_to_flush_the_name, "no system call filters here");
}

/* Only "denied" is no failure: any other is one. */
static int fail_to_give(long number)
{
	struct fs_attr given = {.mode = 0640, .uid = USER_B, .gid = USER_B};
	enum fs_outcome outcome = FS_FIXED;
	DECLARE_ERR(err);

	MUST(deny(number, EIO));
	REQUIRE(fs_write(disk(), in("a/f"), "x", 1, &given, false, &outcome, &err) == -1);
	REQUIRE(outcome == FS_FIXED);
	fs_end(disk());
	return 0;
}

static int fail_to_chown(void)
{
	return fail_to_give(SYS_fchown);
}

static int fail_to_chmod(void)
{
	return fail_to_give(SYS_fchmod);
}

static void what_cannot_be_given_is_not_published(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("a", USER_A, 0755);
	CHILD_OR_SKIP(fail_to_chown, "no system call filters here");
	CHILD_OR_SKIP(fail_to_chmod, "no system call filters here");
	assert_int_equal(entries("a"), 0);
}

/* Between our look and our publishing another process was faster. */
static void what_came_meanwhile_is_not_replaced(void **state)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(fs_stage_open(disk(), &stage, in("file"), &plain, &err), 0);
	assert_int_equal(fs_stage_write(&stage, "ours", 4, &err), 0);
	put("file", "theirs");
	assert_int_equal(fs_stage_publish(&stage, false, &outcome, &err), 0);
	assert_int_equal(outcome, FS_THERE);
	text_is("file", "theirs");
}

static void what_cannot_be_flushed_is_not_published(void **state)
{
	(void)state;
	put("file", "old");
	CHILD_OR_SKIP(fail_to_flush, "no system call filters here");
	text_is("file", "old");
	assert_int_equal(entries(""), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(makes_a_file_with_its_directories),
		UNIT(an_open_directory_needs_no_path),
		UNIT(replaces_only_where_it_may),
		UNIT(leaves_what_is_no_file),
		UNIT(is_private_until_it_is_published),
		UNIT(forgets_what_is_not_published),
		UNIT(roots_files_belong_to_whom_they_should),
		UNIT(root_that_may_not_chown_keeps_what_it_makes),
		UNIT(one_of_many_makes_the_file),
		UNIT(one_of_many_makes_it_by_link),
		UNIT(without_noreplace_it_links),
		UNIT(without_links_it_looks),
		UNIT(a_full_disk_leaves_all_as_it_was),
		UNIT(a_read_only_disk_is_reported_as_such),
		UNIT(a_mounted_file_is_written_in_place),
		UNIT(what_cannot_be_flushed_in_place_is_an_error),
		UNIT(what_another_process_writes_in_place_is_left),
		UNIT(a_mounted_file_that_may_be_anothers_is_not_written),
		UNIT(what_cannot_be_given_is_not_published),
		UNIT(what_came_meanwhile_is_not_replaced),
		UNIT(what_cannot_be_flushed_is_not_published),
		UNIT(a_name_that_cannot_be_flushed_is_not_published),
		UNIT(room_is_reserved_where_that_can_be_done),
	};

	return cmocka_run_group_tests_name("base/fs_stage", tests, NULL, NULL);
}
