/* SPDX-License-Identifier: MIT */
/* Filling a directory that a command is to look at: ours alone until it is given away. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/fs_scratch.h"
#include "base/stop.h"
#include "base/str.h"

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)

/* To the command's user, as the directory itself will be. */
static int give(const struct fs_scratch *scratch, int fd)
{
	return fs_give_to(fd, scratch->user.uid, scratch->user.gid);
}

/* A descriptor of the directory `name`, which is made where it is missing, or -1. */
static int enter(const struct fs_scratch *scratch, int dirfd, const char *name)
{
	CLEANUP_FD int fd = -1;
	bool made = mkdirat(dirfd, name, 0700) == 0;

	if (!made && errno != EEXIST)
		return -1;
	fd = openat(dirfd, name, DIRECTORY);
	if (fd < 0 || (made && give(scratch, fd) < 0))
		return -1;
	return steal_fd(&fd);
}

/* Enters those above the last component, which `*name` then is. A descriptor, or -1. */
static int enter_above(const struct fs_scratch *scratch, const char **name)
{
	CLEANUP_FD int fd = fcntl(scratch->made, F_DUPFD_CLOEXEC, 0);
	const char *slash;

	while (fd >= 0 && (slash = strchr(*name, '/'))) {
		CLEANUP_BUF struct buf part = BUF_INIT;
		int next;

		buf_add(&part, *name, (size_t)(slash - *name));
		next = enter(scratch, fd, part.data);
		close_fd(&fd);
		fd = next;
		*name = slash + 1;
	}
	return steal_fd(&fd);
}

static int put_file(const struct fs_scratch *scratch, int dirfd, const char *name,
	const struct fs_scratch_object *object)
{
	CLEANUP_FD int fd =
		openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			object->executable ? 0700 : 0600);

	if (fd < 0 || fd_write_all(fd, object->data, object->size) < 0)
		return -1;
	return give(scratch, fd);
}

static int put_directory(const struct fs_scratch *scratch, int dirfd, const char *name)
{
	CLEANUP_FD int fd = enter(scratch, dirfd, name);

	return fd < 0 ? -1 : 0;
}

int fs_scratch_put(struct fs_scratch *scratch, const struct fs_scratch_object *object,
	struct err *err)
{
	const char *name = object->name;
	CLEANUP_FD int above = enter_above(scratch, &name);
	int rc;

	if (above < 0)
		rc = -1;
	else if (object->target)
		rc = symlinkat(object->target, above, name);
	else if (object->data)
		rc = put_file(scratch, above, name, object);
	else
		rc = put_directory(scratch, above, name);
	if (rc < 0)
		return fs_raise(err, fs_scratch_where(scratch),
			"write a copy of what is to become", scratch->target);
	return 0;
}

/* `path`: of `there`. Returns 0, or -1. */
static int link_rest(const struct fs_scratch *scratch, int there, int here,
	struct buf *path, struct err *err)
{
	CLEANUP_DIR DIR *dir = fd_list(there, ".");
	const struct dirent *entry;
	size_t size = path->len;

	if (!dir)
		return fs_raise_open(err, there, ".", path->data);
	while ((entry = fd_next(dir))) {
		CLEANUP_FD int below = openat(here, entry->d_name, DIRECTORY);
		CLEANUP_FD int from =
			below >= 0 ? openat(there, entry->d_name, DIRECTORY) : -1;

		if (stop_check(scratch->user.stop, err) < 0)
			return -1;
		buf_printf(path, "/%s", entry->d_name);
		if (from >= 0 && link_rest(scratch, from, below, path, err) < 0)
			return -1;
		if (from < 0 && !fs_is_temporary(entry->d_name) &&
			symlinkat(path->data, here, entry->d_name) < 0 && errno != EEXIST)
			return fs_raise(err, here, "make a link to", path->data);
		buf_truncate(path, size);
	}
	return errno ? fs_raise(err, -1, "read", path->data) : 0;
}

int fs_scratch_link_rest(struct fs_scratch *scratch, struct err *err)
{
	const struct fs_entry *entry = &scratch->entry;
	CLEANUP_FD int there = openat(entry->dirfd, entry->name, DIRECTORY);
	CLEANUP_BUF struct buf path = BUF_INIT;

	if (there < 0 && errno == ENOENT)
		return 0;
	buf_puts(&path, scratch->target);
	if (there < 0)
		return fs_raise_open(err, entry->dirfd, entry->name, path.data);
	return link_rest(scratch, there, scratch->made, &path, err);
}

int fs_scratch_drop(struct fs_scratch *scratch, const char *name, struct err *err)
{
	const char *last = name;
	CLEANUP_FD int above = enter_above(scratch, &last);

	if (above >= 0 &&
		(unlinkat(above, last, 0) == 0 || errno == ENOENT ||
			(errno == EISDIR && unlinkat(above, last, AT_REMOVEDIR) == 0)))
		return 0;
	return fs_raise(
		err, fs_scratch_where(scratch), "leave out a part of", scratch->target);
}
