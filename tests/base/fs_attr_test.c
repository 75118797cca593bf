/* SPDX-License-Identifier: MIT */
/* Types, owners and modes: what differs, and putting it right. */
#include "../directory.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"

#include "fs_child.h"

#define INHERIT .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT

static void names_types(void **state)
{
	(void)state;
	assert_string_equal(fs_type_name(S_IFREG | 0644), "file");
	assert_string_equal(fs_type_name(S_IFDIR), "directory");
	assert_string_equal(fs_type_name(S_IFLNK), "symbolic link");
	assert_string_equal(fs_type_name(S_IFIFO), "pipe");
	assert_string_equal(fs_type_name(S_IFSOCK), "socket");
	assert_string_equal(fs_type_name(S_IFBLK), "device");
	assert_string_equal(fs_type_name(S_IFCHR), "device");
}

/* As the user who runs this. */
static int compares_attributes(void)
{
	static const struct {
		struct fs_attr attr;
		const char *root, *user; /* what is said to root, and to who is not */
	} cases[] = {
		{{.mode = 0600, .uid = USER_B, .gid = USER_B}, "", ""},
		{{.mode = 0644, .fix_mode = true}, "", ""},
		{{.mode = 0600, .fix_mode = true}, "mode 0644, not 0600",
			"mode 0644, not 0600"},
		{{.uid = USER_A, .gid = USER_A, .fix_uid = true, .fix_gid = true}, "",
			""},
		{{.uid = USER_B, .fix_uid = true}, "owner 10001, not 10002", ""},
		{{.gid = 0, .fix_gid = true}, "group 10001, not 0", ""},
		{{.mode = 04644, .uid = 1, .gid = 2, true, true, true},
			"mode 0644, not 4644, owner 10001, not 1, group 10001, not 2",
			"mode 0644, not 4644"},
	};
	struct stat st = {.st_mode = S_IFREG | 0644, .st_uid = USER_A, .st_gid = USER_A};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf why = BUF_INIT;
		const char *expected = geteuid() == 0 ? cases[i].root : cases[i].user;

		buf_puts(&why, "before");
		REQUIRE(fs_attr_differs(&st, &cases[i].attr, &why) ==
			(*expected != '\0'));
		REQUIRE(strcmp(why.data + strlen("before"), expected) == 0);
	}
	return 0;
}

static int compares_as_owner(void)
{
	REQUIRE(become(USER_A) == 0);
	return compares_attributes();
}

static int compares_as_another(void)
{
	struct stat st = {.st_mode = S_IFREG | 0644, .st_uid = USER_A, .st_gid = USER_A};
	struct fs_attr attr = {.mode = 0600, .fix_mode = true};
	CLEANUP_BUF struct buf why = BUF_INIT;

	REQUIRE(become(USER_B) == 0);
	REQUIRE(fs_attr_differs(&st, &attr, &why) == 0);
	return 0;
}

static void names_what_differs(void **state)
{
	(void)state;
	NEEDS_ROOT();
	assert_int_equal(compares_attributes(), 0);
	assert_int_equal(in_child(compares_as_owner), 0);
	assert_int_equal(in_child(compares_as_another), 0);
}

static void something_new_takes_owners_from_its_directory(void **state)
{
	struct fs_attr attr = {.uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	CLEANUP_FD int fd = -1;

	(void)state;
	NEEDS_ROOT();
	assert_int_equal(chown(directory, USER_A, USER_B), 0);
	fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(fs_resolve_owner(fd, &attr), 0);
	assert_int_equal(attr.uid, USER_A);
	assert_int_equal(attr.gid, USER_B);
	attr = (struct fs_attr){.uid = 0, .gid = (gid_t)FS_INHERIT};
	assert_int_equal(fs_resolve_owner(fd, &attr), 0);
	assert_int_equal(attr.uid, 0);
	assert_int_equal(attr.gid, USER_B);
}

/* ---- putting right ---- */

static int fix(const char *name, const struct fs_attr *attr, enum fs_outcome *outcome,
	struct err *err)
{
	err_init(err);
	struct stat st;
	bool dir = lstat(in(name), &st) == 0 && S_ISDIR(st.st_mode);

	return fs_fix(disk(), in(name), dir ? S_IFDIR : S_IFREG, attr, outcome, err);
}

static void puts_the_mode_right(void **state)
{
	struct fs_attr attr = {.mode = 0600, INHERIT, .fix_mode = true};
	enum fs_outcome outcome;
	struct err err;

	(void)state;
	put("file", "");
	assert_int_equal(chmod(in("file"), 0644), 0);
	assert_int_equal(fix("file", &attr, &outcome, &err), 0);
	assert_int_equal(outcome, FS_FIXED);
	mode_is("file", 0600);
	assert_int_equal(fix("file", &attr, &outcome, &err), 0);
	assert_int_equal(outcome, FS_THERE);
	attr = (struct fs_attr){.mode = 0777, INHERIT};
	assert_int_equal(fix("file", &attr, &outcome, &err), 0);
	assert_int_equal(outcome, FS_THERE);
	mode_is("file", 0600);
	assert_int_equal(fix("gone", &attr, &outcome, &err), -1);
	put_link("link", "file", 0);
	attr = (struct fs_attr){.mode = 0666, INHERIT, .fix_mode = true};
	assert_int_equal(fix("link", &attr, &outcome, &err), -1);
	mode_is("file", 0600);
}

static void puts_the_owner_right(void **state)
{
	struct fs_attr attr = {.mode = 0640,
		.uid = USER_A,
		.gid = USER_B,
		.fix_uid = true,
		.fix_gid = true};
	enum fs_outcome outcome;
	struct err err;

	(void)state;
	NEEDS_ROOT();
	put("file", "");
	assert_int_equal(chmod(in("file"), 0666), 0);
	assert_int_equal(fix("file", &attr, &outcome, &err), 0);
	assert_int_equal(outcome, FS_FIXED);
	owner_is("file", USER_A, USER_B);
	mode_is("file", 0666);
	attr.fix_mode = true;
	assert_int_equal(fix("file", &attr, &outcome, &err), 0);
	mode_is("file", 0640);
}

/* Who owns the directory could have put a program there to have it given to root. */
static void a_new_owner_gets_no_set_id_bits(void **state)
{
	struct fs_attr attr = {.uid = 0, .gid = 0, .fix_uid = true, .fix_gid = true};
	enum fs_outcome outcome;
	struct err err;

	(void)state;
	NEEDS_ROOT();
	make_dir("a", USER_A, 0755);
	put("a/program", "");
	assert_int_equal(chown(in("a/program"), USER_A, USER_A), 0);
	assert_int_equal(chmod(in("a/program"), 06755), 0);
	assert_int_equal(fix("a/program", &attr, &outcome, &err), 0);
	owner_is("a/program", 0, 0);
	mode_is("a/program", 0755);
	attr = (struct fs_attr){.mode = 04755,
		.uid = USER_A,
		.gid = USER_A,
		.fix_mode = true,
		.fix_uid = true,
		.fix_gid = true};
	assert_int_equal(fix("a/program", &attr, &outcome, &err), 0);
	mode_is("a/program", 04755);
}

static void root_gives_no_file_with_other_names_away(void **state)
{
	struct fs_attr attr = {.mode = 0666, .uid = USER_A, .fix_uid = true};
	enum fs_outcome outcome;
	struct err err;

	(void)state;
	NEEDS_ROOT();
	make_dir("a", USER_A, 0755);
	put("secret", "");
	assert_int_equal(chmod(in("secret"), 0600), 0);
	assert_int_equal(link(in("secret"), in("a/file")), 0);
	assert_int_equal(fix("a/file", &attr, &outcome, &err), -1);
	assert_non_null(strstr(err.text, "has 2 hard links"));
	attr.fix_uid = false;
	attr.fix_mode = true;
	assert_int_equal(fix("a/file", &attr, &outcome, &err), -1);
	owner_is("secret", 0, 0);
	mode_is("secret", 0600);
	/* What is theirs already is not given away, but it would be opened to others. */
	assert_int_equal(chown(in("secret"), USER_A, USER_A), 0);
	attr.fix_uid = true;
	assert_int_equal(fix("a/file", &attr, &outcome, &err), -1);
	mode_is("secret", 0600);
	attr.mode = 0400;
	assert_int_equal(fix("a/file", &attr, &outcome, &err), -1);
	mode_is("secret", 0600);
}

static int fix_and_fail_to_give(void)
{
	struct fs_attr attr = {
		.mode = 0640, .uid = USER_B, .gid = USER_B, true, true, true};
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(deny(SYS_fchown, EIO));
	REQUIRE(fs_fix(disk(), in("file"), S_IFREG, &attr, &outcome, &err) == -1);
	return 0;
}

static void rights_are_taken_away_before_the_owner_changes(void **state)
{
	(void)state;
	NEEDS_ROOT();
	put("file", "");
	assert_int_equal(chmod(in("file"), 0666), 0);
	CHILD_OR_SKIP(fix_and_fail_to_give, "no system call filters here");
	mode_is("file", 0640);
	owner_is("file", 0, 0);
}

static void what_is_of_another_type_is_not_changed(void **state)
{
	struct fs_attr attr = {.mode = 02775, INHERIT, .fix_mode = true};
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	(void)state;
	put("file", "");
	assert_int_equal(chmod(in("file"), 0600), 0);
	make_dir("dir", 0, 0700);
	assert_int_equal(fs_fix(disk(), in("file"), S_IFDIR, &attr, &outcome, &err), -1);
	assert_non_null(strstr(err.text, "is a file, not a directory"));
	assert_int_equal(fs_fix(disk(), in("dir"), S_IFREG, &attr, &outcome, &err), -1);
	assert_non_null(strstr(err.text, "is a directory, not a file"));
	mode_is("file", 0600);
	mode_is("dir", 0700);
}

static int fix_as_another_user(void)
{
	struct fs_attr attr = {
		.mode = 0600, .uid = USER_B, .gid = USER_B, true, true, true};
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(become(USER_B));
	/* Not ours to change, and we can read it: that has to do. */
	REQUIRE(fs_fix(disk(), in("file"), S_IFREG, &attr, &outcome, &err) == 0 &&
		outcome == FS_THERE);
	REQUIRE(fs_fix(disk(), in("closed"), S_IFREG, &attr, &outcome, &err) == 0 &&
		outcome == FS_THERE);
	/* Ours, and closed to us: nothing is right or wrong with its owner. */
	REQUIRE(fs_fix(disk(), in("own"), S_IFREG, &attr, &outcome, &err) == 0 &&
		outcome == FS_THERE);
	attr.mode = 0640;
	REQUIRE(fs_fix(disk(), in("own"), S_IFREG, &attr, &outcome, &err) == 0 &&
		outcome == FS_FIXED);
	return 0;
}

static void not_root_what_is_not_ours_counts_as_in_place(void **state)
{
	(void)state;
	NEEDS_ROOT();
	put("file", "");
	put("closed", "");
	put("own", "");
	assert_int_equal(chmod(in("file"), 0644), 0);
	assert_int_equal(chmod(in("closed"), 0600), 0);
	assert_int_equal(chown(in("own"), USER_B, USER_A), 0);
	assert_int_equal(chmod(in("own"), 0600), 0);
	assert_int_equal(in_child(fix_as_another_user), 0);
	mode_is("file", 0644);
	mode_is("own", 0640);
	owner_is("own", USER_B, USER_A);
}

static int fix_without_chown(void)
{
	struct fs_attr attr = {.uid = USER_A, .fix_uid = true};
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(drop_capability(CAP_CHOWN));
	REQUIRE(fs_fix(disk(), in("file"), S_IFREG, &attr, &outcome, &err) == 0 &&
		outcome == FS_THERE);
	return 0;
}

static void root_that_may_not_chown_goes_on(void **state)
{
	(void)state;
	NEEDS_ROOT();
	put("file", "");
	assert_int_equal(in_child(fix_without_chown), 0);
	owner_is("file", 0, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(names_types),
		UNIT(names_what_differs),
		UNIT(something_new_takes_owners_from_its_directory),
		UNIT(puts_the_mode_right),
		UNIT(puts_the_owner_right),
		UNIT(a_new_owner_gets_no_set_id_bits),
		UNIT(root_gives_no_file_with_other_names_away),
		UNIT(not_root_what_is_not_ours_counts_as_in_place),
		UNIT(rights_are_taken_away_before_the_owner_changes),
		UNIT(what_is_of_another_type_is_not_changed),
		UNIT(root_that_may_not_chown_goes_on),
	};

	return cmocka_run_group_tests_name("base/fs_attr", tests, NULL, NULL);
}
