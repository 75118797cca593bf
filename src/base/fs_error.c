/* SPDX-License-Identifier: MIT */
/* Errors of the file system, with what a person needs to act on them. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_internal.h"
#include "base/path.h"
#include "base/str.h"

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
		return "; make room and start again";
	case ELOOP:
		return "; a link on the way leads back to itself, remove it";
	case ENAMETOOLONG:
		return "; a name has 255 bytes at the most, a path 4095";
	default:
		return "";
	}
}

bool fs_is_full(int code)
{
	return code == ENOSPC || code == EDQUOT || code == EFBIG;
}

static bool is_denied(int code)
{
	return code == EACCES || code == EPERM;
}

static int raise_denied(struct err *err, int code, const char *what, const char *path,
	const char *whose, const struct stat *st)
{
	return err_code(err, code,
		"%s '%s': %s: %s belongs to %u:%u with mode %04o, and we are %u:%u%s",
		what, path, strerror(code), whose, st->st_uid, st->st_gid,
		(unsigned)(st->st_mode & 07777), geteuid(), getegid(), advice(code));
}

int fs_raise(struct err *err, int dirfd, const char *what, const char *path)
{
	int code = errno;
	struct stat st;

	if (is_denied(code) && dirfd >= 0 && fstat(dirfd, &st) == 0)
		return raise_denied(err, code, what, path, "its directory", &st);
	return err_code(
		err, code, "%s '%s': %s%s", what, path, strerror(code), advice(code));
}

int fs_raise_unchanged(struct err *err, int dirfd, const char *what, const char *path)
{
	bool full = fs_is_full(errno);

	(void)fs_raise(err, dirfd, what, path); /* always -1 */
	return full ? err_append(err, "; nothing was changed there") : -1;
}

int fs_raise_mkdir(struct err *err, int dirfd, const char *name, const char *path)
{
	CLEANUP_BUF struct buf what = BUF_INIT;
	int code = errno;

	buf_puts(&what, "create the directory");
	/* Where links lead the way, its place is not in the path. */
	if (!str_equal(name, path_base(path)))
		buf_printf(&what, " '%s' on the way to", name);
	errno = code;
	return fs_raise_unchanged(err, dirfd, what.data, path);
}

/* The innermost object on `path` that can be looked at: what is below it cannot. */
static void find_innermost(const char *path, struct buf *ret_whose, struct stat *ret_st)
{
	size_t size = strlen(path);
	CLEANUP_BUF struct buf above = BUF_INIT;

	buf_puts(&above, path);
	while (size > 1 && stat(above.data, ret_st) < 0) {
		while (size > 1 && above.data[size - 1] != '/')
			size--;
		size -= size > 1;
		buf_truncate(&above, size);
		above.data[size] = '\0';
	}
	buf_printf(ret_whose, "'%s'", above.data);
}

int fs_raise_path(struct err *err, const char *what, const char *path)
{
	CLEANUP_BUF struct buf whose = BUF_INIT;
	int code = errno;
	struct stat st = {0};

	if (is_denied(code) && *path == '/') {
		find_innermost(path, &whose, &st);
		return raise_denied(err, code, what, path, whose.data, &st);
	}
	errno = code;
	return fs_raise(err, -1, what, path);
}

/* The directory itself may be one that we cannot look into. */
static int look_at(int dirfd, const char *name, struct stat *ret)
{
	return str_equal(name, ".") ? fstat(dirfd, ret)
				    : fstatat(dirfd, name, ret, AT_SYMLINK_NOFOLLOW);
}

int fs_raise_open(struct err *err, int dirfd, const char *name, const char *path)
{
	CLEANUP_BUF struct buf whose = BUF_INIT;
	int code = errno;
	struct stat st;

	if (is_denied(code) && look_at(dirfd, name, &st) == 0 && !S_ISLNK(st.st_mode))
		return raise_denied(err, code, "open", path, "it", &st);
	if (is_denied(code) && dirfd == AT_FDCWD) {
		errno = code;
		return fs_raise_path(err, "open", path);
	}
	if (code == ENXIO && fstatat(dirfd, name, &st, 0) == 0)
		return err_code(err, code, "'%s' is a %s, not a file", path,
			fs_type_name(st.st_mode));
	if (code == ENOTDIR && dirfd == AT_FDCWD && *path == '/') {
		st = (struct stat){0};
		find_innermost(path, &whose, &st);
		return err_code(err, code, "'%s': %s on the way is a %s, not a directory",
			path, whose.data, fs_type_name(st.st_mode));
	}
	errno = code;
	return fs_raise(err, dirfd, "open", path);
}
