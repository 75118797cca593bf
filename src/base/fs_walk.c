/* SPDX-License-Identifier: MIT */
/* Walking to a destination, one checked hop at a time. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"

#define LINKS_MAX 40 /* as the kernel's own limit */

struct walk {
	const char *path; /* as asked for, for messages */
	int fd;           /* O_PATH: where we stand */
	uid_t owner;      /* of the object that we came through last */
	uid_t root;       /* the owner of "/": root of a user namespace */
	int links;
	bool make;
	int *made;
	char rest[PATH_MAX]; /* what is still to be walked */
};

/* May we go from an object of `from` to one of `to`? Only root's eyes need protection. */
static int hop(struct walk *walk, uid_t to, const char *name, struct err *err)
{
	uid_t from = walk->owner;

	walk->owner = to;
	if (geteuid() != 0 || from == 0 || from == walk->root || from == to)
		return 0;
	errno = ELOOP;
	return err_fail(err,
		"'%s': unsafe path: '%s' belongs to user %u, but what leads to it "
		"belongs "
		"to user %u, who could exchange it; give both to one user, or use a path "
		"that user %u does not control",
		walk->path, name, to, from, from);
}

static int enter_root(struct walk *walk, struct err *err)
{
	struct stat st;
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) < 0) {
		close_fd(&fd);
		return err_sys(err, "open '/'");
	}
	close_fd(&walk->fd);
	walk->fd = fd;
	walk->root = st.st_uid;
	return hop(walk, st.st_uid, "/", err);
}

/* Puts a link's target in front of what is left to walk. */
static int follow(struct walk *walk, int link_fd, const char *name, struct err *err)
{
	char target[PATH_MAX];
	char rest[PATH_MAX];
	ssize_t size = readlinkat(link_fd, "", target, sizeof target - 1);
	int length;

	if (size < 0)
		return err_sys(err, "read the link '%s' in '%s'", name, walk->path);
	target[size] = '\0';
	if (++walk->links > LINKS_MAX) {
		errno = ELOOP;
		return err_sys(err, "walk '%s'", walk->path);
	}
	length = snprintf(rest, sizeof rest, "%s/%s", target, walk->rest);
	if (length < 0 || (size_t)length >= sizeof rest) {
		errno = ENAMETOOLONG;
		return err_sys(err, "walk '%s'", walk->path);
	}
	memcpy(walk->rest, rest, (size_t)length + 1);
	return target[0] == '/' ? enter_root(walk, err) : 0;
}

/* 0 open in `ret` · 1 missing · -1 error. */
static int open_component(struct walk *walk, const char *name, int *ret, struct err *err)
{
	static const struct fs_attr parent = {
		.mode = 0755, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;

	*ret = openat(walk->fd, name, flags);
	if (*ret < 0 && errno == ENOENT && walk->make) {
		int made = fs_mkdir_at(walk->fd, name, &parent, walk->path, err);

		if (made < 0)
			return -1;
		if (made == 0 && walk->made)
			++*walk->made;
		*ret = openat(walk->fd, name, flags);
	}
	if (*ret >= 0)
		return 0;
	/*
	 * What we just made, somebody took away: an error, not a folder that is missing.
	 */
	if (errno == ENOENT && !walk->make)
		return 1;
	return fs_raise(err, walk->fd, "walk to", walk->path);
}

/* One component on the way: 0 · 1 missing · -1 error. */
static int step_into(struct walk *walk, const char *name, struct err *err)
{
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = open_component(walk, name, &fd, err);

	if (rc != 0)
		return rc;
	if (fstat(fd, &st) < 0)
		return err_sys(err, "stat '%s' in '%s'", name, walk->path);
	if (hop(walk, st.st_uid, name, err) < 0)
		return -1;
	if (S_ISLNK(st.st_mode))
		return follow(walk, fd, name, err);
	if (!S_ISDIR(st.st_mode)) {
		err_fail(err, "'%s': '%s' on the way is a %s, not a directory",
			walk->path, name, fs_type_name(st.st_mode));
		err->code = ENOTDIR;
		return -1;
	}
	close_fd(&walk->fd);
	walk->fd = steal_fd(&fd);
	return 0;
}

/* Cuts the first component off the rest; false where it is the last one. */
static bool next_component(struct walk *walk, char name[NAME_MAX + 1], bool *ret_long)
{
	char *rest = walk->rest + strspn(walk->rest, "/");
	size_t size = strcspn(rest, "/");
	char *after = rest + size + strspn(rest + size, "/");
	bool more = *after != '\0';

	*ret_long = size > NAME_MAX;
	if (*ret_long)
		return false;
	memcpy(name, rest, size);
	name[size] = '\0';
	memmove(walk->rest, after, strlen(after) + 1);
	return more;
}

static int walk_all(struct walk *walk, struct fs_entry *ret, struct err *err)
{
	char name[NAME_MAX + 1];
	bool too_long;

	if (enter_root(walk, err) < 0)
		return -1;
	while (next_component(walk, name, &too_long)) {
		/* "." is a hop, too: from somebody's link back to where it lies. */
		int rc = step_into(walk, name, err);

		if (rc != 0)
			return rc;
	}
	if (too_long) {
		errno = ENAMETOOLONG;
		return err_sys(err, "walk '%s'", walk->path);
	}
	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return err_config(
			err, "'%s' does not name an object in a folder", walk->path);
	ret->dirfd = steal_fd(&walk->fd);
	memcpy(ret->name, name, sizeof name);
	return 0;
}

static int walk_path(
	const char *path, bool make, int *made, struct fs_entry *ret, struct err *err)
{
	struct walk walk = {.path = path, .fd = -1, .make = make, .made = made};
	size_t size = strlen(path);
	int rc;

	if (path[0] != '/')
		return err_config(err, "'%s' is not an absolute path", path);
	if (size >= sizeof walk.rest) {
		errno = ENAMETOOLONG;
		return err_sys(err, "walk a path of %zu bytes", size);
	}
	memcpy(walk.rest, path, size + 1);
	rc = walk_all(&walk, ret, err);
	close_fd(&walk.fd);
	return rc;
}

int fs_walk(const char *path, struct fs_entry *ret, struct err *err)
{
	return walk_path(path, false, NULL, ret, err);
}

int fs_walk_make(const char *path, struct fs_entry *ret, int *ret_made, struct err *err)
{
	return walk_path(path, true, ret_made, ret, err);
}

void fs_entry_release(struct fs_entry *entry)
{
	close_fd(&entry->dirfd);
}

int fs_lookup(const char *path, struct stat *ret, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc = fs_walk(path, &entry, err);

	if (rc != 0)
		return rc;
	if (fstatat(entry.dirfd, entry.name, ret, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	if (errno == ENOENT)
		return 1;
	return fs_raise(err, entry.dirfd, "look at", path);
}
