/* SPDX-License-Identifier: MIT */
/* A directory for a command to fill: making it, and publishing it whole. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/fs_scratch.h"
#include "base/str.h"

/* ---- before ---- */

/* What a directory holds. */
enum content { CONTENT_NONE, CONTENT_LOST_FOUND, CONTENT_FILES };

/* Returns what it holds, or -1 with errno. */
static int look_inside(int fd)
{
	CLEANUP_DIR DIR *dir = fd_list(fd, ".");
	const struct dirent *entry;
	int content = CONTENT_NONE;

	if (!dir)
		return -1;
	while ((entry = fd_next(dir))) {
		if (!str_equal(entry->d_name, "lost+found"))
			return CONTENT_FILES;
		content = CONTENT_LOST_FOUND;
	}
	return errno ? -1 : content;
}

static int raise_other(const struct fs_entry *entry, const char *path, struct err *err)
{
	struct stat st;

	if (fstatat(entry->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fs_raise(err, entry->dirfd, "look at", path);
	return err_fail(err, "'%s' is a %s, not a directory; move it away", path,
		fs_type_name(st.st_mode));
}

int fs_scratch_missing(const struct fs *fs, const char *path, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	CLEANUP_FD int fd = -1;
	int content;
	int rc = fs_walk(fs, path, &entry, err);

	if (rc != 0)
		return rc;
	fd = openat(entry.dirfd, entry.name,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		return raise_other(&entry, path, err);
	content = fd < 0 ? -1 : look_inside(fd);
	if (content < 0) /* one that we cannot read is not ours to make */
		return errno == EACCES ? 0 : err_sys(err, "read '%s'", path);
	if (content == CONTENT_FILES)
		return 0;
	if (content == CONTENT_LOST_FOUND || !fs_same_mount(entry.dirfd, fd))
		return err_fail(err,
			"'%s' is %s, which no other directory can replace: name one "
			"that is to be made in it, such as '%s/%s'",
			path,
			content == CONTENT_LOST_FOUND ? "the top of a file system"
						      : "a mount point",
			path, "data");
	return 1;
}

int fs_scratch_give(struct fs_scratch *scratch, struct err *err)
{
	scratch->ours = false;
	if (fs_give_to(scratch->made, scratch->user.uid, scratch->user.gid) < 0)
		return err_sys(err, "give '%s' its owner", scratch->path);
	return 0;
}

/* Locks the new directory in `dirfd`; its user gets it at once, unless we fill it. */
static int settle(struct fs_scratch *scratch, int dirfd, struct err *err)
{
	scratch->made = openat(
		dirfd, scratch->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (scratch->made < 0)
		return fs_raise(err, dirfd, "open", scratch->path);
	/* Where there are no such locks a sweep goes by age alone. */
	(void)flock(scratch->made, LOCK_SH | LOCK_NB);
	scratch->ours = scratch->user.use == FS_SCRATCH_TREE;
	return scratch->ours ? 0 : fs_scratch_give(scratch, err);
}

/*
 * In a directory of others it is made and given away in a private one: by its name there,
 * it could be a directory of root's that was renamed at that moment.
 */
int fs_scratch_make_dir(struct fs_scratch *scratch, struct err *err)
{
	int where = fs_scratch_where(scratch);
	CLEANUP_FD int private = -1;
	char name[256] = "";
	struct stat at;
	int rc;

	if (fstat(where, &at) < 0)
		return fs_raise(err, where, "look at the directory of", scratch->path);
	if (fs_is_trusted(scratch->fs, at.st_uid) &&
		!(at.st_mode & (S_IWGRP | S_IWOTH))) {
		if (mkdirat(where, scratch->name, 0700) < 0)
			return fs_raise(err, where, "make", scratch->path);
		return settle(scratch, where, err);
	}
	private = fs_private_make(where, &at, "private", name);
	if (private < 0)
		return fs_raise(err, where, "make", scratch->path);
	if (mkdirat(private, scratch->name, 0700) < 0)
		rc = fs_raise(err, where, "make", scratch->path);
	else if (settle(scratch, private, err) < 0)
		rc = -1;
	else if (private != where &&
		renameat(private, scratch->name, where, scratch->name) < 0)
		rc = fs_raise(err, where, "make", scratch->path);
	else
		rc = 0;
	if (rc < 0)
		(void)unlinkat(private, scratch->name, AT_REMOVEDIR);
	if (private != where)
		(void)unlinkat(where, name, AT_REMOVEDIR);
	return rc;
}

/* ---- publishing ---- */

/* Renames it onto nothing, or an empty directory. Returns 0, 1 if it has files, or -1. */
static int take_place(int from, const char *name, const struct fs_scratch *scratch)
{
	if (renameat(from, name, scratch->entry.dirfd, scratch->entry.name) == 0)
		return fs_sync_dir(scratch->entry.dirfd);
	return errno == ENOTEMPTY || errno == EEXIST ? 1 : -1;
}

static int raise(const struct fs_scratch *scratch, struct err *err)
{
	return fs_raise(err, scratch->entry.dirfd, "publish", scratch->target);
}

/* Copies it into a private directory beside the target: on another file system. */
static int publish_copy(struct fs_scratch *scratch, int fd, struct err *err)
{
	const struct fs_entry *entry = &scratch->entry;
	const struct fs_copy how = {
		.path = scratch->target, /* whose disk may be full */
		.whose = scratch->user.uid == geteuid() ? FS_COPY_ALL : FS_COPY_USER,
		.uid = scratch->user.uid,
		.stop = scratch->user.stop,
	};
	CLEANUP_FD int private = -1;
	char name[256];
	struct stat parent;
	int rc;

	if (fstat(entry->dirfd, &parent) < 0)
		return raise(scratch, err);
	private = fs_private_make(entry->dirfd, &parent, "private", name);
	if (private < 0)
		return raise(scratch, err);
	/* One that a server gave to another user is the directory itself. */
	rc = fs_copy_tree(fd, private, scratch->name, &how, err);
	if (rc == 0 && syncfs(private) < 0)
		rc = fs_raise(err, entry->dirfd, "flush", scratch->target);
	if (rc == 0) {
		rc = take_place(private, scratch->name, scratch);
		if (rc < 0)
			(void)raise(scratch, err); /* always -1 */
	}
	fs_remove_all(private, scratch->name, FS_INHERIT);
	if (private != entry->dirfd)
		(void)unlinkat(entry->dirfd, name, AT_REMOVEDIR);
	return rc;
}

/* Opens what the command has left there. Returns 0, 1 if that is nothing, or -1. */
static int open_made(const struct fs_scratch *scratch, int *ret, struct err *err)
{
	int where = fs_scratch_where(scratch);
	struct stat st;
	int content;

	*ret = openat(where, scratch->name,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*ret < 0 && errno == ENOENT)
		return 1;
	if (*ret < 0 && (errno == ENOTDIR || errno == ELOOP))
		return err_fail(
			err, "what was made for '%s' is no directory", scratch->target);
	if (*ret < 0 || fstat(*ret, &st) < 0)
		return fs_raise(err, where, "open what was made for", scratch->target);
	if (geteuid() == 0 && st.st_uid != scratch->user.uid && st.st_uid != 0)
		return err_fail(err,
			"what was made for '%s' belongs to user %u, not to user %u who "
			"made it",
			scratch->target, st.st_uid, scratch->user.uid);
	content = look_inside(*ret);
	if (content < 0)
		return fs_raise(err, where, "read what was made for", scratch->target);
	return content == CONTENT_NONE;
}

int fs_scratch_publish_dir(
	struct fs_scratch *scratch, enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_FD int fd = -1;
	int rc;

	/* From here on its user cannot exchange it, nor be in the way. */
	if (scratch->dirfd >= 0 && scratch->user.uid != geteuid() &&
		fs_unless_denied(fchown(scratch->dirfd, geteuid(), getegid())) < 0)
		return err_sys(err, "take back the directory of '%s'", scratch->path);
	rc = open_made(scratch, &fd, err);
	if (rc != 0)
		return rc;
	if (syncfs(fd) < 0)
		return fs_raise(err, fd, "flush", scratch->target);
	rc = take_place(fs_scratch_where(scratch), scratch->name, scratch);
	if (rc < 0 && errno == EXDEV)
		rc = publish_copy(scratch, fd, err);
	else if (rc < 0)
		return raise(scratch, err);
	if (rc < 0)
		return -1;
	*ret_outcome = rc ? FS_THERE : FS_MADE;
	return 0;
}
