/* SPDX-License-Identifier: MIT */
/* Finding what a path names: what there is, and what another user's link may lead to. */
#include "../child.h"
#include "../directory.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_find.h"

#include "disk.h"

static void finds(const char *name, enum fs_find use)
{
	CLEANUP_FD int fd = -1;
	struct stat found, st = stat_of(name);
	DECLARE_ERR(err);

	if (fs_find(disk(), in(name), use, &fd, &err) != 0)
		fail_msg("%s: %s", name, err.text);
	assert_int_equal(fcntl(fd, F_GETFL) & O_PATH, O_PATH);
	assert_int_equal(fstat(fd, &found), 0);
	assert_int_equal(found.st_ino, st.st_ino);
}

static void is_missing(const char *name)
{
	int fd = -1;
	DECLARE_ERR(err);

	assert_int_equal(fs_find(disk(), in(name), FS_FIND_EXISTS, &fd, &err), 1);
	assert_int_equal(fd, -1);
	assert_int_equal(err.kind, ERR_NONE);
}

static void refuses(const char *name, enum fs_find use, const char *text)
{
	int fd = -1;
	DECLARE_ERR(err);

	assert_int_equal(fs_find(disk(), in(name), use, &fd, &err), -1);
	if (!strstr(err.text, text))
		fail_msg("%s: '%s' does not say '%s'", name, err.text, text);
	assert_int_equal(fd, -1);
}

static void what_it_is_makes_no_difference(void **state)
{
	(void)state;
	put("file", "text");
	make_dir("dir", geteuid(), 0755);
	assert_int_equal(mkfifo(in("pipe"), 0600), 0);
	for (enum fs_find use = FS_FIND_EXISTS; use <= FS_FIND_CONNECT; use++) {
		finds("file", use);
		finds("dir", use);
		finds("pipe", use); /* and nobody waits */
	}
	is_missing("gone");
	is_missing("gone/x");
	refuses("file/x", FS_FIND_EXISTS, "/file/x'");
}

static void links_are_followed(void **state)
{
	CLEANUP_FD int fd = -1;
	struct stat found, st;
	DECLARE_ERR(err);

	(void)state;
	put("file", "text");
	put_link("link", "file", geteuid());
	put_link("dangling", "nothing", geteuid());
	assert_int_equal(fs_find(disk(), in("link"), FS_FIND_EXISTS, &fd, &err), 0);
	assert_int_equal(fstat(fd, &found), 0);
	st = stat_of("file");
	assert_int_equal(found.st_ino, st.st_ino);
	is_missing("dangling");
}

/* They may ask of what they can reach, and connect to what they can write. */
static void a_link_of_another_user_leads_to_what_is_theirs_to_use(void **state)
{
	CLEANUP_FD int fd = -1;
	DECLARE_ERR(err);

	(void)state;
	NEEDS_ROOT();
	make_dir("theirs", USER_A, 0755);
	make_dir("closed", 0, 0700);
	put("closed/file", "");
	put("file", "");
	assert_int_equal(chmod(in("file"), 0644), 0);
	put_link("theirs/file", "../file", USER_A);
	put_link("theirs/closed", "../closed/file", USER_A);
	finds("closed/file", FS_FIND_CONNECT);
	refuses("theirs/closed", FS_FIND_EXISTS, "closed");
	refuses("theirs/file", FS_FIND_CONNECT, "theirs/file");
	assert_int_equal(chmod(in("file"), 0666), 0);
	assert_int_equal(
		fs_find(disk(), in("theirs/file"), FS_FIND_CONNECT, &fd, &err), 0);
}

static int find_as_user(void)
{
	int fd = -1;
	DECLARE_ERR(err);

	REQUIRE(become(USER_B) == 0);
	REQUIRE(fs_find(disk(), in("closed/file"), FS_FIND_EXISTS, &fd, &err) == -1);
	REQUIRE(err.code == EACCES);
	REQUIRE(strstr(err.text, "/closed' belongs to 0:0 with mode 0700") != NULL);
	return 0;
}

static void who_is_in_the_way_is_named(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("closed", 0, 0700);
	put("closed/file", "");
	assert_int_equal(in_child(find_as_user), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(what_it_is_makes_no_difference),
		UNIT(links_are_followed),
		UNIT(a_link_of_another_user_leads_to_what_is_theirs_to_use),
		UNIT(who_is_in_the_way_is_named),
	};

	return cmocka_run_group_tests_name("base/fs_find", tests, NULL, NULL);
}
