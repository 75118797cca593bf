/* SPDX-License-Identifier: MIT */
/* What an earlier process has left of a file that takes long to write. */
#include "base/fs_left.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_in_use.h"
#include "base/fs_internal.h"

#define NAME_SIZE ((int)sizeof((struct fs_stage *)NULL)->temp)

/*
 * Makes the open file ours alone again, if it was: it may have got its owner or mode, and
 * was not published. Whose it was to be has it anyway. Returns whether it is ours.
 */
static bool make_ours(const struct fs_stage *stage)
{
	uid_t self = stage->fs->self;
	struct fs_attr attr = stage->attr;
	struct stat st;
	mode_t mode;

	if (fstat(stage->fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_nlink != 1 ||
		fs_resolve_owner(stage->entry.dirfd, &attr) < 0)
		return false;
	mode = st.st_mode & 07777;
	if ((st.st_uid != self && st.st_uid != attr.uid) ||
		(mode != 0600 && mode != attr.mode))
		return false;
	return (mode == 0600 || fchmod(stage->fd, 0600) == 0) &&
		(st.st_uid == self || fchown(stage->fd, self, (gid_t)-1) == 0);
}

/* Is it still the one of that name? Another process may have published it meanwhile. */
static bool is_named(const struct fs_stage *stage)
{
	return fs_is_named(stage->dirfd, stage->temp, stage->fd);
}

/* Is what has the name nothing that we made? Else it may be opened another time. */
static bool is_foreign(int code)
{
	return code == ELOOP || code == ENXIO || code == EACCES;
}

/*
 * Opens the file of that name, at its end. Returns 0, 1 where another process has it or
 * it cannot be opened now, or -1 where it was of no use: others made it, it was
 * published, or there are no locks. Then it has no longer that name.
 */
static int take_left(struct fs_stage *stage)
{
	int rc;

	stage->fd = openat(stage->dirfd, stage->temp,
		O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	if (stage->fd >= 0)
		rc = fs_lock_left(stage->fd);
	else
		rc = is_foreign(errno) ? -1 : 1;
	if (rc == 0 && make_ours(stage) && is_named(stage) &&
		lseek(stage->fd, 0, SEEK_END) >= 0)
		return 0;
	/* Nobody uses it, and nobody else can have made it (fs_is_shared()); but what has
	 * the name by now is another process's. */
	if (rc <= 0 && (stage->fd < 0 || is_named(stage)))
		(void)unlinkat(stage->dirfd, stage->temp, 0);
	close_fd(&stage->fd);
	return rc == 1 ? 1 : -1;
}

/* Returns false where the name would be too long. */
static bool name(const struct fs_entry *entry, char ret[NAME_SIZE])
{
	return snprintf(ret, NAME_SIZE, ".%s" FS_TEMP_MARK "partial", entry->name) <
		NAME_SIZE;
}

bool fs_left_open(struct fs_stage *stage)
{
	if (!name(&stage->entry, stage->temp))
		return false;
	stage->dirfd = fd_dup(stage->entry.dirfd);
	for (int i = 0; stage->dirfd >= 0 && i < 2; i++) {
		int rc = take_left(stage);

		if (rc >= 0)
			return rc == 0;
	}
	return false;
}

/* Opens what was left for `path`, and gives its name in `entry`. Returns it, or -1. */
static int find(const struct fs *fs, const char *path, int flags, struct fs_entry *entry,
	char ret_name[NAME_SIZE])
{
	DECLARE_ERR(ignored); /* it takes room, and is in nobody's way */

	if (fs_walk(fs, path, entry, &ignored) != 0 || fs_is_shared(fs, entry) ||
		!name(entry, ret_name))
		return -1;
	return openat(
		entry->dirfd, ret_name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

bool fs_left_is_idle(const struct fs *fs, const char *path)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	char left[NAME_SIZE];
	CLEANUP_FD int fd = find(fs, path, O_RDONLY, &entry, left);

	return fd >= 0 && fs_has_lock(fd) == 0;
}

bool fs_left_is_busy(const struct fs *fs, const char *path, int64_t *ret_size)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	char left[NAME_SIZE];
	CLEANUP_FD int fd = find(fs, path, O_RDONLY, &entry, left);
	struct stat st;

	if (fd < 0 || fs_has_lock(fd) != 1 || fstat(fd, &st) < 0)
		return false;
	*ret_size = st.st_size;
	return true;
}

bool fs_left_remove(const struct fs *fs, const char *path)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	char left[NAME_SIZE];
	CLEANUP_FD int fd = find(fs, path, O_RDWR, &entry, left);

	return fd >= 0 && fs_lock_left(fd) == 0 && fs_is_named(entry.dirfd, left, fd) &&
		unlinkat(entry.dirfd, left, 0) == 0;
}
