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

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(only_what_was_cut_short_is_finished),
		UNIT(a_text_that_others_may_have_put_there_is_none),
	};

	return cmocka_run_group_tests_name("base/fs_in_place", tests, NULL, NULL);
}
