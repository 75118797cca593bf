/* SPDX-License-Identifier: MIT */
/*
 * A temporary directory for each test, and what is done in it. UNIT(test) is a test that
 * has one; where it needs more, its own setup and teardown call directory_setup() and
 * directory_teardown(). Names are relative to the directory.
 */
#ifndef TESTS_DIRECTORY_H
#define TESTS_DIRECTORY_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sys/stat.h>
#include <time.h>

#include "unit.h"

/* Who owns nothing, unless a test gives it to them. */
#define USER_A 10001
#define USER_B 10002

static char directory[PATH_MAX / 2];

/* Creates the directory, open to all users. */
static inline int directory_setup(void **state)
{
	const char *parent = getenv("TMPDIR");

	(void)state;
	(void)snprintf(directory, sizeof directory, "%s/groundwork-XXXXXX",
		parent && *parent ? parent : "/tmp");
	return mkdtemp(directory) && chmod(directory, 0755) == 0 ? 0 : -1;
}

static inline int directory_remove_entry(
	const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

/* Removes it with all that is in it. */
static inline int directory_teardown(void **state)
{
	(void)state;
	return nftw(directory, directory_remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

#define UNIT(test) \
	cmocka_unit_test_setup_teardown(test, directory_setup, directory_teardown)

/* The absolute path of a name, valid for the next 15 calls. */
static inline const char *in(const char *name)
{
	static char paths[16][PATH_MAX];
	static int next;
	char *path = paths[next++ % 16];

	(void)snprintf(path, PATH_MAX, "%s/%s", directory, name);
	return path;
}

/* Creates a directory; it is given to its owner only where we are root. */
static inline void make_dir(const char *name, uid_t owner, mode_t mode)
{
	assert_int_equal(mkdir(in(name), 0700), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(in(name), owner, owner), 0);
	assert_int_equal(chmod(in(name), mode), 0);
}

/* Writes a file, its parent directory created if missing. */
static inline void put_bytes(const char *name, const void *data, size_t size)
{
	char parent[PATH_MAX];
	FILE *file;

	(void)snprintf(parent, sizeof parent, "%s", in(name));
	*strrchr(parent, '/') = '\0';
	assert_true(mkdir(parent, 0755) == 0 || errno == EEXIST);
	file = fopen(in(name), "we");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static inline void put(const char *name, const char *text)
{
	put_bytes(name, text, strlen(text));
}

static inline void put_link(const char *name, const char *target, uid_t owner)
{
	assert_int_equal(symlink(target, in(name)), 0);
	if (geteuid() == 0)
		assert_int_equal(lchown(in(name), owner, owner), 0);
}

static inline struct stat stat_of(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(in(name), &st), 0);
	return st;
}

static inline bool exists(const char *name)
{
	struct stat st;

	return lstat(in(name), &st) == 0;
}

static inline void text_is(const char *name, const char *expected)
{
	char text[8192];
	FILE *file = fopen(in(name), "re");
	size_t size;

	assert_non_null(file);
	size = fread(text, 1, sizeof text - 1, file);
	text[size] = '\0';
	assert_int_equal(fclose(file), 0);
	assert_string_equal(text, expected);
}

static inline void mode_is(const char *name, mode_t mode)
{
	assert_int_equal(stat_of(name).st_mode & 07777, mode);
}

static inline void owner_is(const char *name, uid_t uid, gid_t gid)
{
	assert_int_equal(stat_of(name).st_uid, uid);
	assert_int_equal(stat_of(name).st_gid, gid);
}

/* How many entries a directory has. */
static inline size_t entries(const char *name)
{
	DIR *dir = opendir(in(name));
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	assert_int_equal(closedir(dir), 0);
	return n - 2;
}

/* Makes it look as if it was last changed so many seconds ago. */
static inline void age(const char *name, time_t seconds)
{
	struct timespec times[2] = {{.tv_sec = time(NULL) - seconds}, {0}};

	times[1] = times[0];
	assert_int_equal(utimensat(AT_FDCWD, in(name), times, AT_SYMLINK_NOFOLLOW), 0);
}

#endif
