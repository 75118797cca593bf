/* SPDX-License-Identifier: MIT */
/*
 * Whether a temporary is in use. The locks that say so end with their process: flock(2)
 * on a directory, ours on the first byte of a file that is made (fs_stage.c), and
 * SQLite's own on what it builds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/fs_in_use.h"
#include "base/fs_internal.h"
#include "base/fs_system.h"
#include "base/str.h"

#define UNLOCKED_S 60 /* between making a directory and locking it */

bool fs_has_local_locks(int dirfd)
{
	const struct fs_system *system = fs_system_at(dirfd);

	return system && system->class == FS_SYSTEM_LOCAL;
}

/* Opens a file to ask for its locks. A pipe or a device is not opened, nor a file that
 * has another name: SQLite may have it open by that, and would lose its locks. */
static int open_file(int dirfd, const char *name, const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || st->st_nlink != 1)
		return -1;
	return openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

int fs_has_lock(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (fcntl(fd, F_OFD_GETLK, &lock) < 0)
		return -1;
	return lock.l_type != F_UNLCK;
}

bool fs_is_held(int dirfd, const char *name, const struct stat *st)
{
	CLEANUP_FD int fd = open_file(dirfd, name, st);

	return fd >= 0 && fs_has_lock(fd) == 1;
}

bool fs_is_abandoned(int dirfd, const char *name)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
	CLEANUP_FD int fd = -1;
	const char *letters = fs_temp_letters(name);
	char file[256]; /* without the ending of a sidecar */
	struct stat st;

	if (!str_is_digit(letters[1]) || !fs_has_local_locks(dirfd))
		return false;
	(void)snprintf(file, sizeof file, "%.*s", (int)(letters - name) + FS_TEMP_LETTERS,
		name); /* fits: a name has 255 */
	if (fstatat(dirfd, file, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT;
	if (st.st_size == 0)
		return false;
	fd = open_file(dirfd, file, &st);
	/* That it can be locked shows that its maker could lock it. */
	return fd >= 0 && fs_has_lock(fd) == 0 && fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

static bool is_empty(DIR *dir)
{
	bool empty = !fd_next(dir);

	rewinddir(dir);
	return empty;
}

bool fs_is_abandoned_dir(DIR *dir, const struct stat *st)
{
	/* Of one that is empty and new, the maker may be about to lock it. */
	return fs_has_local_locks(dirfd(dir)) &&
		(!is_empty(dir) || clock_epoch() - st->st_mtime >= UNLOCKED_S);
}

int fs_lock_left(int fd)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	const struct timespec pause = {.tv_nsec = 5000000};

	for (int i = 0; fcntl(fd, F_OFD_SETLK, &lock) < 0; i++) {
		if (errno != EAGAIN && errno != EACCES)
			return -1;
		if (i == 40)
			return 1;
		(void)nanosleep(&pause, NULL); /* signals are blocked */
	}
	return 0;
}

bool fs_is_named(int dirfd, const char *name, int fd)
{
	struct stat st, named;

	return fstat(fd, &st) == 0 &&
		fstatat(dirfd, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
		named.st_ino == st.st_ino && named.st_dev == st.st_dev;
}
