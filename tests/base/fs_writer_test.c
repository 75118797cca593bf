/* SPDX-License-Identifier: MIT */
/* Whose a text is, and what is read for them. */
#include "base/fs_writer.h"
#include "../directory.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fs_keep.h"

#include "disk.h"

static void expect(const char *name, const char *text, bool known)
{
	CLEANUP_BUF struct buf who = BUF_INIT;
	struct fs *fs = disk();
	struct fs_writer writer;
	struct stat st;
	DECLARE_ERR(err);

	fs->app = USER_B;
	fs->app_group = USER_B;
	assert_int_equal(fs_find_writer(fs, in(name), &writer, &st, &err), 0);
	if (writer.by != FS_NOBODY)
		fs_writer_text(&writer, &who);
	assert_string_equal(who.data ? who.data : "", text);
	assert_int_equal(fs_writer_is_known(fs, &writer), known);
	fs->app = FS_INHERIT;
}

/* For files beside those of the steps: who asks is the same, what is kept is not. */
static void the_same_rights_have_nothing_of_what_is_kept(void **state)
{
	const char *key = "owner";
	const struct fs fs = {.guarded = true,
		.root = 1,
		.self = 2,
		.owner = 3,
		.owner_key = key,
		.app = 4,
		.app_group = 5,
		.named_by = {.by = FS_ANYONE},
		.swept_inode = 6};
	const struct fs same = fs_same_rights(&fs);

	(void)state;
	assert_true(same.guarded);
	assert_int_equal(same.root, 1);
	assert_int_equal(same.self, 2);
	assert_int_equal(same.owner, FS_INHERIT);
	assert_null(same.owner_key);
	assert_int_equal(same.app, 4);
	assert_int_equal(same.app_group, 5);
	assert_int_equal(same.named_by.by, FS_NOBODY);
	assert_int_equal(same.swept_inode, 0);
}

static void put_file(const char *name, uid_t owner, mode_t mode)
{
	put(name, "x");
	assert_int_equal(chown(in(name), owner, owner), 0);
	assert_int_equal(chmod(in(name), mode), 0);
}

static void who_can_change_a_file_is_found(void **state)
{
	static const struct {
		const char *dir;
		uid_t owner;
		mode_t mode;
		const char *text;
		bool known;
	} cases[] = {
		{"roots", 0, 0644, "", true},
		{"roots", USER_A, 0644, "its owner, user 10001", false},
		{"roots", USER_B, 0600, "its owner, user 10002", true},
		{"roots", 0, 0664, "group 0", true},
		{"roots", 0, 0666, "everybody", false},
		{"roots", USER_B, 0664, "group 10002", true},
		{"roots", USER_A, 0664, "group 10001", false},
		{"roots", USER_B, 0646, "everybody", false},
		{"sticky", 0, 0600, "", true},
		{"sticky", USER_A, 0600, "its owner, user 10001", false},
		{"anyones", 0, 0644,
			"others, who can exchange a directory or link on its path", true},
		{"anyones", USER_A, 0644,
			"others, who can exchange a directory or link on its path",
			false},
		{"apps", 0, 0644,
			"user 10002, who can exchange a directory or link on its path",
			true},
		{"apps", USER_A, 0644, "its owner, user 10001", false},
	};

	(void)state;
	NEEDS_ROOT();
	make_dir("roots", 0, 0755);
	make_dir("sticky", 0, 01777);
	make_dir("anyones", 0, 0777);
	make_dir("apps", USER_B, 0755);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_BUF struct buf name = BUF_INIT;

		buf_printf(&name, "%s/f", cases[i].dir);
		put_file(name.data, cases[i].owner, cases[i].mode);
		expect(name.data, cases[i].text, cases[i].known);
		assert_int_equal(unlink(in(name.data)), 0);
	}
}

static void read_for(enum fs_control by, const char *name, int expected)
{
	const struct fs_writer writer = {.by = by, .uid = USER_A};
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct fs *fs = disk();
	DECLARE_ERR(err);

	fs_read_for(fs, &writer);
	assert_int_equal(
		fs_read(fs, in(name), FS_ANY, 100, &text, &err) < 0 ? -1 : 0, expected);
	fs_read_for(fs, &(struct fs_writer){.by = FS_NOBODY});
}

static void what_is_read_for_others_is_what_they_may_read(void **state)
{
	(void)state;
	NEEDS_ROOT();
	put_file("roots", 0, 0600);
	put_file("open", 0, 0644);
	put_file("groups", 0, 0640);
	put_file("theirs", USER_A, 0600);
	make_dir("closed", 0, 0700);
	put_file("closed/open", 0, 0644);
	assert_int_equal(symlink("roots", in("link")), 0);
	read_for(FS_NOBODY, "roots", 0);
	read_for(FS_SOMEBODY, "roots", -1);
	read_for(FS_SOMEBODY, "groups", -1);
	read_for(FS_SOMEBODY, "open", 0);
	read_for(FS_SOMEBODY, "theirs", 0);
	read_for(FS_SOMEBODY, "closed/open", -1);
	read_for(FS_SOMEBODY, "link", -1);
	read_for(FS_ANYONE, "theirs", -1);
	read_for(FS_ANYONE, "open", 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(who_can_change_a_file_is_found),
		UNIT(the_same_rights_have_nothing_of_what_is_kept),
		UNIT(what_is_read_for_others_is_what_they_may_read),
	};

	return cmocka_run_group_tests_name("base/fs_writer", tests, NULL, NULL);
}
