/* SPDX-License-Identifier: MIT */
/* What a command made beside its file is published with it, or none of it is. */
#include "../directory.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fs_scratch.h"
#include "base/stop.h"

#include "fs_child.h"

static void open_scratch(struct fs_scratch *scratch, const char *name)
{
	static struct stop never = STOP_INIT;
	struct fs_scratch_user user = {.uid = geteuid(),
		.gid = getegid(),
		.use = FS_SCRATCH_MAKE,
		.tmpdir = in("tmp"),
		.stop = &never};
	DECLARE_ERR(err);

	if (fs_scratch_open(disk(), scratch, in(name), &user, &err) < 0)
		fail_msg("%s", err.text);
}

static void make_file(const struct fs_scratch *scratch, const char *ending, mode_t mode)
{
	CLEANUP_BUF struct buf path = BUF_INIT;
	FILE *file;

	buf_printf(&path, "%s%s", scratch->path, ending);
	file = fopen(path.data, "we");
	assert_non_null(file);
	assert_true(fprintf(file, "made%s", ending) > 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path.data, mode), 0);
}

static void is_published_with_the_file(void **state)
{
	static const char *const dirs[] = {"d", "volume"};

	(void)state;
	NEEDS_ROOT();
	make_dir("tmp", 0, 01777);
	make_dir("d", 0, 0755);
	make_dir("volume", USER_A, 0755);
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
		enum fs_outcome outcome;
		char name[32];
		DECLARE_ERR(err);

		(void)snprintf(name, sizeof name, "%s/id", dirs[i]);
		open_scratch(&scratch, name);
		make_file(&scratch, "", 0600);
		make_file(&scratch, ".pub", 0644);
		make_file(&scratch, "\n x", 0640);
		make_file(&scratch, "-wal", 0640);
		assert_int_equal(fs_scratch_publish(&scratch, &outcome, &err), 0);
		assert_int_equal(outcome, FS_MADE);
		text_is(name, "made");
		mode_is(name, 0600);
		(void)snprintf(name, sizeof name, "%s/id.pub", dirs[i]);
		text_is(name, "made.pub");
		mode_is(name, 0644);
		owner_is(name, 0, 0);
		(void)snprintf(name, sizeof name, "%s/id\n x", dirs[i]);
		text_is(name, "made\n x");
		fs_scratch_release(&scratch);
		assert_int_equal(entries(dirs[i]), 3);
	}
	assert_int_equal(entries("tmp"), 0);
}

static void a_name_that_is_taken_takes_all_back(void **state)
{
	static const char *const dirs[] = {"d", "volume"};

	(void)state;
	NEEDS_ROOT();
	make_dir("tmp", 0, 01777);
	make_dir("d", 0, 0755);
	make_dir("volume", USER_A, 0755);
	for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++) {
		CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
		enum fs_outcome outcome;
		char name[32], taken[32];
		DECLARE_ERR(err);

		(void)snprintf(name, sizeof name, "%s/id", dirs[i]);
		(void)snprintf(taken, sizeof taken, "%s/id.k", dirs[i]);
		put(taken, "theirs");
		open_scratch(&scratch, name);
		make_file(&scratch, "", 0600);
		for (char ending[] = ".a"; ending[1] <= 'p'; ending[1]++)
			make_file(&scratch, ending, 0644);
		assert_int_equal(fs_scratch_publish(&scratch, &outcome, &err), -1);
		assert_non_null(strstr(err.text, "/id.k', which the command makes with"));
		text_is(taken, "theirs");
		make_file(&scratch, "", 0600);
		for (char ending[] = ".a"; ending[1] <= 'q'; ending[1]++)
			make_file(&scratch, ending, 0644);
		assert_int_equal(fs_scratch_publish(&scratch, &outcome, &err), -1);
		assert_non_null(strstr(err.text, "made more than 16 files beside"));
		fs_scratch_release(&scratch);
		assert_int_equal(entries(dirs[i]), 1);
	}
}

static void a_file_that_exists_stays_alone(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	(void)state;
	make_dir("d", 0, 0755);
	open_scratch(&scratch, "d/id");
	make_file(&scratch, "", 0600);
	make_file(&scratch, ".pub", 0644);
	put("d/id", "theirs");
	assert_int_equal(fs_scratch_publish(&scratch, &outcome, &err), 0);
	assert_int_equal(outcome, FS_THERE);
	text_is("d/id", "theirs");
	fs_scratch_release(&scratch);
	assert_int_equal(entries("d"), 1);
}

static void publishes_not(struct fs_scratch *scratch, const char *text)
{
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	assert_int_equal(fs_scratch_publish(scratch, &outcome, &err), -1);
	if (!strstr(err.text, text))
		fail_msg("%s: not %s", err.text, text);
	assert_false(exists("d/id"));
}

static void what_is_beside_it_must_be_files(void **state)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	CLEANUP_BUF struct buf path = BUF_INIT;

	(void)state;
	make_dir("d", 0, 0755);
	put("theirs", "theirs");
	open_scratch(&scratch, "d/id");
	make_file(&scratch, "", 0600);
	buf_printf(&path, "%s.x", scratch.path);
	assert_int_equal(symlink(in("theirs"), path.data), 0);
	publishes_not(&scratch, "d/id.x' is a symbolic link, not a file");
	assert_int_equal(unlink(path.data), 0);
	assert_int_equal(link(in("theirs"), path.data), 0);
	publishes_not(&scratch, "d/id.x' has 2 hard links");
	assert_int_equal(unlink(path.data), 0);
	assert_int_equal(mkdir(path.data, 0700), 0);
	publishes_not(&scratch, "d/id.x' is a directory, not a file");
	fs_scratch_release(&scratch);
	assert_int_equal(entries("d"), 0);
}

static int publish_by_links(void)
{
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	open_scratch(&scratch, "d/id");
	make_file(&scratch, "", 0600);
	make_file(&scratch, ".pub", 0644);
	MUST(deny(SYS_renameat2, EINVAL));
	REQUIRE(fs_scratch_publish(&scratch, &outcome, &err) == 0);
	return outcome == FS_MADE ? 0 : 1;
}

static void goes_by_links_where_there_is_no_other_way(void **state)
{
	(void)state;
	make_dir("d", 0, 0755);
	CHILD_OR_SKIP(publish_by_links, "no system call filters here");
	text_is("d/id", "made");
	text_is("d/id.pub", "made.pub");
	assert_int_equal(entries("d"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(is_published_with_the_file),
		UNIT(a_name_that_is_taken_takes_all_back),
		UNIT(a_file_that_exists_stays_alone),
		UNIT(what_is_beside_it_must_be_files),
		UNIT(goes_by_links_where_there_is_no_other_way),
	};

	return cmocka_run_group_tests_name("base/fs_scratch_publish", tests, NULL, NULL);
}
