/* SPDX-License-Identifier: MIT */
/* Opening files of one directory, in a row. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/fs_reader.h"
#include "base/mem.h"
#include "base/path.h"

/* Walks to the directory of `path`, its first `size` bytes, unless it is there. */
static int enter_directory(struct fs_reader *reader, const struct fs *fs,
	const char *path, size_t size, struct err *err)
{
	int rc;

	if (reader->walk && strncmp(reader->directory, path, size) == 0 &&
		!reader->directory[size])
		return 0;
	fs_reader_release(reader);
	reader->walk = mem_zalloc(sizeof *reader->walk);
	rc = walk_begin(reader->walk, fs, NULL, WALK_READ, path, err);
	if (rc == 0)
		rc = walk_to_last(reader->walk, err);
	if (rc != 0)
		return rc;
	reader->hold = reader->walk->at.hold;
	memcpy(reader->directory, path, size); /* fits, since the walk had room */
	reader->directory[size] = '\0';
	return 0;
}

/* Opens `name` in the directory where the walk is. */
static int open_kept(struct fs_reader *reader, const char *path, const char *name,
	int *ret, struct stat *ret_st, struct err *err)
{
	struct walk *walk = reader->walk;
	int rc;

	if (strlen(name) > NAME_MAX) {
		errno = ENAMETOOLONG;
		return err_sys(err, "open '%s'", path);
	}
	walk->path = path;
	walk->at.hold = reader->hold;
	walk->begin = 0;
	memcpy(walk->rest, name, strlen(name) + 1);
	rc = walk_open(walk, FS_ANY, ret, ret_st, err);
	if (rc == 0)
		walk_find_writer(walk, *ret, ret_st, &reader->writer);
	return rc;
}

static int open_in_row(struct fs_reader *reader, const struct fs *fs, const char *path,
	int *ret, struct stat *ret_st, struct err *err)
{
	const char *name = path_base(path);
	int rc = enter_directory(reader, fs, path, (size_t)(name - path), err);
	int links = reader->walk->links;

	if (rc == 0)
		rc = open_kept(reader, path, name, ret, ret_st, err);
	/* A link at the end has led elsewhere, and an error may have left it anywhere. */
	if (rc != 0 || reader->walk->links != links)
		fs_reader_release(reader);
	return rc;
}

int fs_reader_open(struct fs_reader *reader, const struct fs *fs, const char *path,
	int *ret, struct stat *ret_st, struct err *err)
{
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc;

	reader->writer = (struct fs_writer){.by = FS_NOBODY};
	if (!fs->guarded || fd_named(path) >= 0)
		return fs_open_file(fs, path, FS_ANY, ret, ret_st, err);
	if (fs->on_read)
		fs->on_read(fs->on_user, path);
	rc = open_in_row(reader, fs, path, &fd, &st, err);
	if (rc == 0)
		rc = fs_check_file(&st, path, err);
	if (rc != 0)
		return rc;
	*ret = steal_fd(&fd);
	*ret_st = st;
	return 0;
}

int fs_reader_read(struct fs_reader *reader, const struct fs *fs, const char *path,
	size_t limit, struct buf *ret, struct err *err)
{
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = fs_reader_open(reader, fs, path, &fd, &st, err);

	if (rc != 0)
		return rc;
	reader->mode = st.st_mode & 0777;
	return fs_read_open(fd, &st, path, limit, ret, err);
}

int fs_reader_stat(struct fs_reader *reader, const struct fs *fs, const char *path,
	struct stat *ret, struct err *err)
{
	const char *name = path_base(path);
	int dirfd = AT_FDCWD;

	if (fs->guarded) {
		int rc = enter_directory(reader, fs, path, (size_t)(name - path), err);

		if (rc != 0) {
			fs_reader_release(reader);
			return rc;
		}
		dirfd = reader->walk->at.dirfd;
	}
	if (fstatat(dirfd, fs->guarded ? name : path, ret, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	return errno == ENOENT ? 1 : err_sys(err, "stat '%s'", path);
}

static int read_link(const struct fs_hold *hold, const struct fs *fs, int dirfd,
	const char *name, const char *path, char ret_target[4096], uid_t *ret_chooser,
	struct err *err)
{
	CLEANUP_FD int fd = openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	ssize_t size;

	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0 || fstat(fd, &st) < 0)
		return fs_raise(err, dirfd, "look at", path);
	if (!S_ISLNK(st.st_mode))
		return 1;
	size = readlinkat(fd, "", ret_target, 4096);
	if (size < 0 || size == 4096)
		return err_sys(err, "read the link '%s'", path);
	ret_target[size] = '\0';
	if (fs_link_chooser(fs, hold, dirfd, name, fd, &st, ret_chooser) == 0)
		return 0;
	return err_fail(err,
		"the link '%s' lies where others may put what they like, and has other "
		"names: it is not copied",
		path);
}

int fs_reader_link(struct fs_reader *reader, const struct fs *fs, const char *path,
	char ret_target[4096], uid_t *ret_chooser, struct err *err)
{
	const char *name = path_base(path);
	struct fs_hold hold = {.by = FS_NOBODY};
	int rc;

	if (!fs->guarded)
		return read_link(
			&hold, fs, AT_FDCWD, path, path, ret_target, ret_chooser, err);
	rc = enter_directory(reader, fs, path, (size_t)(name - path), err);
	if (rc != 0) {
		fs_reader_release(reader);
		return rc;
	}
	hold = reader->hold;
	/* There a second name of root's link can be, with the sticky bit, too. */
	if (hold.by == FS_NOBODY && (reader->walk->at.dir_mode & (S_IWGRP | S_IWOTH)))
		hold.by = FS_ANYONE;
	return read_link(&hold, fs, reader->walk->at.dirfd, name, path, ret_target,
		ret_chooser, err);
}

void fs_reader_release(struct fs_reader *reader)
{
	if (reader->walk)
		walk_end(reader->walk);
	free(reader->walk);
	reader->walk = NULL;
}
