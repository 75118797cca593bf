/* SPDX-License-Identifier: MIT */
/* Removing what was made aside, with all that is in it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/fs_internal.h"

#define DEPTH_MAX 256

static void remove_one(int dir_fd, const char *name, uid_t uid, dev_t device, int depth);

static void empty_dir(DIR *dir, uid_t uid, dev_t device, int depth)
{
	const struct dirent *entry;

	while ((entry = fd_next(dir)))
		remove_one(dirfd(dir), entry->d_name, uid, device, depth + 1);
}

/* What is judged is what was opened: the name may be another's by then. */
static void remove_one(int dir_fd, const char *name, uid_t uid, dev_t device, int depth)
{
	CLEANUP_DIR DIR *dir = NULL;
	struct stat st;

	if (unlinkat(dir_fd, name, 0) == 0 || (errno != EISDIR && errno != EPERM))
		return;
	if (unlinkat(dir_fd, name, AT_REMOVEDIR) == 0 || depth > DEPTH_MAX)
		return;
	dir = fd_list(dir_fd, name);
	if (!dir || fstat(dirfd(dir), &st) < 0 || st.st_dev != device ||
		(uid != FS_INHERIT && st.st_uid != uid))
		return;
	/* Its owner, and so without privileges we, may have closed it. */
	if ((st.st_mode & S_IRWXU) != S_IRWXU)
		(void)fchmod(dirfd(dir), S_IRWXU); /* then it stays */
	empty_dir(dir, uid, device, depth);
	(void)unlinkat(dir_fd, name, AT_REMOVEDIR);
}

void fs_remove_all(int dirfd, const char *name, uid_t uid)
{
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		remove_one(dirfd, name, uid, st.st_dev, 0);
}
