/* SPDX-License-Identifier: MIT */
/* Removing what was made aside, with all that is in it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/fs_internal.h"

#define DEPTH_MAX  256
#define ROUNDS_MAX 1000 /* each one removes so many levels */

struct removing {
	uid_t uid;
	dev_t device;
	int top;    /* the directory itself */
	bool moved; /* something to it, that was deeper */
};

DIR *fs_list_ours(int dirfd, const char *name)
{
	DIR *dir = fd_list(dirfd, name);
	CLEANUP_FD int fd = -1;
	char path[64];
	struct stat st;

	if (dir || errno != EACCES)
		return dir;
	fd = openat(dirfd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || st.st_uid != geteuid())
		return NULL;
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* it fits */
	return chmod(path, S_IRWXU) == 0 ? fd_list(fd, ".") : NULL;
}

/* What is too deep is removed in the next round. */
static void move_up(struct removing *removing, int dir_fd, const char *name)
{
	char temp[256];

	fs_temp_name("deep", FS_TEMP_PLAIN, temp);
	if (renameat(dir_fd, name, removing->top, temp) == 0)
		removing->moved = true;
}

static void remove_one(struct removing *removing, int dir_fd, const char *name, int depth)
{
	CLEANUP_DIR DIR *dir = NULL;
	const struct dirent *entry;
	struct stat st;

	if (unlinkat(dir_fd, name, 0) == 0 || (errno != EISDIR && errno != EPERM))
		return;
	if (unlinkat(dir_fd, name, AT_REMOVEDIR) == 0)
		return;
	if (depth > DEPTH_MAX) {
		move_up(removing, dir_fd, name);
		return;
	}
	/* What is judged is what was opened: the name may be another's by then. */
	dir = fs_list_ours(dir_fd, name);
	if (!dir || fstat(dirfd(dir), &st) < 0 || st.st_dev != removing->device ||
		(removing->uid != FS_INHERIT && st.st_uid != removing->uid))
		return;
	if (depth == 0)
		removing->top = dirfd(dir);
	/* Its owner, and so without privileges we, may have closed it. */
	if ((st.st_mode & S_IRWXU) != S_IRWXU)
		(void)fchmod(dirfd(dir), S_IRWXU); /* then it stays */
	while ((entry = fd_next(dir)))
		remove_one(removing, dirfd(dir), entry->d_name, depth + 1);
	(void)unlinkat(dir_fd, name, AT_REMOVEDIR);
}

void fs_remove_all(int dirfd, const char *name, uid_t uid)
{
	struct removing removing = {.uid = uid, .moved = true};
	struct stat st;

	if (fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	removing.device = st.st_dev;
	for (int round = 0; removing.moved && round < ROUNDS_MAX; round++) {
		removing.moved = false;
		remove_one(&removing, dirfd, name, 0);
	}
}
