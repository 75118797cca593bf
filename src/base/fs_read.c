/* SPDX-License-Identifier: MIT */
/* Reading what is there: files, types, owners, and telling why something cannot be. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"

static const char *advice(int code)
{
	switch (code) {
	case EACCES:
	case EPERM:
		return "; give that user access (owner, group or fsGroup), or use "
		       "another path";
	case EROFS:
		return "; mount a writable volume there";
	case ENOSPC:
	case EDQUOT:
		return "; nothing was changed there, make room and start again";
	default:
		return "";
	}
}

int fs_raise(struct err *err, int dirfd, const char *what, const char *path)
{
	int code = errno;
	struct stat st;
	bool denied = code == EACCES || code == EPERM;

	if (denied && dirfd >= 0 && fstat(dirfd, &st) == 0)
		err_fail(err,
			"%s '%s': %s: its folder belongs to %u:%u with mode %04o, and we "
			"are "
			"%u:%u%s",
			what, path, strerror(code), st.st_uid, st.st_gid,
			(unsigned)(st.st_mode & 07777), geteuid(), getegid(),
			advice(code));
	else
		err_fail(err, "%s '%s': %s%s", what, path, strerror(code), advice(code));
	err->code = code;
	return -1;
}

const char *fs_type_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "symbolic link";
	case S_IFIFO:
		return "pipe";
	case S_IFSOCK:
		return "socket";
	default:
		return "device";
	}
}

/* O_NONBLOCK: a pipe that somebody put there must not hold us up. */
static int read_at(int dirfd, const char *name, int flags, const char *path, size_t limit,
	struct buf *ret, struct stat *ret_stat, struct err *err)
{
	CLEANUP_FD int fd =
		openat(dirfd, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | flags);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return 1;
	if (fd < 0 && errno == ELOOP)
		return err_fail(err, "'%s' is a symbolic link, not a file", path);
	if (fd < 0)
		return fs_raise(err, dirfd == AT_FDCWD ? -1 : dirfd, "open", path);
	if (fstat(fd, &st) < 0)
		return err_sys(err, "stat '%s'", path);
	if (!S_ISREG(st.st_mode))
		return err_fail(
			err, "'%s' is a %s, not a file", path, fs_type_name(st.st_mode));
	/* And a byte more, for the read that finds the end. */
	buf_reserve(ret, (size_t)st.st_size < limit ? (size_t)st.st_size + 1 : 1);
	if (fd_read_all(fd, limit, ret) < 0) {
		if (errno == EFBIG)
			return err_fail(
				err, "'%s' is larger than %zu bytes", path, limit);
		return err_sys(err, "read '%s'", path);
	}
	if (ret_stat)
		*ret_stat = st;
	return 0;
}

int fs_read(const char *path, size_t limit, struct buf *ret, struct stat *ret_stat,
	struct err *err)
{
	return read_at(AT_FDCWD, path, 0, path, limit, ret, ret_stat, err);
}

int fs_read_target(const char *path, size_t limit, struct buf *ret, struct stat *ret_stat,
	struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc = fs_walk(path, &entry, err);

	if (rc != 0)
		return rc;
	return read_at(
		entry.dirfd, entry.name, O_NOFOLLOW, path, limit, ret, ret_stat, err);
}

mode_t fs_wanted_mode(const struct stat *st, const struct fs_attr *attr)
{
	mode_t born = S_ISDIR(st->st_mode) ? st->st_mode & S_ISGID : 0;

	return attr->mode | born;
}

/* Only root can give objects away, and only owners can change modes. */
int fs_attr_differs(const struct stat *st, const struct fs_attr *attr, struct buf *why)
{
	bool root = geteuid() == 0;
	mode_t mode = st->st_mode & 07777;
	mode_t wanted = fs_wanted_mode(st, attr);
	size_t before = why->len;

	if (attr->fix_mode && mode != wanted && (root || st->st_uid == geteuid()))
		buf_printf(why, "mode %04o, not %04o", (unsigned)mode, (unsigned)wanted);
	if (root && attr->fix_uid && st->st_uid != attr->uid)
		buf_printf(why, "%sowner %u, not %u", why->len > before ? ", " : "",
			st->st_uid, attr->uid);
	if (root && attr->fix_gid && st->st_gid != attr->gid)
		buf_printf(why, "%sgroup %u, not %u", why->len > before ? ", " : "",
			st->st_gid, attr->gid);
	return why->len > before;
}

int fs_dir_empty(const char *path, struct err *err)
{
	DIR *dir = opendir(path);
	const struct dirent *one;
	int empty = 1;

	if (!dir)
		return errno == ENOENT ? 1 : err_sys(err, "open '%s'", path);
	errno = 0;
	while (empty && (one = readdir(dir)))
		if (strcmp(one->d_name, ".") != 0 && strcmp(one->d_name, "..") != 0 &&
			strcmp(one->d_name, "lost+found") != 0)
			empty = 0;
	if (empty && errno)
		empty = err_sys(err, "read '%s'", path);
	(void)closedir(dir); /* opened for reading: nothing to lose */
	return empty;
}
