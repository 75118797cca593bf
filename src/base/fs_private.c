/* SPDX-License-Identifier: MIT */
/* The private directory for temporaries where a directory is not root's alone. */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/fs_internal.h"

static void drop(struct fs *fs)
{
	if (!fs->private.name[0])
		return;
	close_fd(&fs->private.fd);
	close_fd(&fs->private.parent);
	fs->private.name[0] = '\0';
}

/* Anything that others put in its place stays; ours is empty. */
void fs_end_private(struct fs *fs)
{
	if (fs->private.name[0])
		(void)unlinkat(fs->private.parent, fs->private.name, AT_REMOVEDIR);
	drop(fs);
}

void fs_end(struct fs *fs)
{
	fs_end_private(fs);
	fs_kept_release(fs);
}

/* Is the open directory ours, closed to others, still there, and with `parent`? */
static bool is_private(int fd, const struct stat *parent)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == geteuid() &&
		(st.st_mode & 0777) == 0700 && st.st_dev == parent->st_dev &&
		st.st_nlink > 0;
}

/*
 * A server may give what we make to another user (a squashed root, one owner for all):
 * then we have no rights there that could be abused. The owner of a file that we create
 * exclusively shows it.
 */
static bool is_squashed(int dirfd)
{
	char name[256];
	struct stat st;
	CLEANUP_FD int fd = -1;
	bool squashed;

	fs_temp_name("private", FS_TEMP_PLAIN, name);
	fd = openat(
		dirfd, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	squashed = fd >= 0 && fstat(fd, &st) == 0 && st.st_uid != geteuid();
	if (fd >= 0)
		(void)unlinkat(dirfd, name, 0); /* else it is swept later */
	return squashed;
}

int fs_private_make(
	int dirfd, const struct stat *parent, const char *what, char name[256])
{
	for (int i = 0; i < FS_TRIES; i++) {
		CLEANUP_FD int fd = -1;

		fs_temp_name(what, FS_TEMP_PLAIN, name);
		if (mkdirat(dirfd, name, 0700) < 0) {
			if (errno == EEXIST)
				continue;
			return -1;
		}
		fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0 && is_private(fd, parent)) {
			/* Where there are no such locks a sweep goes by age alone. */
			(void)flock(fd, LOCK_SH | LOCK_NB);
			return steal_fd(&fd);
		}
		/* It is not ours: others have exchanged it. */
		(void)unlinkat(dirfd, name, AT_REMOVEDIR);
		if (i == 0 && is_squashed(dirfd))
			return dirfd;
	}
	return set_errno(EAGAIN);
}

bool fs_is_shared(const struct fs *fs, const struct fs_entry *entry)
{
	return fs->guarded &&
		((entry->dir_mode & (S_IWGRP | S_IWOTH)) ||
			!fs_is_trusted(fs, entry->dir_owner));
}

/* Can the one of the last file be used: is it in this directory, and still ours? */
static bool is_usable(const struct fs_private *private, const struct stat *parent)
{
	struct stat st;

	return private->name[0] && fstat(private->parent, &st) == 0 &&
		st.st_dev == parent->st_dev && st.st_ino == parent->st_ino &&
		is_private(private->fd, parent);
}

/* Returns the directory for temporaries: the entry's, or the private one; or -1. */
static int enter(struct fs *fs, const struct fs_entry *entry)
{
	struct fs_private private;
	struct stat parent;

	if (!fs_is_shared(fs, entry))
		return entry->dirfd;
	if (fstat(entry->dirfd, &parent) < 0)
		return -1;
	if (is_usable(&fs->private, &parent))
		return fs->private.fd;
	fs_end_private(fs);
	private.fd = fs_private_make(entry->dirfd, &parent, "private", private.name);
	if (private.fd < 0 || private.fd == entry->dirfd)
		return private.fd;
	private.parent = fd_dup(entry->dirfd);
	fs->private = private;
	if (private.parent >= 0)
		return private.fd;
	drop(fs);
	return -1;
}

int fs_make_aside(struct fs *fs, const struct fs_entry *entry, fs_maker *make, void *user)
{
	for (int i = 0;; i++) {
		int dirfd = enter(fs, entry);
		int rc = dirfd < 0 ? -1 : make(dirfd, entry, user);

		/* Others who may write there can remove a private directory if empty. */
		if (rc >= 0 || errno != ENOENT || dirfd < 0 || dirfd == entry->dirfd ||
			i == FS_TRIES)
			return rc;
		drop(fs);
	}
}
