/* SPDX-License-Identifier: MIT */
/* Where a command may make a file, and what of it is taken over. */
#include "../directory.h"
#include "base/err.h"
#include "base/fs_scratch.h"
#include "base/stop.h"

#include "fs_child.h"

/* A private place of our own, for what would else lie in /run. */
static struct fs_scratch_user user_of(uid_t uid, enum fs_scratch_use use)
{
	static struct stop never = STOP_INIT;

	return (struct fs_scratch_user){
		.uid = uid, .gid = uid, .use = use, .tmpdir = in("tmp"), .stop = &never};
}

static void open_it(
	struct fs_scratch *scratch, const char *name, uid_t uid, enum fs_scratch_use use)
{
	struct fs_scratch_user user = user_of(uid, use);
	DECLARE_ERR(err);

	if (fs_scratch_open(disk(), scratch, in(name), &user, &err) < 0)
		fail_msg("%s", err.text);
}

static bool is_beside(const struct fs_scratch *scratch, const char *dir)
{
	return strncmp(scratch->path, in(dir), strlen(in(dir))) == 0;
}

static void lies_where_its_user_alone_can_exchange_it(void **state)
{
	static const struct {
		uid_t owner;
		mode_t mode;
		uid_t user;
		enum fs_scratch_use use;
		bool beside;
	} cases[] = {
		{0, 0755, 0, FS_SCRATCH_MAKE, true},
		{USER_A, 0755, USER_A, FS_SCRATCH_MAKE, true},
		{USER_A, 0755, 0, FS_SCRATCH_MAKE, false},
		{USER_A, 0755, USER_B, FS_SCRATCH_MAKE, false},
		{USER_A, 0755, 0, FS_SCRATCH_LOOK, false},
		{0, 0777, 0, FS_SCRATCH_MAKE, false},
		{0, 01777, USER_A, FS_SCRATCH_MAKE, false},
		{USER_A, 02775, USER_A, FS_SCRATCH_MAKE, false},
		{0, 0755, USER_A, FS_SCRATCH_MAKE, false}, /* who could not write there */
		{0, 0755, USER_A, FS_SCRATCH_LOOK, true},
		{0, 0700, USER_A, FS_SCRATCH_LOOK, false},
		{0, 0755, USER_A, FS_SCRATCH_DIR, true},
		{0, 0700, USER_A, FS_SCRATCH_DIR, false},
		{0, 01777, USER_A, FS_SCRATCH_DIR, false},
		{USER_A, 0755, USER_A, FS_SCRATCH_DIR, true},
		{USER_A, 0755, 0, FS_SCRATCH_DIR, false},
		{USER_B, 0755, USER_A, FS_SCRATCH_DIR, false},
	};

	(void)state;
	NEEDS_ROOT();
	make_dir("tmp", 0, 01777);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
		char dir[16], name[32];

		(void)snprintf(dir, sizeof dir, "d%zu", i);
		(void)snprintf(name, sizeof name, "d%zu/f", i);
		make_dir(dir, cases[i].owner, cases[i].mode);
		open_it(&scratch, name, cases[i].user, cases[i].use);
		if (is_beside(&scratch, dir) != cases[i].beside)
			fail_msg("case %zu: %s", i, scratch.path);
		if (!cases[i].beside) {
			assert_true(is_beside(&scratch, "tmp"));
			assert_int_equal((entries)("tmp"), 1);
		}
		fs_scratch_release(&scratch);
		assert_int_equal((entries)("tmp"), 0);
	}
}

static void a_place_that_others_control_is_passed_over(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;

	(void)state;
	NEEDS_ROOT();
	make_dir("tmp", USER_B, 0755);
	make_dir("d", USER_A, 0755);
	open_it(&scratch, "d/f", 0, FS_SCRATCH_MAKE);
	assert_false(is_beside(&scratch, "tmp"));
	assert_false(is_beside(&scratch, "d"));
}

static void takes_over_what_was_made(void **state)
{
	static const char *const dirs[] = {"d", "volume"};

	(void)state;
	make_dir("tmp", 0, 01777);
	make_dir("d", 0, 0755);
	make_dir("volume", USER_A, 0755);
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
		enum fs_outcome outcome;
		char name[32];
		FILE *file;
		DECLARE_ERR(err);

		(void)snprintf(name, sizeof name, "%s/f", dirs[i]);
		open_it(&scratch, name, geteuid(), FS_SCRATCH_MAKE);
		assert_int_equal(fs_scratch_publish(&scratch, &outcome, &err), 1);
		file = fopen(scratch.path, "we");
		assert_non_null(file);
		assert_true(fputs("by hand", file) >= 0);
		assert_int_equal(fclose(file), 0);
		assert_int_equal(chmod(scratch.path, 0751), 0);
		assert_int_equal(fs_scratch_publish(&scratch, &outcome, &err), 0);
		assert_int_equal(outcome, FS_MADE);
		text_is(name, "by hand");
		mode_is(name, 0751);
		fs_scratch_release(&scratch);
		assert_int_equal((entries)(dirs[i]), 1);
	}
	assert_int_equal((entries)("tmp"), 0);
}

static void replaces_nothing(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	open_it(&scratch, "d/f", geteuid(), FS_SCRATCH_MAKE);
	assert_int_equal(fs_scratch_fill(&scratch, "ours", 4,
				 &(struct fs_attr){.mode = 0640,
					 .uid = FS_INHERIT,
					 .gid = (gid_t)FS_INHERIT},
				 &err),
		0);
	put("d/f", "theirs");
	assert_int_equal(fs_scratch_publish(&scratch, &outcome, &err), 0);
	assert_int_equal(outcome, FS_THERE);
	text_is("d/f", "theirs");
}

static void takes_over_files_alone(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	put("theirs", "theirs");
	open_it(&scratch, "d/f", geteuid(), FS_SCRATCH_MAKE);
	assert_int_equal(symlink(in("theirs"), scratch.path), 0);
	assert_int_equal(fs_scratch_publish(&scratch, &outcome, &err), -1);
	assert_non_null(strstr(err.text, "is a symbolic link"));
	assert_int_equal(unlink(scratch.path), 0);
	assert_int_equal(mkfifo(scratch.path, 0600), 0);
	assert_int_equal(fs_scratch_publish(&scratch, &outcome, &err), -1);
	assert_non_null(strstr(err.text, "is a pipe, not a file"));
	assert_int_equal(unlink(scratch.path), 0);
	assert_int_equal(link(in("theirs"), scratch.path), 0);
	assert_int_equal(fs_scratch_publish(&scratch, &outcome, &err), -1);
	assert_non_null(strstr(err.text, "has 2 hard links"));
	assert_false(exists("d/f"));
}

static int publish_on_another_device(void)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	MUST(own_mounts());
	if (mount("none", in("tmp"), "tmpfs", 0, "mode=1777") < 0)
		return SKIPPED;
	open_it(&scratch, "volume/f", USER_B, FS_SCRATCH_MAKE);
	REQUIRE(is_beside(&scratch, "tmp"));
	REQUIRE(fs_scratch_fill(&scratch, "text", 4,
			&(struct fs_attr){.mode = 04755, .uid = USER_B, .gid = USER_B},
			&err) == 0);
	REQUIRE(fs_scratch_publish(&scratch, &outcome, &err) == 0);
	fs_end(scratch.fs);
	return outcome == FS_MADE ? 0 : 1;
}

static void on_another_file_system_it_is_copied(void **state)
{
	(void)state;
	NEEDS_ROOT();
	make_dir("tmp", 0, 01777);
	make_dir("volume", USER_A, 0755);
	CHILD_OR_SKIP(publish_on_another_device, "no mounts here");
	text_is("volume/f", "text");
	owner_is("volume/f", USER_B, USER_B);
	mode_is("volume/f", 0755); /* no set-id bit comes with a copy */
	assert_int_equal((entries)("volume"), 1);
}

/* ssh-keygen makes NAME.pub beside NAME. */
static void what_else_was_made_goes_with_it(void **state)
{
	static const char *const dirs[] = {"d", "volume"};

	(void)state;
	NEEDS_ROOT();
	make_dir("tmp", 0, 01777);
	make_dir("d", 0, 0755);
	make_dir("volume", USER_A, 0755);
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
		char name[32], other[8192];
		FILE *file;

		(void)snprintf(name, sizeof name, "%s/f", dirs[i]);
		open_it(&scratch, name, 0, FS_SCRATCH_MAKE);
		(void)snprintf(other, sizeof other, "%s.pub", scratch.path);
		file = fopen(other, "we");
		assert_non_null(file);
		assert_int_equal(fclose(file), 0);
		fs_scratch_release(&scratch);
		assert_int_equal((entries)(dirs[i]), 0);
	}
	assert_int_equal((entries)("tmp"), 0);
}

static void one_that_is_in_use_is_not_swept(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	CLEANUP_SCRATCH struct fs_scratch other = FS_SCRATCH_INIT;
	char name[512];

	(void)state;
	NEEDS_ROOT();
	make_dir("tmp", 0, 01777);
	make_dir("volume", USER_A, 0755);
	open_it(&scratch, "volume/f", 0, FS_SCRATCH_MAKE);
	(void)snprintf(name, sizeof name, "tmp/%s", scratch.dir);
	age(name, 7200);
	open_it(&other, "volume/g", 0, FS_SCRATCH_MAKE);
	assert_true(exists(name));
	fs_scratch_release(&scratch);
	assert_false(exists(name));
	/* One that was left behind goes with all that is in it. */
	make_dir("tmp/.scratch.groundwork-0abc12", USER_B, 0700);
	put("tmp/.scratch.groundwork-0abc12/.f.groundwork-0abc12.pub", "");
	age("tmp/.scratch.groundwork-0abc12", 7200);
	fs_scratch_release(&other);
	open_it(&other, "volume/g", 0, FS_SCRATCH_MAKE);
	assert_false(exists("tmp/.scratch.groundwork-0abc12"));
}

static void a_command_can_reach_what_it_looks_at(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;

	(void)state;
	NEEDS_ROOT();
	make_dir("tmp", 0, 01777);
	make_dir("closed", 0, 0700);
	make_dir("closed/app", 0, 0755);
	open_it(&scratch, "closed/app/f", USER_A, FS_SCRATCH_LOOK);
	assert_true(is_beside(&scratch, "tmp"));
}

/* What a command finds in the scratch: as lstat(2). */
static int find(const struct fs_scratch *scratch, const char *name, struct stat *ret)
{
	CLEANUP_BUF struct buf path = BUF_INIT;

	buf_printf(&path, "%s/%s", scratch->path, name);
	return lstat(path.data, ret);
}

static void a_tree_has_what_was_put_into_it(void **state)
{
	static const struct fs_scratch_object objects[] = {
		{.name = "new/deep/file", .data = "new", .size = 3},
		{.name = "new/empty"},
		{.name = "program", .data = "", .size = 0, .executable = true},
		{.name = "link", .target = "new/deep/file"},
	};
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct stat st;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	open_it(&scratch, "d/site", geteuid(), FS_SCRATCH_TREE);
	for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
		assert_int_equal(fs_scratch_put(&scratch, &objects[i], &err), 0);
	assert_int_equal(fs_scratch_link_rest(&scratch, &err), 0);
	assert_int_equal(find(&scratch, "new/deep/file", &st), 0);
	assert_true(S_ISREG(st.st_mode) && st.st_size == 3 && !(st.st_mode & 0111));
	assert_int_equal(find(&scratch, "new/empty", &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(find(&scratch, "program", &st), 0);
	assert_true(S_ISREG(st.st_mode) && st.st_size == 0 && (st.st_mode & 0100));
	assert_int_equal(find(&scratch, "link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal((entries)("d"), 1);
	fs_scratch_release(&scratch);
	assert_int_equal((entries)("d"), 0);
}

static void a_tree_links_to_what_else_is_there(void **state)
{
	static const struct fs_scratch_object new = {
		.name = "both/new", .data = "new", .size = 3};
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct stat st;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	make_dir("d/site", 0, 0755);
	make_dir("d/site/both", 0, 0755);
	make_dir("d/site/theirs", 0, 0755);
	put("d/site/both/new", "old");
	put("d/site/both/kept", "kept");
	put("d/site/.x.groundwork-0abcde", "a temporary");
	open_it(&scratch, "d/site", geteuid(), FS_SCRATCH_TREE);
	assert_int_equal(fs_scratch_put(&scratch, &new, &err), 0);
	assert_int_equal(fs_scratch_link_rest(&scratch, &err), 0);
	assert_int_equal(find(&scratch, "both/new", &st), 0);
	assert_true(S_ISREG(st.st_mode) && st.st_size == 3);
	assert_int_equal(find(&scratch, "both/kept", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(find(&scratch, "theirs", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(find(&scratch, ".x.groundwork-0abcde", &st), -1);
	fs_scratch_release(&scratch);
	text_is("d/site/both/new", "old");
	text_is("d/site/both/kept", "kept");
}

/* Root writes into it: nobody may enter it before it is whole. */
static void a_tree_is_its_users_only_when_it_is_filled(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct stat st;
	DECLARE_ERR(err);

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	open_it(&scratch, "d/site", USER_A, FS_SCRATCH_TREE);
	assert_int_equal(stat(scratch.path, &st), 0);
	assert_int_equal(st.st_uid, 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(
		fs_scratch_put(&scratch,
			&(struct fs_scratch_object){.name = "f", .data = "x", .size = 1},
			&err),
		0);
	assert_int_equal(fs_scratch_give(&scratch, &err), 0);
	assert_int_equal(stat(scratch.path, &st), 0);
	assert_int_equal(st.st_uid, USER_A);
}

static void links_to_the_rest_end_with_a_stop(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct stop past = {.fd = -1, .deadline_ms = 1};
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	make_dir("d/site", 0, 0755);
	open_it(&scratch, "d/site", geteuid(), FS_SCRATCH_TREE);
	scratch.user.stop = &past;
	assert_int_equal(fs_scratch_link_rest(&scratch, &err), 0);
	put("d/site/x", "x");
	assert_int_equal(fs_scratch_link_rest(&scratch, &err), -1);
	assert_string_equal(err.text, "the deadline has passed");
}

static int fail_to_list_the_rest(void)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	DECLARE_ERR(err);

	open_it(&scratch, "d/site", geteuid(), FS_SCRATCH_TREE);
	MUST(deny(SYS_getdents64, EIO));
	REQUIRE(fs_scratch_link_rest(&scratch, &err) == -1);
	REQUIRE(strstr(err.text, "d/site': Input/output error"));
	return 0;
}

static int fail_to_look_inside(void)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	open_it(&scratch, "d/new", geteuid(), FS_SCRATCH_DIR);
	MUST(deny(SYS_getdents64, EIO));
	REQUIRE(fs_scratch_publish_dir(&scratch, &outcome, &err) == -1);
	REQUIRE(strstr(err.text, "read what was made for"));
	return 0;
}

static void a_directory_that_cannot_be_read_is_no_empty_one(void **state)
{
	(void)state;
	make_dir("tmp", 0, 01777);
	make_dir("d", 0, 0755);
	make_dir("d/site", 0, 0755);
	put("d/site/kept", "kept");
	CHILD_OR_SKIP(fail_to_list_the_rest, "no system call filters here");
	CHILD_OR_SKIP(fail_to_look_inside, "no system call filters here");
	assert_false(exists("d/new"));
}

static void confines_to(struct fs_scratch *scratch, const char *text)
{
	size_t count = 0;
	DECLARE_ERR(err);

	assert_int_equal(fs_scratch_confine(scratch, &count, &err), -1);
	if (!strstr(err.text, text))
		fail_msg("%s: not %s", err.text, text);
}

static void what_was_unpacked_is_confined(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct stop past = {.fd = -1, .deadline_ms = 1};
	size_t count = 0;
	struct stat st;
	DECLARE_ERR(err);

	(void)state;
	put("d/theirs", "theirs");
	open_it(&scratch, "d/new", geteuid(), FS_SCRATCH_DIR);
	assert_int_equal(fs_scratch_confine(&scratch, &count, &err), 0);
	assert_int_equal(count, 0);
	assert_int_equal(mkdirat(scratch.made, "sub", 0700), 0);
	assert_int_equal(fchmodat(scratch.made, "sub", 01777, 0), 0);
	assert_int_equal(symlinkat("../sub/.//x", scratch.made, "sub/link"), 0);
	assert_int_equal(fs_scratch_confine(&scratch, &count, &err), 0);
	assert_int_equal(count, 2);
	assert_int_equal(fstatat(scratch.made, "sub", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0777);
	/* A name that is not in it. */
	assert_int_equal(
		linkat(AT_FDCWD, in("d/theirs"), scratch.made, "sub/other", 0), 0);
	confines_to(
		&scratch, "the file 'sub/other', a hard link to one that is not in it");
	assert_int_equal(linkat(AT_FDCWD, in("d/theirs"), scratch.made, "another", 0), 0);
	confines_to(&scratch, ", a hard link to one that is not in it");
	assert_int_equal(unlink(in("d/theirs")), 0);
	assert_int_equal(fs_scratch_confine(&scratch, &count, &err), 0);
	assert_int_equal(count, 4);
	assert_int_equal(symlinkat("sub/../..", scratch.made, "out"), 0);
	confines_to(&scratch, "the link 'out' to 'sub/../..', which can lead out");
	scratch.user.stop = &past;
	confines_to(&scratch, "the deadline has passed");
}

/* Another process of the user may have exchanged what we looked at. */
static void rights_of_another_users_file_are_not_ours_to_take(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct stat st;

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	put("d/file", "theirs");
	open_it(&scratch, "d/new", USER_A, FS_SCRATCH_DIR);
	assert_int_equal(chmod(in("d/file"), 04755), 0);
	assert_int_equal(renameat(AT_FDCWD, in("d/file"), scratch.made, "file"), 0);
	confines_to(&scratch, "'file', which is another user's and has set-ID bits");
	assert_int_equal(fstatat(scratch.made, "file", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 04755);
}

static void an_id_that_is_not_named_is_its_directorys(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct stat st;

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	open_it(&scratch, "d/new", FS_INHERIT, FS_SCRATCH_DIR);
	assert_int_equal(scratch.user.uid, USER_A);
	assert_int_equal(scratch.user.gid, USER_A);
	assert_true(is_beside(&scratch, "d"));
	assert_int_equal(fstat(scratch.made, &st), 0);
	assert_int_equal(st.st_uid, USER_A);
	assert_int_equal(st.st_gid, USER_A);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(lies_where_its_user_alone_can_exchange_it),
		UNIT(a_place_that_others_control_is_passed_over),
		UNIT(takes_over_what_was_made),
		UNIT(replaces_nothing),
		UNIT(takes_over_files_alone),
		UNIT(on_another_file_system_it_is_copied),
		UNIT(what_else_was_made_goes_with_it),
		UNIT(one_that_is_in_use_is_not_swept),
		UNIT(a_command_can_reach_what_it_looks_at),
		UNIT(a_tree_has_what_was_put_into_it),
		UNIT(a_tree_links_to_what_else_is_there),
		UNIT(a_tree_is_its_users_only_when_it_is_filled),
		UNIT(links_to_the_rest_end_with_a_stop),
		UNIT(a_directory_that_cannot_be_read_is_no_empty_one),
		UNIT(what_was_unpacked_is_confined),
		UNIT(rights_of_another_users_file_are_not_ours_to_take),
		UNIT(an_id_that_is_not_named_is_its_directorys),
	};

	return cmocka_run_group_tests_name("base/fs_scratch", tests, NULL, NULL);
}
