/* SPDX-License-Identifier: MIT */
/*
 * A temporary folder for tests: files written into it, and all of it removed again.
 *
 *	struct folder folder;
 *	folder_make(&folder);
 *	folder_write(&folder, "conf.d/10-a.ini", "[app]\n");
 *	folder_remove(&folder);
 */
#ifndef TESTS_CONF_FOLDER_H
#define TESTS_CONF_FOLDER_H

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct folder {
	char path[200];
};

static inline void folder_make(struct folder *folder)
{
	const char *temp = getenv("TMPDIR");

	(void)snprintf(folder->path, sizeof folder->path, "%s/groundwork-conf-XXXXXX",
		temp && *temp ? temp : "/tmp");
	assert_non_null(mkdtemp(folder->path));
}

/* The path of `name` in the folder; one at a time for each of four. */
static inline const char *folder_path(const struct folder *folder, const char *name)
{
	static char paths[4][PATH_MAX];
	static int next;
	char *path = paths[next++ % 4];

	(void)snprintf(path, PATH_MAX, "%s/%s", folder->path, name);
	return path;
}

/* Makes the file's own folder, too. */
static inline void folder_write_size(
	const struct folder *folder, const char *name, const char *text, size_t size)
{
	char parent[PATH_MAX];
	FILE *file;

	(void)snprintf(parent, sizeof parent, "%s", folder_path(folder, name));
	*strrchr(parent, '/') = '\0';
	(void)mkdir(parent, 0700); /* it may be there */
	file = fopen(folder_path(folder, name), "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static inline void folder_write(
	const struct folder *folder, const char *name, const char *text)
{
	folder_write_size(folder, name, text, strlen(text));
}

static inline int folder_remove_one(
	const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline void folder_remove(struct folder *folder)
{
	assert_int_equal(
		nftw(folder->path, folder_remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

#endif
