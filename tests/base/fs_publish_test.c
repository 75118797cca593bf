/* SPDX-License-Identifier: MIT */
/* Names of temporaries, and which of them are swept: no file of a user's own. */
#include "../directory.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/str.h"

#include "fs_child.h"

static int open_directory(void)
{
	int fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void temporaries_have_names_of_their_own(void **state)
{
	char name[NAME_MAX + 1], one[256], other[256];

	(void)state;
	fs_temp_name("app.db", FS_TEMP_LOCKED, one);
	assert_true(str_starts(one, ".app.db.groundwork-"));
	assert_int_equal(strlen(one), strlen(".app.db.groundwork-") + 6);
	fs_temp_name("app.db", FS_TEMP_LOCKED, other);
	assert_string_not_equal(one, other);
	memset(name, 'n', NAME_MAX);
	name[NAME_MAX] = '\0';
	fs_temp_name(name, FS_TEMP_PLAIN, one);
	assert_int_equal(strlen(one), NAME_MAX);
}

static void sweeps_old_temporaries_alone(void **state)
{
	static const struct {
		const char *name;
		bool swept;
	} cases[] = {
		{".app.db.groundwork-0abc12", true},
		{".app.db.groundwork-0abc12-wal", true},
		{".app.db.groundwork-0abc12-shm", true},
		{".app.db.groundwork-0abc12-journal", true},
		{".id.groundwork-0abc12.pub", true},
		{".a.groundwork-b.groundwork-0abc12", true},
		{".id.groundwork-0abc12.crt", true}, /* made beside a {file} */
		{".id.groundwork-0abc12_pub", true},
		{".app.db.groundwork-0abc1", false},
		{".app.db.groundwork-0abc123", false},
		{".app.db.groundwork-0ABC12", false},
		{".app.db.groundwork-backup", false}, /* a user's own name */
		{".app.db.groundwork-", false},
		{"app.db.groundwork-0abc12", false},
		{".groundwork-0abc12", false},
		{"..groundwork-0abc12", false},
		{".env.groundwork-202611", false}, /* a date */
		{".env.groundwork-2x2611", true},
		{".app.db", false},
		{".app.db.lock", false},
		{"app.db", false},
	};
	CLEANUP_FD int fd = open_directory();
	char last[256];

	(void)state;
	fs_temp_name("last", FS_TEMP_PLAIN, last);
	put(last, "");
	age(last, 3700);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		put(cases[i].name, "");
		age(cases[i].name, 3700);
	}
	fs_sweep(disk(), fd);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (exists(cases[i].name) == cases[i].swept)
			fail_msg("%s", cases[i].name);
	assert_false(exists(last));
}

static void sweeps_by_age_and_follows_nothing(void **state)
{
	CLEANUP_FD int fd = open_directory();
	CLEANUP_FD int shared = -1;

	(void)state;
	put(".young.groundwork-0abc12", "");
	age(".young.groundwork-0abc12", 3500);
	put(".future.groundwork-0abc12", "");
	age(".future.groundwork-0abc12", -10000);
	make_dir(".empty.groundwork-0abc12", 0, 0755);
	make_dir(".full.groundwork-0abc12", 0, 0755);
	put(".full.groundwork-0abc12/file", "");
	make_dir("shared", 0, 0777);
	make_dir("shared/.full.groundwork-0abc12", 0, 0755);
	put("shared/.full.groundwork-0abc12/file", "");
	age("shared/.full.groundwork-0abc12", 3700);
	put("target", "");
	age("target", 10000);
	put_link(".link.groundwork-0abc12", "target", 0);
	age(".empty.groundwork-0abc12", 3700);
	age(".full.groundwork-0abc12", 3700);
	age(".link.groundwork-0abc12", 3700);
	fs_sweep(disk(), fd);
	assert_true(exists(".young.groundwork-0abc12"));
	assert_true(exists(".future.groundwork-0abc12"));
	assert_false(exists(".empty.groundwork-0abc12"));
	assert_false(exists(".full.groundwork-0abc12"));
	/* There it may be another's that was renamed. */
	shared = openat(fd, "shared", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(shared >= 0);
	fs_sweep(disk(), shared);
	assert_true(exists("shared/.full.groundwork-0abc12/file"));
	assert_false(exists(".link.groundwork-0abc12"));
	assert_true(exists("target"));
}

static void staging_sweeps(void **state)
{
	static const struct fs_attr attr = {
		.mode = 0644, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	DECLARE_ERR(err);
	enum fs_outcome outcome;

	(void)state;
	put(".other.groundwork-0abc12", "");
	age(".other.groundwork-0abc12", 3700);
	assert_int_equal(
		fs_write(disk(), in("file"), "", 0, &attr, false, &outcome, &err), 0);
	assert_int_equal(entries(""), 1);
}

static int rename_new(void)
{
	CLEANUP_FD int fd = open_directory();

	REQUIRE(fs_rename_new(fd, "temp", fd, "there") == 1);
	REQUIRE(fs_rename_new(fd, "temp", fd, "dangling") == 1);
	REQUIRE(fs_rename_new(fd, "temp", fd, "dir") == 1);
	REQUIRE(fs_rename_new(fd, "gone", fd, "new") == -1 && errno == ENOENT);
	REQUIRE(fs_rename_new(fd, "temp", fd, "new") == 0);
	return 0;
}

static int rename_new_by_link(void)
{
	MUST(deny(SYS_renameat2, EINVAL));
	return rename_new();
}

static int rename_new_after_a_look(void)
{
	MUST(deny(SYS_renameat2, ENOSYS));
	MUST(deny(SYS_linkat, ENOTSUP));
	return rename_new();
}

static void renames_without_replacing(int (*way)(void))
{
	put("temp", "ours");
	put("there", "theirs");
	make_dir("dir", 0, 0755);
	put_link("dangling", "nothing", 0);
	CHILD_OR_SKIP(way, "no system call filters here");
	text_is("new", "ours");
	text_is("there", "theirs");
	assert_false(exists("temp"));
	assert_int_equal(stat_of("new").st_nlink, 1);
}

static void renames_by_noreplace(void **state)
{
	(void)state;
	renames_without_replacing(rename_new);
}

static void renames_by_link(void **state)
{
	(void)state;
	renames_without_replacing(rename_new_by_link);
}

static void renames_after_a_look(void **state)
{
	(void)state;
	renames_without_replacing(rename_new_after_a_look);
}

static int rename_on_a_broken_disk(void)
{
	CLEANUP_FD int fd = open_directory();

	MUST(deny(SYS_renameat2, EIO));
	REQUIRE(fs_rename_new(fd, "temp", fd, "new") == -1 && errno == EIO);
	return 0;
}

static void falls_back_only_where_the_call_is_unknown(void **state)
{
	(void)state;
	put("temp", "ours");
	CHILD_OR_SKIP(rename_on_a_broken_disk, "no system call filters here");
	assert_false(exists("new"));
}

static int sync_unreadable(void)
{
	CLEANUP_FD int fd = -1;

	MUST(become(USER_A));
	fd = open(in("dir"), O_PATH | O_DIRECTORY | O_CLOEXEC);
	REQUIRE(fs_sync_dir(fd) == 0);
	return 0;
}

static int sync_unknown(void)
{
	CLEANUP_FD int fd = open_directory();

	MUST(deny(SYS_fsync, EINVAL));
	REQUIRE(fs_sync_dir(fd) == 0);
	return 0;
}

static int sync_broken(void)
{
	CLEANUP_FD int fd = open_directory();

	MUST(deny(SYS_fsync, EIO));
	REQUIRE(fs_sync_dir(fd) == -1 && errno == EIO);
	return 0;
}

static void flushes_the_directory_as_far_as_it_goes(void **state)
{
	CLEANUP_FD int fd = open_directory();

	(void)state;
	assert_int_equal(fs_sync_dir(fd), 0);
	CHILD_OR_SKIP(sync_unknown, "no system call filters here");
	CHILD_OR_SKIP(sync_broken, "no system call filters here");
	NEEDS_ROOT();
	make_dir("dir", USER_A, 0300);
	assert_int_equal(in_child(sync_unreadable), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT(temporaries_have_names_of_their_own),
		UNIT(sweeps_old_temporaries_alone),
		UNIT(sweeps_by_age_and_follows_nothing),
		UNIT(staging_sweeps),
		UNIT(renames_by_noreplace),
		UNIT(renames_by_link),
		UNIT(renames_after_a_look),
		UNIT(falls_back_only_where_the_call_is_unknown),
		UNIT(flushes_the_directory_as_far_as_it_goes),
	};

	return cmocka_run_group_tests_name("base/fs_publish", tests, NULL, NULL);
}
