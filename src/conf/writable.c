/* SPDX-License-Identifier: MIT */
/* Drop-ins that others can write. */
#include "conf/writable.h"

#include <stdio.h>
#include <sys/statvfs.h>

#include "base/fs.h"
#include "base/log.h"

#define WHO_MAX 64

static bool is_read_only(const char *path, int fd)
{
	struct statvfs vfs;
	int rc = fd < 0 ? statvfs(path, &vfs) : fstatvfs(fd, &vfs);

	return rc == 0 && (vfs.f_flag & ST_RDONLY);
}

/* Who can write it, or NULL. */
static const char *who(
	const struct fs *fs, const struct stat *st, mode_t open, char room[WHO_MAX])
{
	if (!fs_is_trusted(fs, st->st_uid))
		(void)snprintf(room, WHO_MAX, "user %u", st->st_uid); /* it fits */
	else if (st->st_mode & open & S_IWOTH)
		(void)snprintf(room, WHO_MAX, "everybody");
	else if (st->st_mode & open & S_IWGRP)
		(void)snprintf(room, WHO_MAX, "group %u", st->st_gid);
	else
		return NULL;
	return room;
}

/* Warns where others can write it, as far as `open` says. `fd` is of the file, or -1. */
static bool warn(const struct log *log, const char *path, int fd, const struct stat *st,
	mode_t open, const char *what)
{
	struct fs fs = FS_INIT;
	char room[WHO_MAX];
	const char *name;

	fs_begin(&fs);
	name = who(&fs, st, open, room);
	if (!name || !log || !fs.guarded || is_read_only(path, fd))
		return false;
	log_warn(log,
		"'%s' (%u:%u, %04o) can be %s by %s, and what it says is done as root; "
		"give it to root and take the others' write permission away",
		path, st->st_uid, st->st_gid, (unsigned)(st->st_mode & 07777), what,
		name);
	return true;
}

bool writable_warn_dir(
	const struct log *log, const char *path, const struct stat *st, bool listed)
{
	/* With the sticky bit others can add names, and exchange none. */
	bool keeps = !listed && (st->st_mode & S_ISVTX);

	return warn(log, path, -1, st, keeps ? 0 : S_IWGRP | S_IWOTH, "changed");
}

void writable_warn_file(
	const struct log *log, const char *path, int fd, const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		(void)warn(log, path, fd, st, S_IWGRP | S_IWOTH, "written"); /* or not */
}
