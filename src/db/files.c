/* SPDX-License-Identifier: MIT */
/* The files of a database: checking, opening and creating them. */
#include "db/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs.h"
#include "base/sidecar.h"

#define TRIES 16

const char *const files_endings[FILES_COUNT] = {
	[FILES_DATABASE] = "",
	[FILES_WAL] = SIDECAR_WAL,
	[FILES_SHM] = SIDECAR_SHM,
	[FILES_JOURNAL] = SIDECAR_JOURNAL,
};

int files_of_stage(const struct fs_stage *stage, struct files *ret, struct err *err)
{
	struct stat st;

	if (fstat(stage->fd, &st) < 0)
		return err_sys(err, "stat the temporary of '%s'", stage->path);
	*ret = (struct files){
		.dirfd = stage->dirfd,
		.name = stage->temp,
		.owner = st.st_uid,
	};
	return 0;
}

/* ---- checking ---- */

static bool may_own(const struct files *files, uid_t uid)
{
	return !files->shared || uid == files->owner || uid == geteuid();
}

/* A killed process may have published the database by a second link. */
static bool is_linked(const struct files *files, const struct stat *st)
{
	return st->st_nlink > 1 && fs_has_other_names(files->dirfd, files->name, st);
}

/* A file that was removed since it was opened has no link. */
bool files_accept(const struct files *files, const struct stat *st)
{
	return S_ISREG(st->st_mode) && !is_linked(files, st) &&
		may_own(files, st->st_uid);
}

int files_refuse(const struct files *files, const struct stat *st, const char *path,
	struct err *err)
{
	if (!S_ISREG(st->st_mode))
		return err_fail(err,
			"'%s' is a %s, not a file of this database; it was left as it "
			"is: move it away",
			path, fs_type_name(st->st_mode));
	if (is_linked(files, st))
		return err_fail(err,
			"'%s' has %lu hard links, so it may be another file, too; it was "
			"left as it is: remove the other links, or put a copy in its "
			"place",
			path, (unsigned long)st->st_nlink);
	return err_fail(err,
		"'%s' belongs to user %u, but its database to user %u, and we are user "
		"%u; it was left as it is: give it to user %u, or move it away",
		path, st->st_uid, files->owner, geteuid(), files->owner);
}

int files_names_super(int fd)
{
	static const unsigned char magic[8] = {
		0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};
	unsigned char end[sizeof magic];
	ssize_t size;
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (st.st_size < (off_t)sizeof end)
		return 0;
	size = pread(fd, end, sizeof end, st.st_size - (off_t)sizeof end);
	if (size >= 0 && size < (ssize_t)sizeof end)
		errno = EIO; /* it is being truncated */
	if (size < (ssize_t)sizeof end)
		return -1;
	return memcmp(end, magic, sizeof end) == 0;
}

/* If it cannot be read, SQLite will fail, too. */
static int check_journal(const struct files *files, const char *path, struct err *err)
{
	CLEANUP_FD int fd = -1;
	char name[300];

	(void)snprintf(name, sizeof name, "%s-journal", files->name); /* 255 and 8 */
	fd = files_open(files, name, O_RDONLY);
	if (fd < 0 || files_names_super(fd) != 1)
		return 0;
	return err_fail(err,
		"'%s-journal' is of a transaction over several databases, which only an "
		"application that has all of them open can end; it was left as it is: "
		"open '%s' with that application, or with sqlite3, and start again",
		path, path);
}

int files_check(const struct files *files, const char *path, struct err *err)
{
	char file[4096 + 16];
	char name[300];
	struct stat st;

	for (size_t i = 0; i < FILES_COUNT; i++) {
		(void)snprintf(name, sizeof name, "%s%s", files->name, files_endings[i]);
		(void)snprintf(file, sizeof file, "%s%s", path, files_endings[i]);
		/* If this fails for another reason, opening it will, too. */
		if (fstatat(files->dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			!files_accept(files, &st))
			return files_refuse(files, &st, file, err);
	}
	return check_journal(files, path, err);
}

/* ---- opening and creating ---- */

/* O_NONBLOCK: opening a named pipe must not block. */
int files_open(const struct files *files, const char *name, int flags)
{
	CLEANUP_FD int fd = openat(files->dirfd, name,
		flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (!files_accept(files, &st))
		return set_errno(EPERM);
	if (files->shared && fs_only_name(files->dirfd, name, fd) < 0) {
		errno = errno == EMLINK ? EPERM : errno;
		return -1;
	}
	return steal_fd(&fd);
}

/* EPERM is from a file system without owners, or one that squashes root. */
static int give(const struct files *files, int fd, mode_t mode, gid_t gid)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -1;
	if (geteuid() == 0 && (st.st_uid != files->owner || st.st_gid != gid) &&
		fchown(fd, files->owner, gid) < 0 && errno != EPERM)
		return -1;
	if ((st.st_mode & 07777) != mode && fchmod(fd, mode) < 0 && errno != EPERM)
		return -1;
	return 0;
}

/* Without CAP_DAC_READ_SEARCH a descriptor can only be linked through /proc. */
static int link_unnamed(const struct files *files, int fd, const char *name)
{
	char path[64];

	if (linkat(fd, "", files->dirfd, name, AT_EMPTY_PATH) == 0)
		return 0;
	if (errno == EEXIST)
		return -1;
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* fits */
	return linkat(AT_FDCWD, path, files->dirfd, name, AT_SYMLINK_FOLLOW);
}

/* The file gets its owner before its name: if we are killed in between, it is gone. */
static int create_for_owner(
	const struct files *files, const char *name, mode_t mode, gid_t gid)
{
	CLEANUP_FD int fd =
		openat(files->dirfd, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 || give(files, fd, mode, gid) < 0 || link_unnamed(files, fd, name) < 0)
		return -1;
	return steal_fd(&fd);
}

static int create(const struct files *files, const char *name, mode_t mode, gid_t gid)
{
	CLEANUP_FD int fd = -1;

	if (geteuid() == 0 && files->owner != geteuid()) {
		fd = create_for_owner(files, name, mode, gid);
		if (fd >= 0 || errno == EEXIST)
			return steal_fd(&fd);
	}
	fd = openat(files->dirfd, name,
		O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode & 0600);
	if (fd < 0 || give(files, fd, mode, gid) < 0)
		return -1;
	return steal_fd(&fd);
}

int files_open_or_create(
	const struct files *files, const char *name, int flags, mode_t mode, gid_t gid)
{
	int fd = -1;

	for (int i = 0; i < TRIES && fd < 0; i++) {
		fd = files_open(files, name, flags);
		if (fd < 0 && errno == ENOENT)
			fd = create(files, name, mode, gid);
		if (fd < 0 && errno != ENOENT && errno != EEXIST)
			break;
	}
	return fd;
}
