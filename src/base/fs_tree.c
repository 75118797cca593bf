/* SPDX-License-Identifier: MIT */
/* Going through a tree, and giving it to its owner. */
#include "base/fs_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_exclude.h"
#include "base/fs_internal.h"
#include "base/privilege.h"
#include "base/stop.h"

#define DEPTH_MAX  256
#define STOP_EVERY 64 /* objects: a look costs a system call */

struct tree {
	const struct fs *fs;
	const char *path;
	const struct fs_tree *what;
	struct fs_look top;
	size_t visited;
	size_t count;
	bool may_give;
	bool gives; /* the file system has owners: one was changed, and then another's */
	struct buf at; /* where we are below `path`, for messages */
};

static int fail_sys(const struct tree *tree, const char *what, struct err *err)
{
	return err_sys(err, "%s '%s%s'", what, tree->path, tree->at.data);
}

static bool differs(const struct tree *tree, const struct fs_look *look)
{
	if ((!S_ISDIR(look->mode) && look->links > 1) ||
		fs_link_stays(tree->fs, look, tree->what->uid))
		return false;
	return (tree->what->uid != FS_INHERIT && look->uid != tree->what->uid) ||
		(tree->what->gid != (gid_t)FS_INHERIT && look->gid != tree->what->gid);
}

/* Does the mode let the user whose it is to be use it as it is? */
static bool suffices(const struct tree *tree, const struct fs_look *look)
{
	mode_t needed = S_ISDIR(look->mode) ? 05 : 04;
	mode_t bits = look->mode;

	if (S_ISLNK(look->mode))
		return true;
	if (tree->what->uid == FS_INHERIT || look->uid == tree->what->uid)
		bits >>= 6;
	else if (look->gid == tree->what->gid)
		bits >>= 3;
	return (bits & needed) == needed;
}

static void note(const struct tree *tree, struct fs_tree_noted *noted)
{
	if (noted && noted->count++ == 0)
		buf_printf(&noted->first, "%s%s", tree->path, tree->at.data);
}

/* It could not be changed or entered, for the reason in errno. */
static int pass_over(const struct tree *tree, const struct fs_look *look,
	const char *what, struct err *err)
{
	bool denied =
		errno == EPERM || errno == EACCES || errno == EROFS || errno == ENOTSUP;

	if (denied && suffices(tree, look)) {
		if (tree->at.len && differs(tree, look))
			note(tree, tree->what->kept);
		return 0;
	}
	(void)fail_sys(tree, what, err); /* always -1 */
	if (denied)
		err_append(err,
			"; it belongs to %u:%u with mode %04o: give it to its user by "
			"hand, or write it into `exclude`",
			look->uid, look->gid, (unsigned)(look->mode & 07777));
	return -1;
}

/* ---- one object ---- */

/*
 * Changes what `name` in `dirfd` names, which others may exchange at any moment: what is
 * judged is what is changed, and a file must have no other name.
 */
static int change_pinned(struct tree *tree, int dirfd, const char *name)
{
	CLEANUP_FD int fd = openat(dirfd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct fs_look look;

	if (fd < 0 || fs_look_at(fd, "", &look) < 0)
		return errno == ENOENT ? 1 : -1;
	if (S_ISDIR(look.mode) || !fs_look_beside(&look, &tree->top) ||
		!differs(tree, &look) || fs_only_name(dirfd, name, fd) < 0)
		return 1;
	return fchownat(fd, "", tree->what->uid, tree->what->gid, AT_EMPTY_PATH);
}

/* Gives it away. Returns 0, 1 if it is not to be, or -1 with errno. */
static int change(struct tree *tree, int dirfd, const char *name, bool pinned)
{
	int rc;

	if (pinned)
		return change_pinned(tree, dirfd, name);
	rc = fchownat(dirfd, name, tree->what->uid, tree->what->gid,
		*name ? AT_SYMLINK_NOFOLLOW : AT_EMPTY_PATH);
	return rc < 0 && errno == ENOENT ? 1 : rc;
}

/* As the kernel would. */
static int refuse(void)
{
	errno = EPERM;
	return -1;
}

/*
 * Some file systems have no owners, and say that they have changed them: the first one is
 * looked at again.
 */
static int change_truly(struct tree *tree, int dirfd, const char *name, bool pinned)
{
	struct fs_look look;
	int rc = change(tree, dirfd, name, pinned);

	if (rc != 0 || tree->gives || fs_look_at(dirfd, name, &look) < 0)
		return rc;
	tree->gives = !differs(tree, &look);
	return tree->gives ? 0 : refuse();
}

/* `name` in `dirfd`, or `dirfd` itself. Returns 0, 1 where the search ends, or -1. */
static int take(struct tree *tree, int dirfd, const char *name, bool pinned,
	const struct fs_look *look, struct err *err)
{
	int rc = 0;

	if (!differs(tree, look))
		return 0;
	if (tree->what->use == FS_TREE_GIVE)
		rc = change_truly(tree, dirfd, name, pinned);
	else if (!tree->may_give)
		rc = refuse();
	if (rc < 0)
		return pass_over(tree, look, "change the owner of", err);
	tree->count += rc == 0;
	return tree->what->use == FS_TREE_FIND;
}

/* ---- all that is in a directory ---- */

static int walk(struct tree *tree, int dir_fd, const char *name,
	const struct fs_look *named, int depth, struct err *err);

static int visit(struct tree *tree, int dirfd, const char *name, bool pinned, int depth,
	struct err *err)
{
	struct fs_look look;

	if (tree->visited++ % STOP_EVERY == 0 && stop_check(tree->what->stop, err) < 0)
		return -1;
	if (fs_is_excluded(tree->what->exclude, tree->at.data + 1))
		return 0;
	if (fs_look_at(dirfd, name, &look) < 0)
		return errno == ENOENT ? 0 : fail_sys(tree, "look at", err);
	if (!fs_look_beside(&look, &tree->top))
		return 0;
	return S_ISDIR(look.mode) ? walk(tree, dirfd, name, &look, depth + 1, err)
				  : take(tree, dirfd, name, pinned, &look, err);
}

/*
 * In a directory that root alone can write, nobody exchanges a name between a look at it
 * and its change, and nobody has put a second name of another's file there.
 */
static bool is_exchangeable(const struct tree *tree, const struct fs_look *dir)
{
	return tree->fs->guarded &&
		((dir->mode & (S_IWGRP | S_IWOTH)) || !fs_is_trusted(tree->fs, dir->uid));
}

static int walk_entries(struct tree *tree, DIR *dir, const struct fs_look *look,
	int depth, struct err *err)
{
	bool pinned = is_exchangeable(tree, look);
	size_t here = tree->at.len;
	const struct dirent *entry;
	int rc = 0;

	while (rc == 0 && (entry = fd_next(dir))) {
		buf_puts(&tree->at, "/");
		buf_puts(&tree->at, entry->d_name);
		rc = visit(tree, dirfd(dir), entry->d_name, pinned, depth, err);
		buf_truncate(&tree->at, here);
	}
	return rc == 0 && errno ? fail_sys(tree, "read", err) : rc;
}

/* `named` is what was seen by its name, which may be another object by now. */
static int walk(struct tree *tree, int dir_fd, const char *name,
	const struct fs_look *named, int depth, struct err *err)
{
	CLEANUP_DIR DIR *dir = fd_list(dir_fd, name);
	struct fs_look look;
	int rc;

	if (!dir && depth > 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		return 0; /* gone, or another object, in the meantime */
	if (!dir) {
		rc = differs(tree, named) || errno != EACCES
			? pass_over(tree, named, "open", err)
			: 0;
		if (rc == 0)
			note(tree, tree->what->closed);
		return rc;
	}
	if (fs_look_at(dirfd(dir), "", &look) < 0)
		return fail_sys(tree, "look at", err);
	if (!fs_look_beside(&look, &tree->top))
		return 0;
	if (depth > DEPTH_MAX)
		return err_fail(
			err, "'%s' is deeper than %d directories", tree->path, DEPTH_MAX);
	rc = walk_entries(tree, dir, &look, depth, err);
	return rc == 0 ? take(tree, dirfd(dir), "", false, &look, err) : rc;
}

int fs_tree_owner(const struct fs *fs, const char *path, const struct fs_tree *what,
	size_t *ret_count, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	struct tree tree = {.fs = fs,
		.path = path,
		.what = what,
		.at = BUF_INIT,
		.may_give = privileged_to_give()};
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : err_fail(err, "'%s' is missing", path);
	fd = openat(entry.dirfd, entry.name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || fs_look_at(fd, "", &tree.top) < 0)
		return err_sys(err, "open '%s'", path);
	if (fs_may_change(fs, &entry, fd, &st, path, err) < 0)
		return -1;
	rc = walk(&tree, fd, ".", &tree.top, 0, err);
	buf_release(&tree.at);
	if (rc < 0)
		return -1;
	*ret_count = tree.count;
	return 0;
}
