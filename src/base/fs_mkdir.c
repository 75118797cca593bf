/* SPDX-License-Identifier: MIT */
/* Making one directory, with its owner and mode from the start. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/fs_internal.h"

/*
 * mkdir(2) with exactly this mode, whatever the umask, which belongs to the process:
 * there are no other threads.
 */
static int mkdir_exactly(int dirfd, const char *name, mode_t mode)
{
	mode_t mask = umask(0);
	int rc = mkdirat(dirfd, name, mode);

	(void)umask(mask); /* cannot fail */
	return rc;
}

/* Does a plain mkdir(2) give mode and owner at once? 0, 1, or -1. */
static int born_right(int dirfd, const struct fs_attr *attr)
{
	struct stat parent;
	gid_t born;

	if (attr->mode & (S_ISUID | S_ISGID))
		return 0;
	if (attr->uid == FS_INHERIT && attr->gid == (gid_t)FS_INHERIT)
		return 1;
	if (fstat(dirfd, &parent) < 0)
		return -1;
	born = parent.st_mode & S_ISGID ? parent.st_gid : getegid();
	return attr->uid == geteuid() && attr->gid == born;
}

static int give_dir(int dirfd, const char *name, const struct fs_attr *attr)
{
	CLEANUP_FD int fd =
		openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	return fd < 0 ? -1 : fs_give(fd, attr);
}

/*
 * Without NOREPLACE (NFS): a directory cannot be linked, so it is renamed after a check.
 * In the same directory it is made at its place instead, so that none is replaced.
 */
static int mkdir_without_noreplace(int dirfd, const char *temp,
	const struct fs_entry *entry, const struct fs_attr *attr)
{
	if (dirfd != entry->dirfd)
		return fs_rename_after_look(dirfd, temp, entry->dirfd, entry->name);
	(void)unlinkat(dirfd, temp, AT_REMOVEDIR); /* else it is swept later */
	if (mkdir_exactly(dirfd, entry->name, attr->mode & 01777) < 0)
		return -1;
	return give_dir(dirfd, entry->name, attr);
}

/*
 * A directory must never appear with the wrong owner: a crash between mkdir and chown
 * would leave one of root's in a user's directory, which the next walk refuses. So it is
 * made aside, in `dirfd`, where it cannot be exchanged.
 */
static int mkdir_aside(int dirfd, const struct fs_entry *entry, void *user)
{
	const struct fs_attr *attr = user;
	char temp[256];
	int code;
	int rc;

	fs_temp_name(entry->name, FS_TEMP_PLAIN, temp);
	if (mkdirat(dirfd, temp, 0700) < 0)
		return -1;
	rc = give_dir(dirfd, temp, attr);
	if (rc == 0) {
		rc = fs_rename_noreplace(dirfd, temp, entry->dirfd, entry->name);
		if (rc < 0 && fs_lacks_noreplace(errno))
			rc = mkdir_without_noreplace(dirfd, temp, entry, attr);
	}
	if (rc == 0)
		return 0;
	code = rc > 0 ? EEXIST : errno;
	(void)unlinkat(dirfd, temp, AT_REMOVEDIR); /* else it is swept later */
	errno = code;
	return -1;
}

int fs_mkdir_at(struct fs *fs, const struct fs_entry *entry, const struct fs_attr *attr,
	const char *path, struct err *err)
{
	struct fs_attr resolved = *attr;
	int right = -1;
	int rc = -1;

	if (fs_resolve_owner(entry->dirfd, &resolved) == 0)
		right = born_right(entry->dirfd, &resolved);
	if (right == 1)
		rc = mkdir_exactly(entry->dirfd, entry->name, attr->mode);
	else if (right == 0)
		rc = fs_make_aside(fs, entry, mkdir_aside, &resolved);
	if (rc < 0 && errno == EEXIST)
		return 1;
	return rc < 0 ? fs_raise_mkdir(err, entry->dirfd, entry->name, path) : 0;
}
