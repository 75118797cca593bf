/* SPDX-License-Identifier: MIT */
/* Directories and links by their paths. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/fs_internal.h"

#include "fs_child.h"

#define INHERIT .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT

static enum fs_outcome make(const char *name, const struct fs_attr *attr)
{
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	if (fs_make_dir(disk(), in(name), attr, &outcome, &err) < 0)
		fail_msg("%s", err.text);
	return outcome;
}

static void makes_directories_with_exactly_that_mode(void **state)
{
	static const mode_t modes[] = {0755, 0700, 0777, 01777, 02775, 0};
	char name[16];
	mode_t mask = umask(027);

	(void)state;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		struct fs_attr attr = {.mode = modes[i], INHERIT};

		(void)snprintf(name, sizeof name, "parent/d%zu", i);
		assert_int_equal(make(name, &attr), FS_MADE);
		mode_is(name, modes[i]);
	}
	(void)umask(mask);
	mode_is("parent", 0755);
	assert_int_equal(entries("parent"), sizeof modes / sizeof *modes);
	assert_int_equal(chmod(in("parent/d5"), 0700), 0);
}

static void leaves_a_directory_that_is_there(void **state)
{
	struct fs_attr attr = {.mode = 0700, INHERIT};
	struct stat before, after;

	(void)state;
	make_dir("dir", 0, 0751);
	before = stat_of("");
	assert_int_equal(make("dir", &attr), FS_THERE);
	mode_is("dir", 0751);
	attr.fix_mode = true;
	assert_int_equal(make("dir", &attr), FS_FIXED);
	mode_is("dir", 0700);
	assert_int_equal(make("dir", &attr), FS_THERE);
	/* Nothing came and went beside it. */
	after = stat_of("");
	assert_memory_equal(&after.st_mtim, &before.st_mtim, sizeof before.st_mtim);
}

static void a_directory_is_not_made_of_something_else(void **state)
{
	static const char *const names[] = {"file", "link"};
	struct fs_attr attr = {.mode = 0700, INHERIT, .fix_mode = true};

	(void)state;
	put("file", "text");
	make_dir("dir", 0, 0755);
	put_link("link", "dir", 0);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		enum fs_outcome outcome;
		DECLARE_ERR(err);

		assert_int_equal(
			fs_make_dir(disk(), in(names[i]), &attr, &outcome, &err), -1);
		assert_non_null(
			strstr(err.text, "not a directory; it was left as it is"));
	}
	mode_is("dir", 0755);
}

static void a_directory_keeps_the_group_bit_it_was_born_with(void **state)
{
	struct fs_attr attr = {.mode = 0750, INHERIT, .fix_mode = true};
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct stat st;

	(void)state;
	make_dir("volume", 0, 02775);
	assert_int_equal(make("volume/a", &attr), FS_MADE);
	mode_is("volume/a", 02750);
	st = stat_of("volume/a");
	assert_int_equal(fs_attr_differs(&st, &attr, &why), 0);
	assert_int_equal(chmod(in("volume/a"), 02700), 0);
	assert_int_equal(make("volume/a", &attr), FS_FIXED);
	mode_is("volume/a", 02750);
	NEEDS_ROOT();
	assert_int_equal(chown(in("volume"), USER_A, USER_B), 0);
	assert_int_equal(chmod(in("volume"), 02775), 0);
	assert_int_equal(make("volume/b", &attr), FS_MADE);
	mode_is("volume/b", 02750);
	owner_is("volume/b", USER_A, USER_B);
}

static void roots_directories_belong_to_whom_they_should(void **state)
{
	struct fs_attr given = {.mode = 0750, .uid = USER_B, .gid = USER_A};
	struct fs_attr plain = {.mode = 0755, INHERIT};

	(void)state;
	NEEDS_ROOT();
	make_dir("a", USER_A, 0755);
	assert_int_equal(make("a/inherits/deep", &plain), FS_MADE);
	owner_is("a/inherits", USER_A, USER_A);
	owner_is("a/inherits/deep", USER_A, USER_A);
	assert_int_equal(make("given", &given), FS_MADE);
	owner_is("given", USER_B, USER_A);
	mode_is("given", 0750);
	given.fix_uid = given.fix_gid = true;
	assert_int_equal(make("a/inherits", &given), FS_FIXED);
	owner_is("a/inherits", USER_B, USER_A);
	mode_is("a/inherits", 0755);
}

static int make_without_noreplace(void)
{
	struct fs_attr given = {.mode = 0750, .uid = USER_B, .gid = USER_A};
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(deny(SYS_renameat2, EINVAL));
	REQUIRE(fs_make_dir(disk(), in("new"), &given, &outcome, &err) == 0 &&
		outcome == FS_MADE);
	REQUIRE(fs_make_dir(disk(), in("new"), &given, &outcome, &err) == 0 &&
		outcome == FS_THERE);
	return 0;
}

static void makes_directories_without_noreplace(void **state)
{
	(void)state;
	NEEDS_ROOT();
	CHILD_OR_SKIP(make_without_noreplace, "no system call filters here");
	owner_is("new", USER_B, USER_A);
	mode_is("new", 0750);
	assert_int_equal(entries(""), 1);
}

static int make_in_turn(void)
{
	struct fs_attr given = {
		.mode = 0750, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	int made = 0;

	for (int i = 0; i < 100; i++) {
		char name[32];
		enum fs_outcome outcome;
		DECLARE_ERR(err);

		(void)snprintf(name, sizeof name, "raced/d%d/e", i);
		REQUIRE(fs_make_dir(disk(), in(name), &given, &outcome, &err) == 0);
		made += outcome == FS_MADE;
	}
	fs_end(disk());
	return made > 0 ? 0 : SKIPPED;
}

static void many_make_the_same_directories(void **state)
{
	pid_t pids[3];

	(void)state;
	make_dir("raced", USER_A, 0755);
	for (int i = 0; i < 3; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(make_in_turn());
	}
	for (int i = 0; i < 3; i++) {
		int status;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status));
		assert_int_not_equal(WEXITSTATUS(status), 1);
	}
	assert_int_equal(entries("raced"), 100);
	assert_int_equal(entries("raced/d7"), 1);
	if (geteuid() == 0)
		owner_is("raced/d99/e", USER_A, USER_A);
}

/* ---- links ---- */

static enum fs_outcome link_to(const char *name, const char *target, bool replace)
{
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	if (fs_make_link(disk(), in(name), target, replace, FS_INHERIT, (gid_t)FS_INHERIT,
		    &outcome, &err) < 0)
		fail_msg("%s", err.text);
	return outcome;
}

static void points_to(const char *name, const char *expected)
{
	char target[PATH_MAX];
	ssize_t size = readlink(in(name), target, sizeof target - 1);

	assert_true(size > 0);
	target[size] = '\0';
	assert_string_equal(target, expected);
}

static void makes_links(void **state)
{
	DECLARE_ERR(err);
	enum fs_outcome outcome;

	(void)state;
	assert_int_equal(link_to("dir/link", "../one", false), FS_MADE);
	points_to("dir/link", "../one");
	assert_int_equal(link_to("dir/link", "two", false), FS_THERE);
	points_to("dir/link", "../one");
	assert_int_equal(link_to("dir/link", "two", true), FS_MADE);
	points_to("dir/link", "two");
	assert_int_equal(link_to("dir/new", "three", true), FS_MADE);
	put("dir/file", "theirs");
	for (int replace = 0; replace < 2; replace++) {
		assert_int_equal(fs_make_link(disk(), in("dir/file"), "x", replace,
					 FS_INHERIT, (gid_t)FS_INHERIT, &outcome, &err),
			-1);
		assert_non_null(strstr(err.text, "is a file, not a symbolic link"));
	}
	text_is("dir/file", "theirs");
	assert_int_equal(entries("dir"), 3);
}

static void roots_links_belong_to_the_directories_owner(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("a", USER_A, 0755);
	put("target", "");
	assert_int_equal(link_to("a/link", in("target"), false), FS_MADE);
	owner_is("a/link", USER_A, USER_A);
	owner_is("target", 0, 0);
}

static int fail_to_flush(void)
{
	struct fs_attr attr = {.mode = 0755, INHERIT};
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(deny(SYS_fsync, EIO));
	REQUIRE(fs_make_dir(disk(), in("dir"), &attr, &outcome, &err) == -1);
	REQUIRE(err.code == EIO);
	REQUIRE(fs_make_link(disk(), in("link"), "x", false, FS_INHERIT,
			(gid_t)FS_INHERIT, &outcome, &err) == -1);
	REQUIRE(err.code == EIO);
	return 0;
}

/* Between our look and our making of it another process was faster. */
static void a_directory_that_came_meanwhile_is_not_ours(void **state)
{
	struct fs_attr plain = {.mode = 0755, INHERIT};
	struct fs_attr aside = {.mode = 02755, INHERIT}; /* which no mkdir(2) gives */
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(fs_walk(disk(), in("dir"), &entry, &err), 0);
	make_dir("dir", geteuid(), 0700);
	assert_int_equal(fs_mkdir_at(disk(), &entry, &plain, "dir", &err), 1);
	assert_int_equal(fs_mkdir_at(disk(), &entry, &aside, "dir", &err), 1);
	mode_is("dir", 0700);
	fs_end(disk());
}

#define UNCHANGED "make room and start again; nothing was changed there"

static int run_out_of_room(void)
{
	struct fs_attr attr = {.mode = 0644, INHERIT};
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(deny(SYS_symlinkat, ENOSPC));
	MUST(deny(SYS_fsync, ENOSPC));
	REQUIRE(fs_write(disk(), in("file"), "x", 1, &attr, true, &outcome, &err) == -1);
	REQUIRE(strstr(err.text, UNCHANGED));
	REQUIRE(fs_make_link(disk(), in("link"), "x", false, FS_INHERIT,
			(gid_t)FS_INHERIT, &outcome, &err) == -1);
	REQUIRE(strstr(err.text, UNCHANGED));
	/* It is made, and cannot be flushed. */
	REQUIRE(fs_make_dir(disk(), in("dir"), &attr, &outcome, &err) == -1);
	REQUIRE(strstr(err.text, "make room and start again"));
	REQUIRE(!strstr(err.text, "nothing was changed"));
	return 0;
}

static void that_nothing_was_changed_is_said_where_it_is_so(void **state)
{
	(void)state;
	CHILD_OR_SKIP(run_out_of_room, "no system call filters here");
	assert_true(exists("dir"));
	assert_false(exists("file"));
}

static void names_that_cannot_be_flushed_are_an_error(void **state)
{
	(void)state;
	CHILD_OR_SKIP(fail_to_flush, "no system call filters here");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(makes_directories_with_exactly_that_mode),
		UNIT(leaves_a_directory_that_is_there),
		UNIT(a_directory_is_not_made_of_something_else),
		UNIT(a_directory_keeps_the_group_bit_it_was_born_with),
		UNIT(roots_directories_belong_to_whom_they_should),
		UNIT(makes_directories_without_noreplace),
		UNIT(many_make_the_same_directories),
		UNIT(a_directory_that_came_meanwhile_is_not_ours),
		UNIT(makes_links),
		UNIT(roots_links_belong_to_the_directories_owner),
		UNIT(names_that_cannot_be_flushed_are_an_error),
		UNIT(that_nothing_was_changed_is_said_where_it_is_so),
	};

	return cmocka_run_group_tests_name("base/fs_make", tests, NULL, NULL);
}
