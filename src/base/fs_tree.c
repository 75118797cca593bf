/* SPDX-License-Identifier: MIT */
/* Giving a whole tree to its owner. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/stop.h"

#define DEPTH_MAX  256
#define STOP_EVERY 64 /* objects: a look costs a system call */

struct tree {
	const char *path;
	uid_t uid;
	gid_t gid;
	bool change;
	bool guarded;
	struct stop *stop;
	size_t visited;
	dev_t device; /* of what `path` names */
	bool mount_known;
	uint64_t mount;
	size_t count;
	struct buf at; /* where we are below `path`, for messages */
};

static bool differs(const struct tree *tree, const struct stat *st)
{
	if (!S_ISDIR(st->st_mode) && st->st_nlink > 1)
		return false;
	return (tree->uid != FS_INHERIT && st->st_uid != tree->uid) ||
		(tree->gid != (gid_t)FS_INHERIT && st->st_gid != tree->gid);
}

static bool is_elsewhere(const struct tree *tree, int fd, const struct stat *st)
{
	uint64_t mount;

	if (st->st_dev != tree->device)
		return true;
	return tree->mount_known && fs_mount_of(fd, &mount) == 0 && mount != tree->mount;
}

/* Of what is not a directory, `name` in `dirfd` is the only name. */
static int give(struct tree *tree, int dirfd, const char *name, int fd,
	const struct stat *st, struct err *err)
{
	if (!differs(tree, st))
		return 0;
	if (tree->change && tree->guarded && !S_ISDIR(st->st_mode) &&
		fs_only_name(dirfd, name, fd) < 0)
		return 0;
	if (tree->change && fchownat(fd, "", tree->uid, tree->gid, AT_EMPTY_PATH) < 0)
		return errno == EPERM ? 0
				      : err_sys(err, "change the owner of '%s%s'",
						tree->path, tree->at.data);
	tree->count++;
	return 0;
}

static int walk(
	struct tree *tree, int fd, const struct stat *st, int depth, struct err *err);

static int visit(
	struct tree *tree, int dirfd, const char *name, int depth, struct err *err)
{
	CLEANUP_FD int fd = openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (tree->visited++ % STOP_EVERY == 0 && stop_check(tree->stop, err) < 0)
		return -1;
	if (fd < 0 || fstat(fd, &st) < 0) {
		if (errno == ENOENT)
			return 0; /* gone in the meantime */
		return err_sys(err, "look at '%s%s'", tree->path, tree->at.data);
	}
	if (is_elsewhere(tree, fd, &st))
		return 0;
	return S_ISDIR(st.st_mode) ? walk(tree, fd, &st, depth + 1, err)
				   : give(tree, dirfd, name, fd, &st, err);
}

static int walk(
	struct tree *tree, int fd, const struct stat *st, int depth, struct err *err)
{
	CLEANUP_DIR DIR *dir = fd_list(fd, ".");
	const struct dirent *entry;
	size_t here = tree->at.len;

	if (!dir)
		return err_sys(err, "open '%s%s'", tree->path, tree->at.data);
	if (depth > DEPTH_MAX)
		return err_fail(
			err, "'%s' is deeper than %d directories", tree->path, DEPTH_MAX);
	while ((entry = fd_next(dir))) {
		int rc;

		buf_printf(&tree->at, "/%s", entry->d_name);
		rc = visit(tree, dirfd(dir), entry->d_name, depth, err);
		buf_truncate(&tree->at, here);
		if (rc < 0)
			return -1;
	}
	if (errno)
		return err_sys(err, "read '%s%s'", tree->path, tree->at.data);
	return give(tree, -1, NULL, fd, st, err);
}

int fs_tree_owner(const struct fs *fs, const char *path, uid_t uid, gid_t gid,
	bool change, struct stop *stop, size_t *ret_count, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct tree tree = {
		.path = path,
		.uid = uid,
		.gid = gid,
		.change = change,
		.guarded = fs->guarded,
		.stop = stop,
		.at = BUF_INIT,
	};
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : err_fail(err, "'%s' is missing", path);
	fd = openat(entry.dirfd, entry.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(err, "open '%s'", path);
	if (fs_may_change(fs, &entry, fd, &st, path, err) < 0)
		return -1;
	tree.device = st.st_dev;
	tree.mount_known = fs_mount_of(fd, &tree.mount) == 0;
	rc = walk(&tree, fd, &st, 0, err);
	buf_release(&tree.at);
	if (rc == 0)
		*ret_count = tree.count;
	return rc;
}
