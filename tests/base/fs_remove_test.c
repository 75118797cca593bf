/* SPDX-License-Identifier: MIT */
/* Removing what others have filled, however they left it. */
#include "../child.h"
#include "../directory.h"
#include "base/fs_internal.h"

static void remove_it(uid_t uid)
{
	int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);

	fs_remove_all(fd, "d", uid);
	(void)close(fd);
}

/* Deeper than a path can be, with a file in each. */
static int make_deep(int depth)
{
	int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (int i = 0; i < depth; i++) {
		int below, file;

		REQUIRE(mkdirat(fd, "d", 0755) == 0);
		below = openat(fd, "d", O_PATH | O_DIRECTORY | O_CLOEXEC);
		REQUIRE(below >= 0 && close(fd) == 0);
		fd = below;
		file = openat(fd, "f", O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
		REQUIRE(file >= 0 && close(file) == 0);
	}
	return close(fd);
}

static void removes_what_is_deep(void **state)
{
	static const int depths[] = {255, 256, 257, 258, 259, 600, 3000};

	(void)state;
	for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
		assert_int_equal(make_deep(depths[i]), 0);
		remove_it(FS_INHERIT);
		if (exists("d"))
			fail_msg("%d levels deep", depths[i]);
	}
}

static int remove_closed(void)
{
	static const mode_t modes[] = {0, 0100, 0200, 0400, 0500, 0077};

	if (geteuid() == 0)
		REQUIRE(become(USER_A) == 0);
	REQUIRE(chdir(directory) == 0);
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		REQUIRE(mkdir("d", 0755) == 0 && mkdir("d/e", 0755) == 0 &&
			mkdir("d/e/f", 0755) == 0);
		REQUIRE(chmod("d/e/f", modes[i]) == 0 && chmod("d/e", modes[i]) == 0 &&
			chmod("d", modes[i]) == 0);
		remove_it(FS_INHERIT);
		REQUIRE(access("d", F_OK) < 0);
	}
	return 0;
}

static void removes_what_was_closed_to_its_owner(void **state)
{
	(void)state;
	assert_int_equal(chmod(directory, 01777), 0);
	assert_int_equal(in_child(remove_closed), 0);
}

static void enters_directories_of_their_user_alone(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	make_dir("d/own", USER_A, 0755);
	make_dir("d/other", USER_B, 0755);
	put("d/own/f", "x");
	put("d/other/f", "x");
	remove_it(USER_A);
	assert_false(exists("d/own"));
	assert_true(exists("d/other/f"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(removes_what_is_deep),
		UNIT(removes_what_was_closed_to_its_owner),
		UNIT(enters_directories_of_their_user_alone),
	};

	return cmocka_run_group_tests_name("base/fs_remove", tests, NULL, NULL);
}
