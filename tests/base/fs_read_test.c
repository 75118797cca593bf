/* SPDX-License-Identifier: MIT */
/* Reading what is there: limits, links, empty directories. */
#include "../child.h"
#include "../directory.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_reader.h"

#include "disk.h"

static void reads(enum fs_rule rule, const char *name, size_t limit, const char *expected)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	if (fs_read(disk(), in(name), rule, limit, &text, &err) != 0)
		fail_msg("%s: %s", name, err.text);
	assert_string_equal(text.data, expected);
	assert_int_equal(text.len, strlen(expected));
}

static void fails(enum fs_rule rule, const char *name, const char *expected)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	assert_int_equal(fs_read(disk(), in(name), rule, 4, &text, &err), -1);
	if (!strstr(err.text, expected))
		fail_msg("%s: '%s' does not say '%s'", name, err.text, expected);
}

static void reads_whole_files_up_to_a_limit(void **state)
{

	(void)state;
	put("four", "four");
	put("empty", "");
	put("five!", "five!");
	make_dir("dir", 0, 0755);
	assert_int_equal(mkfifo(in("pipe"), 0600), 0);
	for (enum fs_rule rule = FS_ANY; rule <= FS_TARGET; rule++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		DECLARE_ERR(err);

		reads(rule, "four", 4, "four");
		reads(rule, "empty", 0, "");
		fails(rule, "five!", "five!' is larger than 4 bytes");
		fails(rule, "dir", "is a directory, not a file");
		fails(rule, "pipe", "is a pipe, not a file"); /* and does not wait */
		fails(rule, "four/x", "");
		assert_int_equal(fs_read(disk(), in("gone"), rule, 4, &text, &err), 1);
		assert_int_equal(fs_read(disk(), in("gone/x"), rule, 4, &text, &err), 1);
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
	reads(FS_ANY, "link", 4, "text");
	assert_int_equal(fs_read(disk(), in("dangling"), FS_ANY, 4, &text, &err), 1);
	fails(FS_TARGET, "link", "is a symbolic link, not a file");
	fails(FS_TARGET, "dangling", "is a symbolic link, not a file");
}

static int read_what_is_closed(void)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(err);

	REQUIRE(become(USER_B) == 0);
	REQUIRE(fs_read(disk(), in("file"), FS_TARGET, 4, &text, &err) == -1);
	REQUIRE(err.code == EACCES);
	REQUIRE(strstr(err.text,
			": it belongs to 0:0 with mode 0600, and we are "
			"10002:10002; give that user access") != NULL);
	REQUIRE(fs_read(disk(), in("file"), FS_ANY, 4, &text, &err) == -1 &&
		err.code == EACCES);
	REQUIRE(fs_read(disk(), in("link"), FS_ANY, 4, &text, &err) == -1);
	REQUIRE(strstr(err.text, "/link' belongs to 0:0 with mode 0600") != NULL);
	REQUIRE(fs_read(disk(), in("file"), FS_ANY, 4, &text, &err) == -1);
	REQUIRE(strstr(err.text, ": it belongs to 0:0 with mode 0600") != NULL);
	REQUIRE(fs_read(disk(), in("d/deep/file"), FS_ANY, 4, &text, &err) == -1);
	REQUIRE(strstr(err.text,
			"/d' belongs to 0:0 with mode 0700, and we are "
			"10002:10002") != NULL);
	return 0;
}

static struct fs_reader one_reader = FS_READER_INIT;

/* By a reader that stays in the directory of the last file. */
static void reads_in_a_row(const char *name, const char *expected)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_FD int fd = -1;
	struct stat st;
	DECLARE_ERR(err);

	if (fs_reader_open(&one_reader, disk(), in(name), &fd, &st, &err) != 0)
		fail_msg("%s: %s", name, err.text);
	assert_int_equal(fd_read_all(fd, 4, &text), 0);
	assert_string_equal(text.data, expected);
}

static void fails_in_a_row(const char *name, const char *expected)
{
	CLEANUP_FD int fd = -1;
	struct stat st;
	DECLARE_ERR(err);

	assert_int_equal(
		fs_reader_open(&one_reader, disk(), in(name), &fd, &st, &err), -1);
	if (!strstr(err.text, expected))
		fail_msg("%s: '%s' does not say '%s'", name, err.text, expected);
	assert_int_equal(fd, -1);
}

static void a_reader_opens_files_alone(void **state)
{
	CLEANUP_FD int fd = -1;
	struct stat st;
	DECLARE_ERR(err);

	(void)state;
	make_dir("dir", 0, 0755);
	assert_int_equal(mkfifo(in("pipe"), 0600), 0);
	put("four", "four");
	fails_in_a_row("dir", "is a directory, not a file");
	fails_in_a_row("pipe", "is a pipe, not a file");
	fails_in_a_row("four/x", "");
	assert_int_equal(
		fs_reader_open(&one_reader, disk(), in("gone"), &fd, &st, &err), 1);
	assert_int_equal(
		fs_reader_open(&one_reader, disk(), in("gone/x"), &fd, &st, &err), 1);
	reads_in_a_row("four", "four");
	fs_reader_release(&one_reader);
}

static void a_reader_says_what_is_there(void **state)
{
	struct stat st;
	DECLARE_ERR(err);

	(void)state;
	put("five", "fives");
	put_link("link", "five", 0);
	assert_int_equal(fs_reader_stat(&one_reader, disk(), in("five"), &st, &err), 0);
	assert_true(S_ISREG(st.st_mode) && st.st_size == 5);
	assert_int_equal(fs_reader_stat(&one_reader, disk(), in("link"), &st, &err), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(fs_reader_stat(&one_reader, disk(), in("gone"), &st, &err), 1);
	assert_int_equal(fs_reader_stat(&one_reader, disk(), in("gone/x"), &st, &err), 1);
	assert_int_equal(
		fs_reader_stat(&one_reader, disk(), in("five/x"), &st, &err), -1);
	fs_reader_release(&one_reader);
}

static void a_reader_walks_anew_where_it_must(void **state)
{
	(void)state;
	make_dir("a", 0, 0755);
	make_dir("b", 0, 0755);
	put("a/1", "a1");
	put("a/2", "a2");
	put("b/1", "b1");
	put_link("a/link", "../b/1", 0);
	put_link("c", "b", 0);
	reads_in_a_row("a/1", "a1");
	reads_in_a_row("a/2", "a2");
	reads_in_a_row("a/link", "b1");
	reads_in_a_row("a/1", "a1");
	reads_in_a_row("b/1", "b1");
	reads_in_a_row("c/1", "b1");
	/* It stays in a directory that another has taken the name of. */
	reads_in_a_row("a/1", "a1");
	assert_int_equal(rename(in("a"), in("old")), 0);
	assert_int_equal(rename(in("b"), in("a")), 0);
	reads_in_a_row("a/2", "a2");
	fs_reader_release(&one_reader);
	reads_in_a_row("a/1", "b1");
	fs_reader_release(&one_reader);
}

/* What was found on the way to a directory holds for each file in it. */
static void a_reader_asks_of_each_file(void **state)
{
	CLEANUP_READER struct fs_reader row = FS_READER_INIT;
	CLEANUP_FD int fd = -1;
	struct stat st;
	DECLARE_ERR(err);

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	put("secret", "secret");
	assert_int_equal(chmod(in("secret"), 0600), 0);
	put("d/open", "open");
	put("d/closed", "closed");
	assert_int_equal(chmod(in("d/closed"), 0600), 0);
	assert_int_equal(link(in("secret"), in("d/linked")), 0);
	put_link("d/link", "../secret", USER_A);
	assert_int_equal(fs_reader_open(&row, disk(), in("d/open"), &fd, &st, &err), 0);
	close_fd(&fd);
	assert_int_equal(fs_reader_open(&row, disk(), in("d/closed"), &fd, &st, &err), 0);
	close_fd(&fd);
	assert_int_equal(
		fs_reader_open(&row, disk(), in("d/linked"), &fd, &st, &err), -1);
	assert_int_equal(fs_reader_open(&row, disk(), in("d/open"), &fd, &st, &err), 0);
	close_fd(&fd);
	assert_int_equal(fs_reader_open(&row, disk(), in("d/link"), &fd, &st, &err), -1);
	assert_int_equal(fd, -1);
}

static void names_who_may_not_read(void **state)
{
	(void)state;
	NEEDS_ROOT();
	put("file", "text");
	assert_int_equal(chmod(in("file"), 0600), 0);
	put_link("link", "file", 0);
	make_dir("d", 0, 0700);
	assert_int_equal(in_child(read_what_is_closed), 0);
}

static void knows_an_empty_directory(void **state)
{
	DECLARE_ERR(err);

	(void)state;
	make_dir("dir", 0, 0755);
	put_link("link", "dir", 0);
	assert_int_equal(fs_dir_empty(disk(), in("gone"), &err), 1);
	assert_int_equal(fs_dir_empty(disk(), in("dir"), &err), 1);
	make_dir("dir/lost+found", 0, 0755);
	assert_int_equal(fs_dir_empty(disk(), in("dir"), &err), 1);
	assert_int_equal(fs_dir_empty(disk(), in("link"), &err), 1);
	put("dir/.hidden", "");
	assert_int_equal(fs_dir_empty(disk(), in("dir"), &err), 0);
	assert_int_equal(err.kind, ERR_NONE);
	assert_int_equal(fs_dir_empty(disk(), in("dir/.hidden"), &err), -1);
	assert_int_equal(err.code, ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(reads_whole_files_up_to_a_limit),
		UNIT(a_target_is_not_read_through_a_link),
		UNIT(a_reader_opens_files_alone),
		UNIT(a_reader_says_what_is_there),
		UNIT(a_reader_walks_anew_where_it_must),
		UNIT(a_reader_asks_of_each_file),
		UNIT(names_who_may_not_read),
		UNIT(knows_an_empty_directory),
	};

	return cmocka_run_group_tests_name("base/fs_read", tests, NULL, NULL);
}
