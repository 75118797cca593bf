/* SPDX-License-Identifier: MIT */
/* Removing an object, and a directory with all that is in it. */
#include "base/fs_remove_path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/stop.h"
#include "base/str.h"

#define DEPTH_MAX  256
#define PASSES_MAX 64 /* over a directory into which others may go on putting things */
#define STOP_EVERY 64 /* objects: a look costs a system call */

/* What no system can do without, whatever a configuration says. */
static const char *const kept[] = {
	"/",
	"/bin",
	"/boot",
	"/dev",
	"/dev/pts",
	"/dev/shm",
	"/etc",
	"/home",
	"/lib",
	"/lib32",
	"/lib64",
	"/libx32",
	"/media",
	"/mnt",
	"/opt",
	"/proc",
	"/root",
	"/run",
	"/sbin",
	"/srv",
	"/sys",
	"/tmp",
	"/usr",
	"/usr/bin",
	"/usr/lib",
	"/usr/lib32",
	"/usr/lib64",
	"/usr/libexec",
	"/usr/libx32",
	"/usr/local",
	"/usr/local/bin",
	"/usr/local/lib",
	"/usr/local/sbin",
	"/usr/local/share",
	"/usr/sbin",
	"/usr/share",
	"/var",
	"/var/cache",
	"/var/lib",
	"/var/log",
	"/var/run",
	"/var/spool",
	"/var/tmp",
};

struct removal {
	struct walk walk; /* the rules of entering a directory, and where we are */
	bool recursive;
	bool remove; /* else it counts, and finds what hinders */
	struct stop *stop;
	bool mount_known;
	uint64_t mount; /* the one that the object's directory is on */
	size_t visited;
	size_t count;
	struct buf *path; /* of the object at hand, for messages */
};

static int raise_kept(const char *path, struct err *err)
{
	return err_code(
		err, EPERM, "'%s' belongs to the system and is not removed", path);
}

/* Is it, by any path, a directory that is kept? Returns 0 if not, or -1. */
static int check_kept(const char *path, const struct stat *st, struct err *err)
{
	struct stat other;

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (stat(kept[i], &other) == 0 && other.st_dev == st->st_dev &&
			other.st_ino == st->st_ino)
			return raise_kept(path, err);
	return 0;
}

int fs_check_removable(const char *path, struct err *err)
{
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (str_equal(path, kept[i]))
			return raise_kept(path, err);
	return 0;
}

/* ---- one object ---- */

static int raise_changing(const struct removal *removal, struct err *err)
{
	return err_set(err, ERR_TEMPORARY, "'%s' is being changed by another process",
		removal->path->data);
}

/* Is `name` in `dirfd` on the mount that is removed from? Returns 0 if so, or -1. */
static int check_mount(
	const struct removal *removal, int dirfd, const char *name, struct err *err)
{
	uint64_t mount;

	if (removal->mount_known && fs_mount_at(dirfd, name, &mount) == 0 &&
		mount != removal->mount)
		return err_code(err, EBUSY,
			"'%s' is a mount point; what is mounted is not removed",
			removal->path->data);
	return 0;
}

/*
 * Appends the directories on the path that others may write and that hold another one on
 * it, each behind a space and in quotes. Returns the bits by which they may.
 */
static mode_t list_open(const char *path, struct buf *ret)
{
	CLEANUP_BUF struct buf above = BUF_INIT;
	const char *end = strrchr(path, '/');
	mode_t found = 0;
	struct stat st;

	for (const char *c = strchr(path + 1, '/'); c && c < end;
		c = strchr(c + 1, '/')) {
		buf_truncate(&above, 0);
		buf_add(&above, path, (size_t)(c - path));
		if (stat(above.data, &st) < 0 || !(st.st_mode & (S_IWGRP | S_IWOTH)) ||
			st.st_mode & S_ISVTX)
			continue;
		found |= st.st_mode & (S_IWGRP | S_IWOTH);
		buf_printf(ret, " '%s'", above.data);
	}
	return found;
}

/*
 * Whoever may write a directory without the sticky bit can rename what is in it, also a
 * directory whose contents they may not remove: so these are not removed for them.
 */
static int check_chosen(const struct removal *removal, struct err *err)
{
	CLEANUP_BUF struct buf open = BUF_INIT;
	mode_t others;

	if (!removal->walk.at.hold.chosen)
		return 0;
	(void)err_code(err, ELOOP,
		"'%s': unsafe path: it is in a directory that others could have moved "
		"there, although they may not remove what is in it; ",
		removal->path->data); /* always -1 */
	others = list_open(removal->path->data, &open);
	if (!others) /* directories of several users lead to it */
		return err_append(err,
			"take from them the right to write in what leads to it, or "
			"remove it as a user");
	return err_append(err,
		"take that from them (chmod %s%s-w%s), or remove it as a user",
		others & S_IWGRP ? "g" : "", others & S_IWOTH ? "o" : "", open.data);
}

static int unlink_one(
	struct removal *removal, int dirfd, const char *name, int flags, struct err *err)
{
	if (unlinkat(dirfd, name, flags) == 0) {
		removal->count++;
		return 0;
	}
	switch (errno) {
	case ENOENT:
		return 0; /* gone in the meantime */
	case EISDIR:
	case ENOTDIR:
	case ENOTEMPTY:
	case EEXIST:
		return raise_changing(removal, err);
	default:
		return fs_raise(err, dirfd, "remove", removal->path->data);
	}
}

static int empty(struct removal *removal, int parent, const char *name, int depth,
	struct err *err);

static int visit(
	struct removal *removal, int dirfd, const char *name, int depth, struct err *err)
{
	struct stat st;

	if (removal->visited++ % STOP_EVERY == 0 && stop_check(removal->stop, err) < 0)
		return -1;
	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT
			? 0
			: fs_raise(err, dirfd, "look at", removal->path->data);
	if (check_chosen(removal, err) < 0)
		return -1;
	if (!removal->remove && check_mount(removal, dirfd, name, err) < 0)
		return -1;
	if (S_ISDIR(st.st_mode) && empty(removal, dirfd, name, depth + 1, err) < 0)
		return -1;
	if (removal->remove)
		return unlink_one(removal, dirfd, name,
			S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0, err);
	removal->count++;
	return 0;
}

/* ---- what is in a directory ---- */

static int visit_entry(
	struct removal *removal, int dirfd, const char *name, int depth, struct err *err)
{
	size_t here = removal->path->len;
	int rc;

	if (!removal->recursive)
		return err_code(err, ENOTEMPTY, "'%s' is a directory that is not empty",
			removal->path->data);
	if (!removal->mount_known)
		return err_fail(err,
			"'%s' is not emptied: this kernel does not say what is mounted "
			"in it (statx(2))",
			removal->path->data);
	buf_printf(removal->path, "/%s", name);
	rc = visit(removal, dirfd, name, depth, err);
	buf_truncate(removal->path, here);
	return rc;
}

/* Could it be removed? Asked ahead, once for each directory, so that all stays if not. */
static int check_access(
	const struct removal *removal, int dirfd, const char *name, struct err *err)
{
	size_t here = removal->path->len;

	if (!removal->recursive || geteuid() == 0 ||
		faccessat(dirfd, ".", W_OK | X_OK, AT_EACCESS) == 0)
		return 0;
	buf_printf(removal->path, "/%s", name);
	(void)fs_raise(err, dirfd, "remove", removal->path->data); /* always -1 */
	buf_truncate(removal->path, here);
	return -1;
}

static int one_pass(struct removal *removal, DIR *dir, int depth, struct err *err)
{
	const struct dirent *entry;
	bool asked = removal->remove;

	for (; (entry = fd_next(dir)); asked = true)
		if ((!asked &&
			    check_access(removal, dirfd(dir), entry->d_name, err) < 0) ||
			visit_entry(removal, dirfd(dir), entry->d_name, depth, err) < 0)
			return -1;
	return errno ? fs_raise(err, dirfd(dir), "read", removal->path->data) : 0;
}

/*
 * Where entries are removed while they are read, a file system may pass over some: so it
 * is read until there is nothing to remove.
 */
static int all_passes(struct removal *removal, DIR *dir, int depth, struct err *err)
{
	size_t before;
	int passes = 0;

	do {
		before = removal->count;
		if (passes++ == PASSES_MAX)
			return raise_changing(removal, err);
		rewinddir(dir);
		if (one_pass(removal, dir, depth, err) < 0)
			return -1;
	} while (removal->remove && removal->count != before);
	return 0;
}

/* May the open directory be emptied? Then the walk is in it. */
static int enter(
	struct removal *removal, int dirfd, const char *name, int fd, struct err *err)
{
	struct walk *walk = &removal->walk;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fs_raise(err, dirfd, "look at", removal->path->data);
	if (check_mount(removal, fd, "", err) < 0)
		return -1;
	walk->at.dirfd = dirfd;
	memcpy(walk->at.name, name, strlen(name) + 1);
	if (walk->fs->guarded && walk_may_enter(walk, fd, &st, err) < 0)
		return -1;
	walk->at.dirfd = fd;
	walk->at.dir_owner = st.st_uid;
	walk->at.dir_mode = st.st_mode;
	return 0;
}

static int empty(
	struct removal *removal, int parent, const char *name, int depth, struct err *err)
{
	CLEANUP_DIR DIR *dir = fd_list(parent, name);
	struct fs_entry before = removal->walk.at;
	int rc;

	if (!dir && errno == ENOENT)
		return 0;
	if (!dir && (errno == ENOTDIR || errno == ELOOP))
		return raise_changing(removal, err);
	if (!dir)
		return fs_raise(err, parent, "open", removal->path->data);
	if (depth > DEPTH_MAX)
		return err_fail(err, "'%s' is deeper than %d directories",
			removal->walk.path, DEPTH_MAX);
	rc = enter(removal, parent, name, dirfd(dir), err);
	if (rc == 0)
		rc = all_passes(removal, dir, depth, err);
	removal->walk.at = before;
	return rc;
}

/* ---- all of it ---- */

/* Counts what there is, or removes it. */
static int run(struct removal *removal, const struct fs_entry *entry, bool remove,
	struct err *err)
{
	removal->walk.at = *entry;
	removal->walk.link[0] = '\0';
	removal->remove = remove;
	removal->count = 0;
	return visit(removal, entry->dirfd, entry->name, 0, err);
}

/* Returns 0 with the object's entry, 1 if it is missing, or -1 if it is to stay. */
static int find(
	const struct fs *fs, const char *path, struct fs_entry *ret, struct err *err)
{
	struct stat st;
	int rc = fs_check_removable(path, err);

	if (rc == 0)
		rc = fs_walk(fs, path, ret, err);
	if (rc != 0)
		return rc;
	if (fstatat(ret->dirfd, ret->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 1 : fs_raise(err, ret->dirfd, "look at", path);
	if (S_ISDIR(st.st_mode) && check_kept(path, &st, err) < 0)
		return -1;
	return fs_check_ours(fs, ret, &st, path, err);
}

int fs_remove_path(const struct fs *fs, const char *path, bool recursive, bool change,
	struct stop *stop, size_t *ret_count, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct removal removal = {
		.walk = {.fs = fs, .mode = WALK_WRITE, .path = path},
		.recursive = recursive,
		.stop = stop,
		.path = &text,
	};
	int rc = find(fs, path, &entry, err);

	if (rc != 0) {
		*ret_count = 0;
		return rc < 0 ? -1 : 0;
	}
	buf_puts(&text, path);
	removal.mount_known = fs_mount_at(entry.dirfd, "", &removal.mount) == 0;
	rc = run(&removal, &entry, false, err);
	if (rc == 0 && change)
		rc = run(&removal, &entry, true, err);
	if (rc == 0 && change && removal.count && fs_sync_dir(entry.dirfd) < 0)
		rc = fs_raise(err, entry.dirfd, "flush the directory of", path);
	if (rc == 0)
		*ret_count = removal.count;
	return rc;
}
