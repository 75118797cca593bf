/* SPDX-License-Identifier: MIT */
/* Names: temporaries, publishing them, sweeping forgotten ones. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/str.h"

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE (1 << 0) /* the kernel's, for a C library without it */
#endif

#define MARK        ".groundwork-"
#define LETTERS     6
#define SWEEP_AGE_S 3600
#define SWEEP_MAX   20000 /* entries of a folder that are looked at */

void fs_temp_name(const char *name, char ret[256])
{
	static const char alphabet[] =
		"abcdefghijklmnopqrstuvwxyz0123456789"; /* case-blind file systems */
	unsigned char random[LETTERS];
	size_t room = 255 - 1 - strlen(MARK) - LETTERS;
	size_t at;

	crypto_random(random, sizeof random);
	/* A long name is cut so that the whole fits into NAME_MAX. */
	at = (size_t)snprintf(ret, 256, ".%.*s" MARK, (int)room, name);
	ret[at++] = (char)('0' + random[0] % 10);
	for (size_t i = 1; i < LETTERS; i++)
		ret[at++] = alphabet[random[i] % (sizeof alphabet - 1)];
	ret[at] = '\0';
}

/*
 * ".NAME.groundwork-XXXXXX", or one of its SQLite sidecars. The first of the letters is a
 * digit, so that no word of a user's (".env.groundwork-backup") is taken for ours.
 */
static bool is_temp(const char *name)
{
	const char *mark = NULL;
	const char *tail;

	if (name[0] != '.')
		return false;
	for (const char *at = strstr(name, MARK); at; at = strstr(at + 1, MARK))
		mark = at;
	if (!mark || mark <= name + 1)
		return false;
	tail = mark + strlen(MARK);
	if (!str_is_digit(tail[0]))
		return false;
	for (size_t i = 1; i < LETTERS; i++)
		if (!str_is_alnum(tail[i]) || (tail[i] >= 'A' && tail[i] <= 'Z'))
			return false;
	tail += LETTERS;
	return !*tail || str_equal(tail, "-journal") || str_equal(tail, "-wal") ||
		str_equal(tail, "-shm");
}

static bool is_old(const struct stat *st)
{
	return clock_epoch() - st->st_mtime >= SWEEP_AGE_S;
}

static void sweep_all(int fd, bool in_room);

/* A private directory goes with the temporaries in it, where it is empty then. */
static void sweep_dir(int dirfd, const char *name)
{
	CLEANUP_FD int fd =
		openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && is_old(&st) && (st.st_mode & 0777) == 0700)
		sweep_all(steal_fd(&fd), true);
	(void)unlinkat(dirfd, name, AT_REMOVEDIR);
}

static void sweep_one(int dirfd, const char *name, bool in_room)
{
	struct stat st;

	if (!is_temp(name) || fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	/* Nobody works any more in a room that is that old. */
	if (!in_room && !is_old(&st))
		return;
	/* Best effort: what cannot go today is tried again by the next one who writes. */
	if (!S_ISDIR(st.st_mode))
		(void)unlinkat(dirfd, name, 0);
	else if (in_room)
		(void)unlinkat(dirfd, name, AT_REMOVEDIR);
	else
		sweep_dir(dirfd, name);
}

/* Takes `fd` over. */
static void sweep_all(int fd, bool in_room)
{
	DIR *dir = fdopendir(fd);
	const struct dirent *one;

	if (!dir) {
		close_fd(&fd);
		return;
	}
	for (int n = 0; n < SWEEP_MAX && (one = readdir(dir)); n++)
		sweep_one(dirfd(dir), one->d_name, in_room);
	(void)closedir(dir); /* opened for reading: nothing to lose */
}

void fs_sweep(struct fs *fs, int dirfd)
{
	struct stat st;
	int fd;

	if (fstat(dirfd, &st) < 0 ||
		(fs->swept_inode == st.st_ino && fs->swept_device == st.st_dev))
		return;
	fs->swept_device = st.st_dev;
	fs->swept_inode = st.st_ino;
	fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0)
		sweep_all(fd, false);
}

int fs_rename_after_look(int from, const char *temp, int to, const char *name)
{
	struct stat st;

	if (fstatat(to, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 1;
	if (errno != ENOENT)
		return -1;
	return renameat(from, temp, to, name);
}

/* Not every C library has renameat2. */
int fs_rename_noreplace(int from, const char *temp, int to, const char *name)
{
	return (int)syscall(SYS_renameat2, from, temp, to, name, RENAME_NOREPLACE);
}

/* EPERM: a system call filter that is older than the call. */
bool fs_lacks_noreplace(int code)
{
	return code == EINVAL || code == ENOSYS || code == ENOTSUP || code == EPERM;
}

int fs_rename_new(int from, const char *temp, int to, const char *name)
{
	if (fs_rename_noreplace(from, temp, to, name) == 0)
		return 0;
	if (errno == EEXIST)
		return 1;
	if (!fs_lacks_noreplace(errno))
		return -1;
	if (linkat(from, temp, to, name, 0) == 0)
		return unlinkat(from, temp, 0);
	if (errno == EEXIST)
		return 1;
	if (errno != EPERM && errno != ENOTSUP && errno != ENOSYS)
		return -1;
	return fs_rename_after_look(from, temp, to, name);
}

int fs_sync_dir(int dirfd)
{
	CLEANUP_FD int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* A folder that we may write but not read cannot be flushed by us. */
	if (fd < 0)
		return errno == EACCES ? 0 : -1;
	/* Some network and FUSE file systems know no such thing. */
	if (fsync(fd) < 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
		return -1;
	return 0;
}

int fs_unless_denied(int rc)
{
	return rc < 0 && errno == EPERM ? 0 : rc;
}

int fs_resolve_owner(int dirfd, const struct fs_attr *attr, uid_t *uid, gid_t *gid)
{
	struct stat folder;

	*uid = attr->uid;
	*gid = attr->gid;
	if (geteuid() != 0) {
		*uid = FS_INHERIT;
		*gid = (gid_t)FS_INHERIT;
		return 0;
	}
	if (attr->uid != FS_INHERIT && attr->gid != (gid_t)FS_INHERIT)
		return 0;
	if (fstat(dirfd, &folder) < 0)
		return -1;
	if (attr->uid == FS_INHERIT)
		*uid = folder.st_uid;
	if (attr->gid == (gid_t)FS_INHERIT)
		*gid = folder.st_gid;
	return 0;
}
