/* SPDX-License-Identifier: MIT */
/* Whether something could be made or written, for a plan. */
#include "base/fs_check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fs.h"
#include "base/fs_error.h"
#include "base/fs_system.h"
#include "base/path.h"

/* In proc(5) and sysfs(5) only the kernel makes files, whatever access(2) says. */
static int check_system(int dirfd, const char *what, const char *path, struct err *err)
{
	const struct fs_system *system = fs_system_at(dirfd);

	if (!system || system->class != FS_SYSTEM_FIXED)
		return 0;
	return err_fail(err,
		"%s '%s': it is in a file system of the kernel's, in which nothing can "
		"be made",
		what, path);
}

int fs_check_create(int dirfd, const char *what, const char *path, struct err *err)
{
	if (check_system(dirfd, what, path, err) < 0)
		return -1;
	if (faccessat(dirfd, ".", W_OK | X_OK, AT_EACCESS) == 0)
		return 0;
	return fs_raise(err, dirfd, what, path);
}

int fs_check_write(int dirfd, const char *name, const char *path, struct err *err)
{
	if (faccessat(dirfd, name, R_OK | W_OK, AT_EACCESS) == 0)
		return 0;
	return errno == ENOENT ? 1 : fs_raise_open(err, dirfd, name, path);
}

/* The same of a directory that leads to `path`. */
static int check_directory(
	const struct fs_entry *entry, const char *path, struct err *err)
{
	if (check_system(entry->dirfd, "create", path, err) < 0)
		return -1;
	if (faccessat(entry->dirfd, ".", W_OK | X_OK, AT_EACCESS) == 0)
		return 0;
	return fs_raise_mkdir(err, entry->dirfd, entry->name, path);
}

/* In a sticky directory only the owners of both may replace and remove (rename(2)). */
static int check_sticky(
	const struct fs_entry *entry, const char *what, const char *path, struct err *err)
{
	struct stat dir, st;

	if (geteuid() == 0 || fstat(entry->dirfd, &dir) < 0 || !(dir.st_mode & S_ISVTX) ||
		dir.st_uid == geteuid() ||
		fstatat(entry->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		st.st_uid == geteuid())
		return 0;
	errno = EPERM;
	return fs_raise(err, entry->dirfd, what, path);
}

/* Takes the last name away where nothing has it. Returns whether it did. */
static bool drop_missing(struct buf *path, struct buf *missing)
{
	struct stat st;

	if (!path->len || lstat(path->data, &st) == 0 || errno != ENOENT)
		return false;
	if (!missing->len)
		buf_puts(missing, path->data);
	buf_truncate(path, (size_t)(strrchr(path->data, '/') - path->data));
	return true;
}

/* Appends the path, and the first directory of these. */
static void add_once_made(struct buf *made, struct buf *missing, const char *path)
{
	while (*(path += strspn(path, "/"))) {
		size_t size = strcspn(path, "/");
		bool up = size == 2 && memcmp(path, "..", 2) == 0;

		if (!up || !drop_missing(made, missing)) {
			buf_putc(made, '/');
			buf_add(made, path, size);
		}
		path += size;
	}
	if (!made->len)
		buf_putc(made, '/');
}

const char *fs_path_once_made(
	struct arena *arena, const char *path, const char **ret_missing)
{
	CLEANUP_BUF struct buf made = BUF_INIT;
	CLEANUP_BUF struct buf missing = BUF_INIT;

	*ret_missing = NULL;
	if (path_leads_up(path))
		add_once_made(&made, &missing, path);
	if (!missing.len)
		return path;
	*ret_missing = arena_strdup(arena, missing.data);
	return arena_memdup(arena, made.data, made.len);
}

/* `path` is what messages name, `at` where it leads, which is changed. */
static int check_make(const struct fs *fs, const char *what, const char *path, char *at,
	struct err *err)
{
	for (;;) {
		CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
		char *slash = strrchr(at, '/');
		int rc = fs_walk(fs, at, &entry, err);

		if (rc == 0 && what)
			return fs_check_create(entry.dirfd, what, path, err) < 0
				? -1
				: check_sticky(&entry, what, path, err);
		if (rc == 0)
			return check_directory(&entry, path, err);
		if (rc < 0)
			return -1;
		if (!slash || slash == at)
			return 0;
		*slash = '\0';
		what = NULL; /* a directory */
	}
}

int fs_check_make(
	const struct fs *fs, const char *what, const char *path, struct err *err)
{
	CLEANUP_BUF struct buf made = BUF_INIT;
	CLEANUP_BUF struct buf missing = BUF_INIT;
	char above[PATH_MAX];

	/* A longer path is refused when it is made. */
	(void)snprintf(above, sizeof above, "%s", path);
	if (check_make(fs, what, path, above, err) < 0)
		return -1;
	if (path_leads_up(path))
		add_once_made(&made, &missing, path);
	return missing.len ? check_make(fs, what, path, made.data, err) : 0;
}

int fs_check_fix(const struct fs *fs, const char *path, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (faccessat(entry.dirfd, entry.name, W_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW) ==
			0 ||
		errno != EROFS)
		return 0;
	return fs_raise(err, -1, "set mode and owner of", path);
}
