/* SPDX-License-Identifier: MIT */
/* Walking to an object, one component at a time, each of them checked. */
#include "base/fs_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"

#define LINKS_MAX 40 /* as the kernel's own limit */

/* ---- one component ---- */

static int enter_root(struct walk *walk, struct err *err)
{
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &walk->dir) < 0) {
		close_fd(&fd);
		return err_sys(err, "open '/'");
	}
	close_fd(&walk->fd);
	walk->fd = fd;
	walk->hold.first = false;
	walk->open = walk->open && (walk->dir.st_mode & S_IXOTH);
	return 0;
}

/* Makes the directory the one where the walk is. */
static int enter(struct walk *walk, int *fd, const struct stat *st, const char *name,
	struct err *err)
{
	if (walk->fs->guarded && walk_may_enter(walk, *fd, st, name, err) < 0)
		return -1;
	close_fd(&walk->fd);
	walk->fd = steal_fd(fd);
	walk->dir = *st;
	walk->open = walk->open && (st->st_mode & S_IXOTH);
	return 0;
}

/* Puts a link's target in front of what is left to walk. */
int walk_follow(struct walk *walk, int link_fd, const struct stat *st, const char *name,
	struct err *err)
{
	char target[PATH_MAX];
	char rest[PATH_MAX];
	ssize_t size;
	int length;

	if (walk_may_follow(walk, st, name, err) < 0)
		return -1;
	size = readlinkat(link_fd, "", target, sizeof target - 1);
	if (size < 0)
		return err_sys(err, "read the link '%s' in '%s'", name, walk->path);
	target[size] = '\0';
	if (++walk->links > LINKS_MAX) {
		errno = ELOOP;
		return err_sys(err, "walk '%s'", walk->path);
	}
	length = snprintf(rest, sizeof rest, "%s/%s", target, walk->rest + walk->at);
	if (length < 0 || (size_t)length >= sizeof rest) {
		errno = ENAMETOOLONG;
		return err_sys(err, "walk '%s'", walk->path);
	}
	memcpy(walk->rest, rest, (size_t)length + 1);
	walk->at = 0;
	return target[0] == '/' ? enter_root(walk, err) : 0;
}

static void stand(const struct walk *walk, const char *name, struct fs_entry *ret)
{
	ret->dirfd = walk->fd;
	ret->dir_owner = walk->dir.st_uid;
	ret->dir_mode = walk->dir.st_mode;
	ret->hold = walk->hold;
	ret->open = walk->open;
	memcpy(ret->name, name, strlen(name) + 1); /* NAME_MAX at most */
}

/* Returns 0 with the descriptor in `ret`, 1 if it is missing, or -1. */
static int open_component(struct walk *walk, const char *name, int *ret, struct err *err)
{
	static const struct fs_attr parent = {
		.mode = 0755, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;

	*ret = openat(walk->fd, name, flags);
	if (*ret < 0 && errno == ENOENT && walk->mode == WALK_MAKE) {
		struct fs_entry entry;

		stand(walk, name, &entry);
		if (fs_mkdir_at(walk->make, &entry, &parent, walk->path, err) < 0)
			return -1;
		*ret = openat(walk->fd, name, flags);
	}
	if (*ret >= 0)
		return 0;
	/* What we made and others removed is an error, and not missing. */
	if (errno == ENOENT && walk->mode != WALK_MAKE)
		return 1;
	return fs_raise(err, walk->fd, "walk to", walk->path);
}

/* Walks into one component. Returns 0, 1 if it is missing, or -1. */
static int step_into(struct walk *walk, const char *name, struct err *err)
{
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = open_component(walk, name, &fd, err);

	if (rc != 0)
		return rc;
	if (fstat(fd, &st) < 0)
		return err_sys(err, "stat '%s' in '%s'", name, walk->path);
	if (S_ISLNK(st.st_mode))
		return walk_follow(walk, fd, &st, name, err);
	if (S_ISDIR(st.st_mode))
		return enter(walk, &fd, &st, name, err);
	return err_code(err, ENOTDIR, "'%s': '%s' on the way is a %s, not a directory",
		walk->path, name, fs_type_name(st.st_mode));
}

/* ---- all of them ---- */

/* Takes the next component. Returns false if it is the last one. */
static bool next_component(struct walk *walk, bool *ret_long)
{
	const char *next = walk->rest + walk->at;
	size_t size;

	next += strspn(next, "/");
	size = strcspn(next, "/");
	*ret_long = size > sizeof walk->name - 1;
	if (*ret_long)
		return false;
	memcpy(walk->name, next, size);
	walk->name[size] = '\0';
	next += size;
	next += strspn(next, "/");
	walk->at = (size_t)(next - walk->rest);
	return *next != '\0';
}

int walk_to_last(struct walk *walk, struct err *err)
{
	bool too_long;

	while (next_component(walk, &too_long)) {
		int rc = step_into(walk, walk->name, err);

		if (rc != 0)
			return rc;
	}
	if (!too_long)
		return 0;
	errno = ENAMETOOLONG;
	return err_sys(err, "walk '%s'", walk->path);
}

int walk_into_last(struct walk *walk, struct err *err)
{
	int rc;

	/* A link puts its target in front, whose last component is then the last one. */
	do {
		rc = walk_to_last(walk, err);
		if (rc == 0 && *walk->name)
			rc = step_into(walk, walk->name, err);
	} while (rc == 0 && walk->rest[walk->at]);
	return rc;
}

int walk_begin(struct walk *walk, struct fs *make, const struct fs *fs,
	enum walk_mode mode, const char *path, struct err *err)
{
	size_t size = strlen(path);
	size_t at = 0;

	/* Its texts are not cleared: they are long, and a start walks often. */
	walk->fs = fs;
	walk->make = make;
	walk->mode = mode;
	walk->path = path;
	walk->fd = -1;
	walk->hold = (struct fs_hold){.by = FS_NOBODY};
	walk->open = true;
	walk->links = 0;
	walk->at = 0;
	walk->link[0] = '\0';
	walk->name[0] = '\0';
	if (path[0] != '/') {
		if (!getcwd(walk->rest, sizeof walk->rest))
			return err_sys(err, "the working directory");
		at = strlen(walk->rest);
		walk->rest[at++] = '/';
	}
	if (size >= sizeof walk->rest - at) {
		errno = ENAMETOOLONG;
		return err_sys(err, "walk a path of %zu bytes", size);
	}
	memcpy(walk->rest + at, path, size + 1);
	return enter_root(walk, err);
}

void walk_end(struct walk *walk)
{
	close_fd(&walk->fd);
}

static int walk_for_writing(const struct fs *fs, struct fs *make, const char *path,
	struct fs_entry *ret, struct err *err)
{
	struct walk walk;
	int rc;

	if (path[0] != '/')
		return err_config(err, "'%s' is not an absolute path", path);
	rc = walk_begin(&walk, make, fs, make ? WALK_MAKE : WALK_WRITE, path, err);
	if (rc == 0)
		rc = walk_to_last(&walk, err);
	if (rc == 0 &&
		(!*walk.name || strcmp(walk.name, ".") == 0 ||
			strcmp(walk.name, "..") == 0))
		rc = err_config(err, "'%s' does not name an object in a directory", path);
	if (rc == 0) {
		stand(&walk, walk.name, ret);
		walk.fd = -1; /* the entry's now */
	}
	walk_end(&walk);
	return rc;
}

int fs_walk(const struct fs *fs, const char *path, struct fs_entry *ret, struct err *err)
{
	return walk_for_writing(fs, NULL, path, ret, err);
}

int fs_walk_make(struct fs *fs, const char *path, struct fs_entry *ret, struct err *err)
{
	return walk_for_writing(fs, fs, path, ret, err);
}

void fs_entry_release(struct fs_entry *entry)
{
	close_fd(&entry->dirfd);
}

static int look_up(const struct fs *fs, const char *path, bool ours, struct stat *ret,
	struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct stat st;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0)
		return rc;
	if (fstatat(entry.dirfd, entry.name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 1 : fs_raise(err, entry.dirfd, "look at", path);
	if (ours && fs_check_ours(fs, &entry, &st, path, err) < 0)
		return -1;
	*ret = st;
	return 0;
}

int fs_lookup(const struct fs *fs, const char *path, struct stat *ret, struct err *err)
{
	return look_up(fs, path, false, ret, err);
}

int fs_lookup_ours(
	const struct fs *fs, const char *path, struct stat *ret, struct err *err)
{
	return look_up(fs, path, true, ret, err);
}
