/* SPDX-License-Identifier: MIT */
/* Which temporaries are swept at once: what a killed process left, and nothing in use. */
#include <sys/file.h>

#include "../directory.h"
#include "base/err.h"
#include "base/fs_internal.h"

#include "disk.h"

static const struct fs_attr plain = {
	.mode = 0644, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};

/* Sweeps the directory as another process would. */
static void sweep(const char *name)
{
	CLEANUP_FS struct fs other = FS_INIT;
	int fd = open(in(name), O_PATH | O_DIRECTORY | O_CLOEXEC);

	fs_begin(&other);
	fs_sweep(&other, fd);
	(void)close(fd);
}

static void what_a_killed_process_left_goes_at_once(void **state)
{
	static const struct {
		const char *name, *text;
		bool swept;
	} cases[] = {
		{".a.db.groundwork-01bc12", "x", true},
		{".a.db.groundwork-01bc12-wal", "x", true},
		{".a.db.groundwork-02bc12-journal", "x", true}, /* without its file */
		{".a.db.groundwork-03bc12", "", false},         /* not locked yet */
		{".a.db.groundwork-0abc12", "x", false},        /* never locked */
		{".a.db.groundwork-0abc12-wal", "x", false},
		{".a.db.groundwork-backup", "x", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		put(cases[i].name, cases[i].text);
	sweep(".");
	if (exists(cases[0].name))
		SKIP("the file system is not known to be local");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (exists(cases[i].name) == cases[i].swept)
			fail_msg("%s", cases[i].name);
}

static void a_file_that_is_made_stays(void **state)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	enum fs_outcome outcome;
	char wal[512];
	DECLARE_ERR(err);

	(void)state;
	assert_int_equal(fs_stage_open(disk(), &stage, in("f"), &plain, &err), 0);
	sweep(".");
	assert_true(exists(stage.temp));
	assert_int_equal(fs_stage_write(&stage, "x", 1, &err), 0);
	(void)snprintf(wal, sizeof wal, "%s-wal", stage.temp);
	put(wal, "x");
	sweep(".");
	assert_true(exists(stage.temp) && exists(wal));
	age(stage.temp, 3700); /* it may take that long */
	sweep(".");
	assert_true(exists(stage.temp));
	assert_int_equal(fs_stage_publish(&stage, false, &outcome, &err), 0);
	assert_int_equal(outcome, FS_MADE);
}

static void one_that_has_another_name_goes_by_age(void **state)
{
	char link_name[512];

	(void)state;
	/* As the kernel sees it between link(2) and unlink(2). */
	put(".f.groundwork-01bc12", "x");
	(void)snprintf(link_name, sizeof link_name, "%s", in("f"));
	assert_int_equal(link(in(".f.groundwork-01bc12"), link_name), 0);
	sweep(".");
	assert_true(exists(".f.groundwork-01bc12"));
	age("f", 3700);
	sweep(".");
	assert_false(exists(".f.groundwork-01bc12"));
	assert_true(exists("f"));
}

/* Until this process ends. */
static void lock(const char *name)
{
	int fd = open(in(name), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_int_equal(flock(fd, LOCK_SH), 0);
}

static void a_directory_goes_with_what_is_in_it(void **state)
{
	static const struct {
		const char *name, *file;
		int age_s;
		bool locked, swept;
	} cases[] = {
		{".private.groundwork-0abc12", ".f.groundwork-01bc12", 0, false, true},
		{".scratch.groundwork-0abc12", "f", 0, false, true},
		{".app.groundwork-0abc12", "f", 0, false, true},
		/* Not locked yet, … */
		{".private.groundwork-1abc12", NULL, 0, false, false},
		{".app.groundwork-1abc12", NULL, 0, false, false},
		{".private.groundwork-2abc12", ".f.groundwork-01bc12", 0, true, false},
		{".app.groundwork-2abc12", "f", 0, true, false},
		/* … or killed before. */
		{".private.groundwork-3abc12", NULL, 70, false, true},
		{".private.groundwork-4abc12", NULL, 70, true, false},
	};
	char path[128];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		make_dir(cases[i].name, 0, 0700);
		(void)snprintf(path, sizeof path, "%s/%s", cases[i].name,
			cases[i].file ? cases[i].file : "");
		if (cases[i].file)
			put(path, "x");
		if (cases[i].locked)
			lock(cases[i].name);
		age(cases[i].name, cases[i].age_s);
	}
	sweep(".");
	if (exists(cases[0].name))
		SKIP("the file system is not known to be local");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (exists(cases[i].name) == cases[i].swept)
			fail_msg("%s", cases[i].name);
}

static void a_private_directory_in_use_stays(void **state)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	struct fs *fs = disk();
	enum fs_outcome outcome;
	DECLARE_ERR(err);

	(void)state;
	NEEDS_ROOT();
	make_dir("d", USER_A, 0755);
	assert_int_equal(fs_stage_open(fs, &stage, in("d/f"), &plain, &err), 0);
	assert_int_equal(fs_stage_write(&stage, "x", 1, &err), 0);
	assert_true(fs->private.name[0]);
	sweep("d");
	assert_int_equal(fs_stage_publish(&stage, false, &outcome, &err), 0);
}

static void temporaries_are_counted_with_their_room(void **state)
{
	int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char text[9000];
	uint64_t bytes;

	(void)state;
	memset(text, 'x', sizeof text);
	put_bytes(".f.groundwork-0abc12", text, sizeof text);
	make_dir(".private.groundwork-0abc12", geteuid(), 0700);
	put_bytes(".private.groundwork-0abc12/.g.groundwork-0abc12", text, sizeof text);
	put_bytes("other", text, sizeof text);
	assert_int_equal(fs_count_temps(fd, &bytes), 2);
	assert_true(bytes >= 2 * sizeof text && bytes < 3 * sizeof text);
	(void)close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(what_a_killed_process_left_goes_at_once),
		UNIT(a_file_that_is_made_stays),
		UNIT(one_that_has_another_name_goes_by_age),
		UNIT(a_directory_goes_with_what_is_in_it),
		UNIT(a_private_directory_in_use_stays),
		UNIT(temporaries_are_counted_with_their_room),
	};

	return cmocka_run_group_tests_name("base/fs_in_use", tests, NULL, NULL);
}
