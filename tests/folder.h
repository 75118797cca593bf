/* SPDX-License-Identifier: MIT */
/*
 * A temporary folder for each test, and what is done in it: for setup and teardown,
 * cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown).
 */
#ifndef TESTS_FOLDER_H
#define TESTS_FOLDER_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define USER_A  10001
#define USER_B  10002
#define SKIPPED 77 /* what a child says that could not do what it was to do */

static char folder[PATH_MAX / 2];

static inline int folder_setup(void **state)
{
	const char *top = getenv("TMPDIR");

	(void)state;
	(void)snprintf(folder, sizeof folder, "%s/folder-XXXXXX", top ? top : "/tmp");
	return mkdtemp(folder) && chmod(folder, 0755) == 0 ? 0 : -1;
}

static inline int folder_remove_one(
	const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static inline int folder_teardown(void **state)
{
	(void)state;
	return nftw(folder, folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* The path of a name in the folder; good for the next 15 calls. */
static inline const char *in(const char *name)
{
	static char rooms[16][PATH_MAX];
	static int next;
	char *room = rooms[next++ % 16];

	(void)snprintf(room, PATH_MAX, "%s/%s", folder, name);
	return room;
}

static inline void make_dir(const char *name, uid_t owner, mode_t mode)
{
	assert_int_equal(mkdir(in(name), 0700), 0);
	if (geteuid() == 0)
		assert_int_equal(chown(in(name), owner, owner), 0);
	assert_int_equal(chmod(in(name), mode), 0);
}

static inline void put(const char *name, const char *text)
{
	FILE *file = fopen(in(name), "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
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

static inline bool there(const char *name)
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

/* How many entries a folder has. */
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

static inline void age(const char *name, time_t seconds)
{
	struct timespec times[2] = {{.tv_sec = time(NULL) - seconds}, {0}};

	times[1] = times[0];
	assert_int_equal(utimensat(AT_FDCWD, in(name), times, AT_SYMLINK_NOFOLLOW), 0);
}

/* Runs something that changes the process in a child: its return, or 128+n. */
static inline int in_child(int (*run)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* In a child: 0, or the line that was not true, modulo what an exit code can say. */
#define REQUIRE(condition) \
	do { \
		if (!(condition)) { \
			(void)fprintf(stderr, "line %d: %s\n", __LINE__, #condition); \
			return 1; \
		} \
	} while (0)

/* In a child of root's: becomes that user, with no group but its own. */
static inline int become(uid_t uid)
{
	REQUIRE(setgroups(0, NULL) == 0);
	REQUIRE(setresgid(uid, uid, uid) == 0);
	REQUIRE(setresuid(uid, uid, uid) == 0);
	return 0;
}

#define NEEDS_ROOT() \
	do { \
		if (geteuid() != 0) { \
			print_message("needs root\n"); \
			skip(); \
		} \
	} while (0)

/* Runs it in a child, which must end with 0; SKIPPED skips the test for that reason. */
#define CHILD_OR_SKIP(run, reason) \
	do { \
		int child_code = in_child(run); \
\
		if (child_code == SKIPPED) { \
			print_message("%s\n", reason); \
			skip(); \
		} \
		assert_int_equal(child_code, 0); \
	} while (0)

#define UNIT(test) cmocka_unit_test_setup_teardown(test, folder_setup, folder_teardown)

#endif
