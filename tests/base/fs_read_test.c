/* SPDX-License-Identifier: MIT */
/* Reading what is there: limits, types, differing attributes, empty folders. */
#include "../child.h"
#include "../directory.h"
#include "base/err.h"
#include "base/fs.h"

#include "disk.h"

typedef int reader(const struct fs *fs, const char *path, size_t limit, struct buf *ret,
	struct stat *st, struct err *err);

static void reads(reader *read_it, const char *name, size_t limit, const char *expected)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);
	struct stat st;

	if (read_it(disk(), in(name), limit, &text, &st, &err) != 0)
		fail_msg("%s: %s", name, err.text);
	assert_string_equal(text.data, expected);
	assert_int_equal(st.st_size, strlen(expected));
}

static void fails(reader *read_it, const char *name, const char *expected)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	assert_int_equal(read_it(disk(), in(name), 4, &text, NULL, &err), -1);
	if (!strstr(err.text, expected))
		fail_msg("%s: '%s' does not say '%s'", name, err.text, expected);
}

static void reads_whole_files_up_to_a_limit(void **state)
{
	static reader *const readers[] = {fs_read, fs_read_target};

	(void)state;
	put("four", "four");
	put("empty", "");
	put("five!", "five!");
	make_dir("dir", 0, 0755);
	assert_int_equal(mkfifo(in("pipe"), 0600), 0);
	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		DECLARE_ERR(err);

		reads(readers[i], "four", 4, "four");
		reads(readers[i], "empty", 0, "");
		fails(readers[i], "five!", "five!' is larger than 4 bytes");
		fails(readers[i], "dir", "is a directory, not a file");
		fails(readers[i], "pipe",
			"is a pipe, not a file"); /* and does not wait */
		fails(readers[i], "four/x", "");
		assert_int_equal(readers[i](disk(), in("gone"), 4, &text, NULL, &err), 1);
		assert_int_equal(
			readers[i](disk(), in("gone/x"), 4, &text, NULL, &err), 1);
		assert_int_equal(text.len, 0);
		assert_int_equal(err.kind, ERR_NONE);
	}
}

static void a_target_is_not_read_through_a_link(void **state)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	(void)state;
	put("file", "text");
	put_link("link", "file", 0);
	put_link("dangling", "nothing", 0);
	reads(fs_read, "link", 4, "text");
	assert_int_equal(fs_read(disk(), in("dangling"), 4, &text, NULL, &err), 1);
	fails(fs_read_target, "link", "is a symbolic link, not a file");
	fails(fs_read_target, "dangling", "is a symbolic link, not a file");
}

static int read_what_is_closed(void)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	REQUIRE(become(USER_B) == 0);
	REQUIRE(fs_read_target(disk(), in("file"), 4, &text, NULL, &err) == -1);
	REQUIRE(err.code == EACCES && strstr(err.text, "we are 10002:10002") != NULL);
	REQUIRE(fs_read(disk(), in("file"), 4, &text, NULL, &err) == -1 &&
		err.code == EACCES);
	return 0;
}

static void tells_who_may_not_read(void **state)
{
	(void)state;
	NEEDS_ROOT();
	put("file", "text");
	assert_int_equal(chmod(in("file"), 0600), 0);
	assert_int_equal(in_child(read_what_is_closed), 0);
}

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

/* Is it told so by whoever runs this? */
static int compares_attributes(void)
{
	static const struct {
		struct fs_attr attr;
		const char *root, *user; /* what root is told, and who is not root */
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

static void tells_what_differs(void **state)
{
	(void)state;
	NEEDS_ROOT();
	assert_int_equal(compares_attributes(), 0);
	assert_int_equal(in_child(compares_as_owner), 0);
	assert_int_equal(in_child(compares_as_another), 0);
}

static void knows_an_empty_folder(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	make_dir("dir", 0, 0755);
	put_link("link", "dir", 0);
	assert_int_equal(fs_dir_empty(in("gone"), &err), 1);
	assert_int_equal(fs_dir_empty(in("dir"), &err), 1);
	make_dir("dir/lost+found", 0, 0755);
	assert_int_equal(fs_dir_empty(in("dir"), &err), 1);
	assert_int_equal(fs_dir_empty(in("link"), &err), 1);
	put("dir/.hidden", "");
	assert_int_equal(fs_dir_empty(in("dir"), &err), 0);
	assert_int_equal(err.kind, ERR_NONE);
	assert_int_equal(fs_dir_empty(in("dir/.hidden"), &err), -1);
	assert_int_equal(err.code, ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(reads_whole_files_up_to_a_limit),
		UNIT(a_target_is_not_read_through_a_link),
		UNIT(tells_who_may_not_read),
		cmocka_unit_test(names_types),
		UNIT(tells_what_differs),
		UNIT(knows_an_empty_folder),
	};

	return cmocka_run_group_tests_name("base/fs_read", tests, NULL, NULL);
}
