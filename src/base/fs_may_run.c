/* SPDX-License-Identifier: MIT */
/* Whether a program may be run with our rights, or with those of a user. */
#include "base/fs_may_run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"

/* Opens what the path names, links followed. Returns 0, 1 if it is missing, or -1. */
static int open_path(struct walk *walk, int *ret, struct stat *ret_st, struct err *err)
{
	for (;;) {
		CLEANUP_FD int fd = -1;
		int rc = walk_to_last(walk, err);

		if (rc != 0)
			return rc;
		fd = openat(walk->at.dirfd, *walk->at.name ? walk->at.name : ".",
			O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			return 1;
		if (fd < 0 || fstat(fd, ret_st) < 0)
			return fs_raise(err, walk->at.dirfd, "look at", walk->path);
		if (!S_ISLNK(ret_st->st_mode)) {
			*ret = steal_fd(&fd);
			return 0;
		}
		if (walk_follow(walk, fd, ret_st, err) < 0)
			return -1;
	}
}

/* Who, of those whom `user` is not, controls the path, or can write what it names. */
static void find_writer(const struct walk *walk, int fd, const struct stat *st,
	uid_t user, struct buf *who)
{
	struct fs_hold hold = walk->at.hold;

	(void)fs_hold_cross(&hold, walk->at.dirfd, fd);
	if (hold.by == FS_ANYONE)
		buf_puts(who, "others, who can exchange a directory or link on its path");
	else if (hold.by == FS_SOMEBODY && hold.uid != user)
		buf_printf(who,
			"user %u, who can exchange a directory or link on its path",
			hold.uid);
	else if (fs_is_read_only(fd))
		return;
	else if (!fs_is_trusted(walk->fs, st->st_uid) && st->st_uid != user)
		buf_printf(who, "its owner, user %u", st->st_uid);
	else if (st->st_mode & S_IWOTH)
		buf_puts(who, "everybody");
	else if (st->st_mode & S_IWGRP)
		buf_printf(who, "group %u", st->st_gid);
}

static int judge(const struct walk *walk, int fd, const struct stat *st, uid_t user,
	struct err *err)
{
	CLEANUP_BUF struct buf who = BUF_INIT;

	find_writer(walk, fd, st, user, &who);
	if (!who.len)
		return 0;
	return err_fail(err,
		"'%s' (%u:%u, %04o) can be changed by %s, and %s would be run as user "
		"%u; give it to root, and take the write permission of others away",
		walk->path, st->st_uid, st->st_gid, (unsigned)(st->st_mode & 07777),
		who.data, S_ISDIR(st->st_mode) ? "what is in it" : "it", user);
}

static int may_run_guarded(const struct fs *fs, const char *path, uid_t user,
	struct stat *ret, struct err *err)
{
	CLEANUP_WALK struct walk walk;
	CLEANUP_FD int fd = -1;
	struct stat st = {0};
	int rc = walk_begin(&walk, fs, NULL, WALK_READ, path, err);

	if (rc == 0)
		rc = open_path(&walk, &fd, &st, err);
	if (rc == 0)
		rc = judge(&walk, fd, &st, user, err);
	if (rc == 0)
		*ret = st;
	return rc;
}

int fs_may_run(const struct fs *fs, const char *path, uid_t user, struct stat *ret,
	struct err *err)
{
	if (fs->guarded)
		return may_run_guarded(fs, path, user, ret, err);
	if (stat(path, ret) == 0)
		return 0;
	return errno == ENOENT ? 1 : err_sys(err, "look at '%s'", path);
}
