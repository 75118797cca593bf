/* SPDX-License-Identifier: MIT */
/* Whether removing an object would remove what a path leads to. */
#include "base/fs_passes.h"

#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/path.h"
#include "base/str.h"

#define LINKS_MAX 64 /* the kernel follows 40 */

struct search {
	const char *object;
	struct stat st; /* of it */
	int links;      /* that were followed */
};

static bool is_same(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* Of the directory that the last component is in. */
static int stat_parent(const char *path, struct stat *ret)
{
	CLEANUP_BUF struct buf dir = BUF_INIT;

	buf_add(&dir, path, (size_t)(path_base(path) - path));
	return stat(dir.data, ret);
}

/* Is it the object's own name? A file may have others. */
static bool is_name_of(
	const struct search *search, const char *path, const struct stat *st)
{
	struct stat parents[2];

	if (!is_same(&search->st, st))
		return false;
	if (S_ISDIR(st->st_mode) || st->st_nlink < 2)
		return true;
	return str_equal(path_base(path), path_base(search->object)) &&
		stat_parent(path, &parents[0]) == 0 &&
		stat_parent(search->object, &parents[1]) == 0 &&
		is_same(&parents[0], &parents[1]);
}

/* Cuts the last component off. Returns whether there was one. */
static bool go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || !path[1])
		return false;
	slash[slash == path] = '\0'; /* the slash of "/" stays */
	return true;
}

static bool target_passes(struct search *search, const char *link);

/* Cuts `path` down to `size` bytes, a component at a time, and looks at each. */
static bool passes(struct search *search, char *path, size_t size)
{
	struct stat st;

	do {
		if (lstat(path, &st) < 0)
			continue;
		if (is_name_of(search, path, &st))
			return true;
		if (S_ISLNK(st.st_mode) && target_passes(search, path))
			return true;
	} while (go_up(path) && strlen(path) > size);
	return false;
}

/* The directory of a link is above it, and is looked at where the link was met. */
static bool target_passes(struct search *search, const char *link)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	char target[PATH_MAX];
	size_t above = (size_t)(path_base(link) - link);
	ssize_t size = readlink(link, target, sizeof target);

	if (size <= 0 || search->links == LINKS_MAX)
		return false;
	search->links++;
	if (target[0] == '/')
		above = 0;
	buf_add(&text, link, above);
	buf_add(&text, target, (size_t)size);
	return passes(search, text.data, above);
}

bool fs_passes(const char *path, const char *object)
{
	struct search search = {.object = object};
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (lstat(object, &search.st) < 0)
		return false;
	buf_puts(&text, path);
	return passes(&search, text.data, 0);
}
