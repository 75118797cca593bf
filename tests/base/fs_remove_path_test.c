/* SPDX-License-Identifier: MIT */
/* Removing a whole tree, and nothing that is not in it. */
#include "base/fs_remove_path.h"

#include "../directory.h"
#include "base/err.h"
#include "base/stop.h"

#include "fs_child.h"

static int remove_it(
	const char *name, bool recursive, bool change, size_t *count, struct err *err)
{
	struct stop stop = STOP_INIT;

	return fs_remove_path(disk(), in(name), recursive, change, &stop, count, err);
}

static size_t removes(const char *name, bool recursive, bool change)
{
	DECLARE_ERR(err);
	size_t count = 4711;

	if (remove_it(name, recursive, change, &count, &err) < 0)
		fail_msg("%s", err.text);
	return count;
}

/* It refuses, counting and removing, and says so. */
static int refuses(const char *name, bool recursive, int code, const char *text)
{
	for (int change = 0; change < 2; change++) {
		DECLARE_ERR(err);
		size_t count = 4711;

		REQUIRE(remove_it(name, recursive, change, &count, &err) == -1);
		if (!strstr(err.text, text) || (code && err.code != code))
			fail_msg("'%s' (%d) does not say '%s'", err.text, err.code, text);
		REQUIRE(count == 4711 || count == 0);
	}
	return 0;
}

static void removes_one_object(void **state)
{
	(void)state;
	put("outside", "text");
	put("file", "");
	put_link("link", "outside", 0);
	put_link("dangling", "nowhere", 0);
	make_dir("empty", 0, 0755);
	assert_int_equal(mkfifo(in("pipe"), 0600), 0);
	for (const char *const *name = (const char *const[]){"file", "link", "dangling",
		     "empty", "pipe", NULL};
		*name; name++) {
		assert_int_equal(removes(*name, false, false), 1);
		assert_true(exists(*name));
		assert_int_equal(removes(*name, false, true), 1);
		assert_false(exists(*name));
		assert_int_equal(removes(*name, false, true), 0);
	}
	text_is("outside", "text");
	assert_int_equal(removes("no/such/directory", true, true), 0);
}

static void removes_a_directory_with_all_that_is_in_it(void **state)
{
	(void)state;
	put("outside", "text");
	make_dir("tree", 0, 0755);
	make_dir("tree/sub", 0, 0700);
	make_dir("tree/sub/deep", 0, 0700);
	put("tree/sub/deep/file", "");
	put("tree/.hidden", "");
	put_link("tree/link", "../outside", 0);
	put_link("tree/up", "..", 0);
	assert_int_equal(link(in("outside"), in("tree/hard")), 0);
	for (int i = 0; i < 2000; i++) {
		char name[64];

		(void)snprintf(name, sizeof name, "tree/sub/%d", i);
		put(name, "");
	}
	assert_int_equal(refuses("tree", false, ENOTEMPTY, "not empty"), 0);
	assert_int_equal(removes("tree", true, false), 2008);
	assert_int_equal(entries("tree/sub"), 2001);
	assert_int_equal(removes("tree", true, true), 2008);
	assert_false(exists("tree"));
	text_is("outside", "text");
}

static void leaves_what_the_system_needs(void **state)
{
	DECLARE_ERR(err);
	struct stop stop = STOP_INIT;
	size_t count;

	(void)state;
	assert_int_equal(fs_check_removable("/srv/app", &err), 0);
	for (const char *const *path =
			(const char *const[]){"/", "/etc", "/usr/lib", "/tmp", NULL};
		*path; path++) {
		assert_int_equal(fs_check_removable(*path, &err), -1);
		/* Only counted, whatever this test finds. */
		assert_int_equal(
			fs_remove_path(disk(), *path, true, false, &stop, &count, &err),
			-1);
		assert_int_equal(err.code, EPERM);
	}
	/* By another path, too. */
	put_link("root", "/", 0);
	assert_int_equal(
		fs_remove_path(disk(), in("root/etc"), true, false, &stop, &count, &err),
		-1);
	assert_non_null(strstr(err.text, "belongs to the system"));
}

static int remove_with_mounts(void)
{
	MUST(own_mounts());
	if (mount("none", in("tree/sub/disk"), "tmpfs", 0, "size=64k") < 0 ||
		mount(in("other"), in("bound"), NULL, MS_BIND, NULL) < 0 ||
		mount(in("text"), in("tree2/file"), NULL, MS_BIND, NULL) < 0)
		return SKIPPED;
	put("tree/sub/disk/file", "");
	MUST(refuses("tree", true, EBUSY, "tree/sub/disk' is a mount point"));
	MUST(refuses("tree/sub/disk", true, EBUSY, "is a mount point"));
	/* On the same device. */
	MUST(refuses("bound", true, EBUSY, "is a mount point"));
	MUST(refuses("tree2", true, EBUSY, "tree2/file' is a mount point"));
	REQUIRE(exists("tree/file") && exists("tree2/other") && exists("other/file"));
	REQUIRE(removes("bound/file", false, true) == 1);
	return 0;
}

static void leaves_mounts_and_all_around_them(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("tree", 0, 0755);
	make_dir("tree/sub", 0, 0755);
	make_dir("tree/sub/disk", 0, 0755);
	put("tree/file", "");
	make_dir("tree2", 0, 0755);
	put("tree2/file", "");
	put("tree2/other", "");
	put("text", "text");
	make_dir("other", 0, 0755);
	put("other/file", "");
	make_dir("bound", 0, 0755);
	CHILD_OR_SKIP(remove_with_mounts, "no mounts here");
	text_is("text", "text");
}

static int remove_without_statx(void)
{
	MUST(deny(SYS_statx, ENOSYS));
	MUST(refuses("tree", true, 0, "does not say what is mounted"));
	REQUIRE(removes("tree/file", true, true) == 1);
	REQUIRE(removes("tree", true, true) == 1);
	return 0;
}

static void does_not_empty_what_may_hold_a_mount(void **state)
{
	(void)state;
	make_dir("tree", 0, 0755);
	put("tree/file", "");
	CHILD_OR_SKIP(remove_without_statx, "no filters here");
	assert_false(exists("tree"));
}

/* A user may have moved root's directory into one that root removes. */
static void leaves_what_another_user_could_not_remove(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("volume", USER_A, 0755);
	make_dir("volume/cache", USER_A, 0755);
	make_dir("volume/cache/keys", 0, 0700);
	put("volume/cache/keys/key", "");
	put("volume/cache/file", "");
	assert_int_equal(refuses("volume/cache", true, ELOOP,
				 "'keys' belongs to user 0, and what leads to it is"),
		0);
	assert_int_equal(refuses("volume/cache/keys", true, ELOOP, "unsafe path"), 0);
	assert_true(exists("volume/cache/file"));
	assert_int_equal(chown(in("volume/cache/keys"), USER_A, USER_A), 0);
	assert_int_equal(removes("volume/cache", true, true), 4);
}

/*
 * Whoever may write in a directory can rename others' directories in it: what is in these
 * is not removed for them, but what they could remove themselves is.
 */
static void leaves_what_is_in_a_directory_that_anyone_may_have_moved(void **state)
{
	const mode_t modes[] = {0775, 02770, 0777};

	(void)state;
	NEEDS_ROOT();
	make_dir("volume", 0, 0755);
	make_dir("volume/cache", 0, 0700);
	make_dir("volume/cache/sub", 0, 0700);
	put("volume/cache/sub/key", "");
	make_dir("volume/empty", 0, 0755);
	put("volume/file", "");
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		assert_int_equal(chmod(in("volume"), modes[i]), 0);
		assert_int_equal(refuses("volume/cache", true, ELOOP,
					 "volume/cache/sub': unsafe path"),
			0);
		assert_int_equal(
			refuses("volume/cache/sub", true, ELOOP, "others could"), 0);
		assert_int_equal(
			refuses("volume/cache/sub/key", false, ELOOP, "others could"), 0);
		assert_int_equal(refuses("volume", true, ELOOP, "others could"), 0);
		assert_int_equal(removes("volume/cache/no", true, true), 0);
	}
	assert_int_equal(removes("volume/empty", true, true), 1);
	assert_int_equal(removes("volume/file", true, true), 1);
	/* A user's, which that user has opened to others. */
	assert_int_equal(chmod(in("volume"), 0755), 0);
	make_dir("volume/open", USER_A, 0777);
	make_dir("volume/open/dir", USER_A, 0755);
	put("volume/open/dir/file", "");
	assert_int_equal(refuses("volume/open", true, ELOOP, "others could"), 0);
	assert_int_equal(chmod(in("volume/open"), 01777), 0);
	assert_int_equal(chown(in("volume/open/dir/file"), USER_A, USER_A), 0);
	assert_int_equal(removes("volume/open", true, true), 3);
	assert_int_equal(removes("volume", true, true), 4);
}

static void leaves_what_another_user_may_have_put_there(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("open", 0, 01777);
	put("open/theirs", "");
	assert_int_equal(chown(in("open/theirs"), USER_A, USER_A), 0);
	make_dir("open/dir", USER_A, 0755);
	assert_int_equal(refuses("open/theirs", true, 0, "may have put it there"), 0);
	assert_int_equal(refuses("open/dir", true, 0, "may have put it there"), 0);
	put("open/ours", "");
	assert_int_equal(removes("open/ours", true, true), 1);
}

static int remove_as_a_user(void)
{
	DECLARE_ERR(err);
	size_t count;

	MUST(become(USER_A));
	REQUIRE(remove_it("tree/closed/file", false, true, &count, &err) == -1);
	REQUIRE(err.code == EACCES && strstr(err.text, "with mode 0755, and we are"));
	return 0;
}

static void says_who_may_not_remove_it(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("tree", 0, 0755);
	make_dir("tree/closed", 0, 0755);
	put("tree/closed/file", "");
	CHILD_OR_SKIP(remove_as_a_user, "no other users here");
	assert_true(exists("tree/closed/file"));
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
		fs_remove_path(disk(), in("tree"), true, true, &stop, &count, &err), -1);
	assert_true(exists("tree/file"));
}

static void says_where_it_is_too_deep(void **state)
{
	char path[1024] = "tree";

	(void)state;
	for (int i = 0; i < 300; i++) {
		make_dir(path, 0, 0755);
		(void)snprintf(path + strlen(path), 3, "/d");
	}
	assert_int_equal(refuses("tree", true, 0, "deeper than 256 directories"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(removes_one_object),
		UNIT(removes_a_directory_with_all_that_is_in_it),
		UNIT(leaves_what_the_system_needs),
		UNIT(leaves_mounts_and_all_around_them),
		UNIT(does_not_empty_what_may_hold_a_mount),
		UNIT(leaves_what_another_user_could_not_remove),
		UNIT(leaves_what_is_in_a_directory_that_anyone_may_have_moved),
		UNIT(leaves_what_another_user_may_have_put_there),
		UNIT(says_who_may_not_remove_it),
		UNIT(ends_at_its_deadline),
		UNIT(says_where_it_is_too_deep),
	};

	return cmocka_run_group_tests_name("base/fs_remove_path", tests, NULL, NULL);
}
