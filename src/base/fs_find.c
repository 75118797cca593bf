/* SPDX-License-Identifier: MIT */
/* Finding what a path names, whatever that is, without opening it. */
#include "base/fs_find.h"

#include <errno.h>
#include <fcntl.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"

static int find_guarded(const struct fs *fs, const char *path, enum fs_find use, int *ret,
	struct err *err)
{
	CLEANUP_WALK struct walk walk;
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = walk_begin(&walk, fs, NULL, WALK_READ, path, err);

	if (rc == 0)
		rc = walk_look(&walk, &fd, &st, err);
	if (rc == 0 && use == FS_FIND_CONNECT)
		rc = walk_may_use(&walk, fd, &st, S_IWOTH, err);
	if (rc == 0)
		*ret = steal_fd(&fd);
	return rc;
}

int fs_find(const struct fs *fs, const char *path, enum fs_find use, int *ret,
	struct err *err)
{
	CLEANUP_FD int fd = -1;

	if (fs->guarded)
		return find_guarded(fs, path, use, ret, err);
	fd = openat(AT_FDCWD, path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 1 : fs_raise_path(err, "look at", path);
	*ret = steal_fd(&fd);
	return 0;
}
