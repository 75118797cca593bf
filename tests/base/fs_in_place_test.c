/* SPDX-License-Identifier: MIT */
/* What a kill leaves of a file that was written in place, and what becomes of it. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/fs_in_place.h"

#include "fs_child.h"

#define TEXT ".file.groundwork-unfinished"

static int look(const char *name)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);
	int rc = fs_walk(disk(), in(name), &entry, &err);

	return rc == 0 ? fs_in_place_look(disk(), &entry, in(name), &err) : rc;
}

static int finish(const char *name)
{
	DECLARE_ERR(err);

	return fs_in_place_finish(disk(), in(name), &err);
}

/* `before` is what the mounted file holds. Returns 0 if that becomes `after`. */
static int found(const char *before, int state, const char *after)
{
	put("outside", before);
	put("etc/" TEXT, "the whole text");
	REQUIRE(look("etc/file") == state);
	REQUIRE(finish("etc/file") == state);
	text_is("outside", after);
	REQUIRE(!exists("etc/" TEXT));
	REQUIRE(look("etc/file") == FS_FINISHED && finish("etc/file") == FS_FINISHED);
	return 0;
}

static int finish_a_mounted_file(void)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	DECLARE_ERR(err);
	int fd;

	MUST(own_mounts());
	if (mount(in("outside"), in("etc/file"), NULL, MS_BIND, NULL) < 0)
		return SKIPPED;
	REQUIRE(look("etc/file") == FS_FINISHED && finish("etc/file") == FS_FINISHED);
	MUST(found("", FS_CUT_SHORT, "the whole text"));
	MUST(found("the who", FS_CUT_SHORT, "the whole text"));
	MUST(found("the whole text", FS_CUT_SHORT, "the whole text"));
	MUST(found("the whole text, edited", FS_LEFT_OVER, "the whole text, edited"));
	MUST(found("theirs", FS_LEFT_OVER, "theirs"));
	/* Another process is at it. */
	put("etc/" TEXT, "the whole text");
	fd = open(in("etc/" TEXT), O_RDWR | O_CLOEXEC);
	REQUIRE(fd >= 0 && fcntl(fd, F_OFD_SETLK, &lock) == 0);
	REQUIRE(fs_in_place_finish(disk(), in("etc/file"), &err) == -1);
	REQUIRE(err.kind == ERR_TEMPORARY);
	text_is("outside", "theirs");
	REQUIRE(umount(in("etc/file")) == 0);
	return 0;
}

static void only_what_was_cut_short_is_finished(void **state)
{
	(void)state;
	NEEDS_ROOT();
	put("etc/file", "below");
	put("outside", "");
	CHILD_OR_SKIP(finish_a_mounted_file, "no mounts here");
	/* What is below the mount is another file. */
	put("etc/file", "the");
	put("etc/" TEXT, "the whole text");
	assert_int_equal(look("etc/file"), FS_FINISHED);
	assert_int_equal(finish("etc/file"), FS_FINISHED);
	text_is("etc/file", "the");
}

static int finish_with_planted_texts(void)
{
	MUST(own_mounts());
	if (mount(in("outside"), in("theirs/file"), NULL, MS_BIND, NULL) < 0 ||
		mount(in("outside"), in("etc/file"), NULL, MS_BIND, NULL) < 0)
		return SKIPPED;
	REQUIRE(look("theirs/file") == FS_FINISHED);
	REQUIRE(finish("theirs/file") == FS_FINISHED);
	REQUIRE(look("etc/file") == FS_FINISHED && finish("etc/file") == FS_FINISHED);
	return 0;
}

static void a_text_that_others_may_have_put_there_is_none(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("theirs", USER_A, 0755);
	put("theirs/file", "");
	put("theirs/" TEXT, "root's secret, renamed");
	put("etc/file", "");
	put("secret", "root's secret");
	assert_int_equal(link(in("secret"), in("etc/" TEXT)), 0);
	put("outside", "");
	CHILD_OR_SKIP(finish_with_planted_texts, "no mounts here");
	text_is("outside", "");
	assert_true(exists("theirs/" TEXT));
}

/* 1 where something is mounted there, 0, or 2: that it is no file of `size` bytes. */
static int mounted(const char *name, off_t size)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);
	struct stat st, same;
	bool is_mounted = false;

	if (fs_walk(disk(), in(name), &entry, &err) != 0 ||
		fs_in_place_stat(disk(), &entry, in(name), &st, &is_mounted, &err) != 0 ||
		lstat(in(name), &same) < 0 || st.st_size != size ||
		st.st_mode != same.st_mode || st.st_uid != same.st_uid ||
		st.st_gid != same.st_gid || st.st_nlink != same.st_nlink ||
		st.st_dev != same.st_dev || st.st_ino != same.st_ino ||
		st.st_mtim.tv_sec != same.st_mtim.tv_sec ||
		st.st_mtim.tv_nsec != same.st_mtim.tv_nsec)
		return 2;
	return is_mounted;
}

static int look_at_a_mount(void)
{
	MUST(own_mounts());
	if (mount(in("outside"), in("etc/file"), NULL, MS_BIND, NULL) < 0)
		return SKIPPED;
	REQUIRE(mounted("etc/file", 7) == 1);
	REQUIRE(mounted("outside", 7) == 0);
	return 0;
}

/* What is not known may be one. */
static int look_without_statx(void)
{
	MUST(deny(SYS_statx, ENOSYS));
	REQUIRE(mounted("outside", 7) == 1);
	return 0;
}

static void what_is_mounted_is_seen_with_the_file(void **state)
{
	(void)state;
	put("etc/file", "");
	put("outside", "outside");
	assert_int_equal(mounted("etc/file", 0), 0);
	CHILD_OR_SKIP(look_without_statx, "no filters here");
	NEEDS_ROOT();
	CHILD_OR_SKIP(look_at_a_mount, "no mounts here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(only_what_was_cut_short_is_finished),
		UNIT(a_text_that_others_may_have_put_there_is_none),
		UNIT(what_is_mounted_is_seen_with_the_file),
	};

	return cmocka_run_group_tests_name("base/fs_in_place", tests, NULL, NULL);
}
