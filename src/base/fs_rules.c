/* SPDX-License-Identifier: MIT */
/* What a walk may enter, follow and read: the rules of fs.h. */
#include <errno.h>
#include <stdio.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

#include "base/err.h"
#include "base/fs_walk.h"

static int refuse(struct walk *walk, const char *name, uid_t owner, bool acceptable,
	const char *advice, struct err *err)
{
	char room[32], accept[FS_ACCEPT_SIZE] = "";

	if (acceptable)
		(void)fs_accept_text(walk->fs, owner, accept);
	return err_code(err, ELOOP,
		"'%s': unsafe path: '%s' belongs to user %u, and what leads to it is "
		"controlled by %s, who could exchange it; %s%s",
		walk->path, name, owner, fs_hold_text(&walk->hold, room, sizeof room),
		accept, advice);
}

static int may_write_in(struct walk *walk, const struct stat *st, bool mounted,
	const char *name, struct err *err)
{
	bool acceptable = walk->hold.by == FS_ANYONE && !mounted;
	bool ours;

	if (walk->hold.by == FS_SOMEBODY)
		ours = st->st_uid == walk->hold.uid;
	else
		ours = !mounted &&
			(fs_is_known(walk->fs, st->st_uid) ||
				st->st_uid == walk->dir.st_uid);
	if (ours)
		return 0;
	return refuse(walk, name, st->st_uid, acceptable,
		acceptable
			? "use a path that they do not control"
			: "give both to one user, or use a path that they do not control",
		err);
}

/* Is it in a file system of the kernel's, where modes do not mean who may read? */
static bool is_kernels(int fd)
{
	static const unsigned long types[] = {
		0x9fa0,     /* proc */
		0x62656572, /* sysfs */
		0x64626720, /* debugfs */
		0x74726163, /* tracefs */
		0x73636673, /* securityfs */
		0x27e0eb,   /* cgroup */
		0x63677270, /* cgroup2 */
		0x6165676c, /* pstore */
		0xde5e81e4, /* efivarfs */
		0x62656570, /* configfs */
		0xcafe4a11, /* bpf */
	};
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return true;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if ((unsigned long)fs.f_type == types[i])
			return true;
	return false;
}

/* Users named in an access control list may have fewer rights than the mode says. */
static bool has_acl(int fd)
{
	char path[64];

	/* By its name, since `fd` may be O_PATH. Without /proc it cannot be known. */
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* it fits */
	return getxattr(path, "system.posix_acl_access", NULL, 0) >= 0;
}

/* Open to everybody, whatever group they are in. */
static bool is_open(int fd, const struct stat *st, mode_t open_bit)
{
	mode_t needed = open_bit | open_bit << 3;

	return (st->st_mode & needed) == needed && !has_acl(fd) && !is_kernels(fd);
}

/* What is behind a link or a mount must be the holder's, or open to others. */
int walk_may_read(struct walk *walk, int fd, const struct stat *st, const char *name,
	mode_t open_bit, struct err *err)
{
	char room[32];

	if (walk->hold.by == FS_SOMEBODY && st->st_uid == walk->hold.uid &&
		!is_kernels(fd))
		return 0;
	/* A directory of the kernel's shows nothing by itself. */
	if (is_open(fd, st, open_bit) ||
		(open_bit == S_IXOTH && (st->st_mode & S_IXOTH) && is_kernels(fd)))
		return 0;
	return err_code(err, ELOOP,
		"'%s': unsafe path: %s%s%s, and %s controls that: it leads to '%s', "
		"which belongs to user %u with mode %04o and is not theirs to read; use "
		"a path that they do not control",
		walk->path, *walk->link ? "the link '" : "",
		*walk->link ? walk->link
			: S_ISDIR(st->st_mode) || st->st_nlink < 2
			? "a mount is passed"
			: "the file has several hard links",
		*walk->link ? "' is followed" : "",
		fs_hold_text(&walk->hold, room, sizeof room), name, st->st_uid,
		(unsigned)(st->st_mode & 07777));
}

/* A link in the middle, or behind the last slash where links are followed. */
int walk_may_follow(
	struct walk *walk, const struct stat *st, const char *name, struct err *err)
{
	if (!walk->fs->guarded)
		return 0;
	if (walk->hold.by == FS_NOBODY && fs_is_trusted(walk->fs, st->st_uid))
		return 0;
	/* The owner of the link chose where it leads. */
	if (walk->hold.by == FS_NOBODY)
		walk->hold = (struct fs_hold){.by = FS_SOMEBODY, .uid = st->st_uid};
	if (walk->mode != WALK_READ)
		return refuse(walk, name, st->st_uid, false,
			"it is a symbolic link; write the path that it leads to", err);
	walk->hold.first = false; /* a mount point in it may be where their link leads */
	walk->hold.passed = true;
	if (!*walk->link)
		(void)snprintf(walk->link, sizeof walk->link, "%s", name); /* it fits */
	return 0;
}

/*
 * In a directory that others may write, the sticky bit keeps them from exchanging what
 * exists, but not from making it first.
 */
static bool is_strangers(const struct walk *walk, int fd, const struct stat *st)
{
	return walk->hold.by == FS_NOBODY && (walk->dir.st_mode & S_ISVTX) &&
		(walk->dir.st_mode & (S_IWGRP | S_IWOTH)) &&
		(walk->mode == WALK_WRITE || walk->mode == WALK_MAKE) &&
		!fs_is_known(walk->fs, st->st_uid) && st->st_uid != walk->dir.st_uid &&
		fs_same_mount(walk->fd, fd);
}

static int may_enter(struct walk *walk, int fd, const struct stat *st, bool mounted,
	const char *name, struct err *err)
{
	switch (walk->mode) {
	case WALK_READ:
		return walk->hold.passed ? walk_may_read(walk, fd, st, name, S_IXOTH, err)
					 : 0;
	case WALK_ENTER:
		return mounted ? may_write_in(walk, st, true, name, err) : 0;
	case WALK_WRITE:
	case WALK_MAKE:
		break;
	}
	return may_write_in(walk, st, mounted, name, err);
}

int walk_may_enter(struct walk *walk, int fd, const struct stat *st, const char *name,
	struct err *err)
{
	char accept[FS_ACCEPT_SIZE];

	if (walk->hold.by != FS_NOBODY) {
		bool mounted = !fs_same_mount(walk->fd, fd);

		fs_hold_cross(&walk->hold, mounted);
		if (walk->hold.by != FS_NOBODY &&
			may_enter(walk, fd, st, mounted, name, err) < 0)
			return -1;
	}
	if (is_strangers(walk, fd, st))
		return err_code(err, ELOOP,
			"'%s': unsafe path: '%s' belongs to user %u, and lies in a "
			"directory where others may put what they like (mode %04o); "
			"%sgive it to root or the application's user",
			walk->path, name, st->st_uid,
			(unsigned)(walk->dir.st_mode & 07777),
			fs_accept_text(walk->fs, st->st_uid, accept));
	fs_hold_enter(walk->fs, &walk->hold, fd, st);
	return 0;
}
