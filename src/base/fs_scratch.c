/* SPDX-License-Identifier: MIT */
/* Where a command may make or read a file. */
#include "base/fs_scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/privilege.h"
#include "base/str.h"

/*
 * Can it be beside the target? Only root and the command's user control the directory and
 * what leads to it, and the command can do there what it is to do.
 */
static bool fits_beside(const struct fs *fs, const struct fs_entry *entry,
	const struct fs_scratch_user *user)
{
	const struct fs_hold *hold = &entry->hold;
	bool theirs = entry->dir_owner == user->uid;

	if (!fs->guarded)
		return true;
	if (hold->by == FS_ANYONE || (hold->by == FS_SOMEBODY && hold->uid != user->uid))
		return false;
	if ((entry->dir_mode & (S_IWGRP | S_IWOTH)) ||
		(!theirs && !fs_is_trusted(fs, entry->dir_owner)))
		return false;
	/* Root's directory is for root, or for whom can reach what we make there. */
	return theirs || fs_is_trusted(fs, user->uid) ||
		(user->use != FS_SCRATCH_MAKE && entry->open);
}

/*
 * What is not published lies where there is room for it: the target may be a mount in a
 * directory that is read-only.
 */
static bool may_lie_beside(const struct fs_scratch *scratch)
{
	const struct fs_entry *entry = &scratch->entry;

	return fits_beside(scratch->fs, entry, &scratch->user) &&
		(scratch->user.use != FS_SCRATCH_TREE ||
			faccessat(entry->dirfd, ".", W_OK | X_OK, AT_EACCESS) == 0);
}

static int set_path(
	struct fs_scratch *scratch, const char *dir, size_t dir_size, struct err *err)
{
	int size = snprintf(scratch->path, sizeof scratch->path, "%.*s%s%s/%s",
		(int)dir_size, dir, *scratch->dir ? "/" : "", scratch->dir,
		scratch->name);

	if (size < 0 || (size_t)size >= sizeof scratch->path)
		return err_fail(err, "the path of a temporary for '%s' is too long",
			scratch->target);
	return 0;
}

/* ---- a private directory ---- */

/* A directory in which only root and we can exchange names. A descriptor, or -1. */
static int open_safe_dir(const struct fs *fs, const char *path)
{
	CLEANUP_WALK struct walk walk;
	DECLARE_ERR(ignored); /* then the next directory is tried */
	bool shared;

	if (walk_begin(&walk, fs, NULL, WALK_WRITE, path, &ignored) != 0 ||
		walk_into_last(&walk, &ignored) != 0 || path[0] != '/')
		return -1;
	shared =
		(walk.at.dir_mode & (S_IWGRP | S_IWOTH)) && !(walk.at.dir_mode & S_ISVTX);
	if (walk.at.hold.by != FS_NOBODY || shared ||
		!fs_is_trusted(fs, walk.at.dir_owner))
		return -1;
	return steal_fd(&walk.at.dirfd);
}

/* Others cannot exchange names there. Returns 0, or -1 with errno. */
static int make_private(struct fs_scratch *scratch)
{
	struct stat parent;
	int fd;

	if (fstat(scratch->parent, &parent) < 0)
		return -1;
	fd = fs_private_make(scratch->parent, &parent, "scratch", scratch->dir);
	if (fd < 0 || fd == scratch->parent) {
		scratch->dir[0] = '\0';
		return -1;
	}
	scratch->dirfd = fd;
	if (scratch->user.uid == geteuid())
		return 0;
	return fchown(fd, scratch->user.uid, scratch->user.gid);
}

/* Whose directories it removes: the command's user can move others' there. */
static uid_t owner_of(const struct fs_scratch *scratch)
{
	return scratch->ours || fs_is_trusted(scratch->fs, scratch->user.uid)
		? FS_INHERIT
		: scratch->user.uid;
}

/*
 * Removes all that begins with the name that the command was given: it may have made
 * further files (ssh-keygen's NAME.pub). Best effort; only where others cannot write.
 */
static void remove_made(int dirfd, const char *name, uid_t uid)
{
	CLEANUP_DIR DIR *dir = fd_list(dirfd, ".");
	const struct dirent *entry;

	while (dir && (entry = fd_next(dir)))
		if (str_starts(entry->d_name, name))
			fs_remove_all(dirfd, entry->d_name, uid);
}

static void forget(struct fs_scratch *scratch)
{
	if (scratch->dirfd >= 0)
		remove_made(scratch->dirfd, "", owner_of(scratch));
	if (scratch->dir[0])
		(void)unlinkat(scratch->parent, scratch->dir, AT_REMOVEDIR);
	scratch->dir[0] = '\0';
	close_fd(&scratch->dirfd);
	close_fd(&scratch->parent);
}

static int raise_no_place(const struct fs_scratch *scratch, struct err *err)
{
	const char *advice = "neither TMPDIR, /run nor /tmp can be used; let TMPDIR "
			     "name a directory of root's that may be written, such as a "
			     "tmpfs";

	if (fits_beside(scratch->fs, &scratch->entry, &scratch->user))
		return err_fail(err,
			"there is no place for a temporary of '%s': its directory cannot "
			"be written, and %s",
			scratch->target, advice);
	return err_fail(err,
		"there is no place for a temporary of '%s' that others could not "
		"exchange: its directory is not user %u's alone, and %s",
		scratch->target, scratch->user.uid, advice);
}

static int open_elsewhere(struct fs_scratch *scratch, struct err *err)
{
	const char *const places[] = {scratch->user.tmpdir, "/run", "/tmp"};

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		if (!places[i] || !*places[i])
			continue;
		scratch->parent = open_safe_dir(scratch->fs, places[i]);
		if (scratch->parent < 0)
			continue;
		fs_sweep(scratch->fs, scratch->parent);
		if (make_private(scratch) == 0)
			return set_path(scratch, places[i], strlen(places[i]), err);
		forget(scratch);
	}
	return raise_no_place(scratch, err);
}

static int find_user(struct fs_scratch *scratch, struct err *err)
{
	struct fs_scratch_user *user = &scratch->user;
	struct fs_attr attr = {.uid = user->uid, .gid = user->gid};

	if (fs_resolve_owner(scratch->entry.dirfd, &attr) < 0)
		return fs_raise(err, -1, "look at the directory of", scratch->target);
	user->uid = attr.uid == FS_INHERIT ? geteuid() : attr.uid;
	user->gid = attr.gid == (gid_t)FS_INHERIT ? getegid() : attr.gid;
	return 0;
}

/* What others' commands are to use must be given to them, but where they make it. */
static int check_giving(const struct fs_scratch *scratch, struct err *err)
{
	enum fs_scratch_use use = scratch->user.use;

	if (geteuid() != 0 || scratch->user.uid == geteuid() || privileged_to_give() ||
		((use == FS_SCRATCH_MAKE || use == FS_SCRATCH_LOOK) &&
			may_lie_beside(scratch)))
		return 0;
	return err_fail(err,
		"the temporary of '%s' cannot be given to user %u: root lacks CAP_CHOWN; "
		"give the container that capability",
		scratch->target, scratch->user.uid);
}

int fs_scratch_check(struct fs *fs, const char *path, const struct fs_scratch_user *user,
	struct err *err)
{
	struct fs_scratch scratch = FS_SCRATCH_INIT;
	int rc;

	scratch.target = path;
	scratch.user = *user;
	scratch.fs = fs;
	rc = fs_walk(fs, path, &scratch.entry, err);
	if (rc == 0 && (find_user(&scratch, err) < 0 || check_giving(&scratch, err) < 0))
		rc = -1;
	fs_entry_release(&scratch.entry);
	return rc < 0 ? -1 : 0;
}

int fs_scratch_open(struct fs *fs, struct fs_scratch *scratch, const char *path,
	const struct fs_scratch_user *user, struct err *err)
{
	scratch->fs = fs;
	scratch->target = path;
	scratch->user = *user;
	if (fs_walk_make(fs, path, &scratch->entry, err) < 0 ||
		find_user(scratch, err) < 0 || check_giving(scratch, err) < 0)
		return -1;
	fs_temp_name(scratch->entry.name, FS_TEMP_PLAIN, scratch->name);
	if (!may_lie_beside(scratch)) {
		if (open_elsewhere(scratch, err) < 0)
			return -1;
	} else {
		fs_sweep(fs, scratch->entry.dirfd);
		if (set_path(scratch, path, (size_t)(strrchr(path, '/') - path), err) < 0)
			return -1;
	}
	if (user->use == FS_SCRATCH_MAKE && fs_scratch_heal(scratch, err) < 0)
		return -1;
	return user->use == FS_SCRATCH_DIR || user->use == FS_SCRATCH_TREE
		? fs_scratch_make_dir(scratch, err)
		: 0;
}

int fs_scratch_fill(struct fs_scratch *scratch, const void *data, size_t size,
	const struct fs_attr *attr, struct err *err)
{
	CLEANUP_FD int fd = openat(fs_scratch_where(scratch), scratch->name,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct fs_attr resolved = *attr;
	int rc = fs_resolve_owner(scratch->entry.dirfd, &resolved);

	if (fd < 0 || fd_write_all(fd, data, size) < 0)
		return fs_raise(err, fs_scratch_where(scratch), "write", scratch->path);
	if (rc < 0 || fs_give(fd, &resolved) < 0)
		return err_sys(err, "give '%s' its owner and mode", scratch->path);
	return 0;
}

void fs_scratch_release(struct fs_scratch *scratch)
{
	if (scratch->dirfd < 0 && scratch->name[0] && scratch->entry.dirfd >= 0)
		remove_made(scratch->entry.dirfd, scratch->name, owner_of(scratch));
	close_fd(&scratch->made);
	forget(scratch);
	fs_entry_release(&scratch->entry);
}
