/* SPDX-License-Identifier: MIT */
/* The rules of root (fs.h): who controls a name, and what may be done with it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_internal.h"
#include "base/fs_system.h"
#include "base/privilege.h"

#define ACCEPT_SIZE 64

void fs_begin(struct fs *fs)
{
	struct stat st;

	fs->guarded = privileged();
	fs->self = geteuid();
	/* Where even "/" cannot be asked for, root alone is trusted. */
	fs->root = stat("/", &st) == 0 ? st.st_uid : 0;
}

bool fs_is_trusted(const struct fs *fs, uid_t uid)
{
	return uid == 0 || uid == fs->root || uid == fs->self;
}

bool fs_is_known(const struct fs *fs, uid_t uid)
{
	return fs_is_trusted(fs, uid) || uid == fs->owner || uid == fs->app;
}

bool fs_same_mount(int one, int other)
{
	uint64_t mounts[2];
	struct stat st[2];

	if (fs_mount_of(one, &mounts[0]) == 0 && fs_mount_of(other, &mounts[1]) == 0)
		return mounts[0] == mounts[1];
	return fstat(one, &st[0]) == 0 && fstat(other, &st[1]) == 0 &&
		st[0].st_dev == st[1].st_dev;
}

bool fs_is_read_only(int fd)
{
	struct statvfs vfs;

	return fstatvfs(fd, &vfs) == 0 && (vfs.f_flag & ST_RDONLY);
}

static enum fs_control control(const struct fs *fs, int fd, const struct stat *st)
{
	bool open = (st->st_mode & (S_IWGRP | S_IWOTH)) && !(st->st_mode & S_ISVTX);

	if ((!open && fs_is_trusted(fs, st->st_uid)) || fs_is_read_only(fd))
		return FS_NOBODY;
	return open ? FS_ANYONE : FS_SOMEBODY;
}

bool fs_hold_cross(struct fs_hold *hold, int dirfd, int fd)
{
	bool mounted = hold->by != FS_NOBODY && !fs_same_mount(dirfd, fd);

	if (mounted && hold->first)
		*hold = (struct fs_hold){.by = FS_NOBODY};
	else if (mounted)
		hold->passed = true;
	return mounted;
}

/* Who the holder is: "user 1000" or "others". */
static const char *hold_text(const struct fs_hold *hold, char *room, size_t size)
{
	if (hold->by != FS_SOMEBODY)
		return "others";
	(void)snprintf(room, size, "user %u", hold->uid); /* it fits */
	return room;
}

/* "write owner = 1000 to accept it, or " where that owner has a name, else "". */
static const char *accept_text(const struct fs *fs, uid_t uid, char room[ACCEPT_SIZE])
{
	*room = '\0';
	if (fs->owner_key)
		(void)snprintf(room, ACCEPT_SIZE, "write %s = %u to accept it, or ",
			fs->owner_key, uid); /* it fits */
	return room;
}

/* ---- what exists at the end of a walk ---- */

/* Is it mounted there, where nobody but root could have done so? */
static bool is_mounted(const struct fs_entry *entry)
{
	CLEANUP_FD int fd =
		openat(entry->dirfd, entry->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct fs_hold hold = entry->hold;

	(void)fs_hold_cross(&hold, entry->dirfd, fd);
	return hold.by == FS_NOBODY && fd >= 0 && !fs_same_mount(entry->dirfd, fd);
}

int fs_check_ours(const struct fs *fs, const struct fs_entry *entry,
	const struct stat *st, const char *path, struct err *err)
{
	bool shared = entry->dir_mode & (S_IWGRP | S_IWOTH);
	char room[ACCEPT_SIZE];

	/* A directory has no hard links, and is moved by its owner alone. */
	if (S_ISDIR(st->st_mode) && !shared)
		return 0;
	/* What is in a directory that root alone can write was put there by root. */
	if (!fs->guarded || (!shared && fs_is_trusted(fs, entry->dir_owner)))
		return 0;
	if (fs_is_trusted(fs, st->st_uid) || st->st_uid == entry->dir_owner)
		return 0;
	if (st->st_uid == (fs->owner == FS_INHERIT ? fs->app : fs->owner) ||
		(S_ISDIR(st->st_mode) && is_mounted(entry)))
		return 0;
	return err_code(err, EPERM,
		"'%s' belongs to user %u, who is neither root, nor the owner of its "
		"directory (user %u), nor the owner that it is to have: another user "
		"may have put it there, and it was left as it is; %sremove it",
		path, st->st_uid, entry->dir_owner, accept_text(fs, st->st_uid, room));
}

int fs_may_change(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err)
{
	struct fs_hold hold = entry->hold;
	char room[32];

	if (!fs->guarded)
		return 0;
	(void)fs_hold_cross(&hold, entry->dirfd, fd);
	if (hold.by == FS_NOBODY || !hold.passed ||
		(hold.by == FS_SOMEBODY && st->st_uid == hold.uid))
		return 0;
	return err_code(err, ELOOP,
		"'%s': unsafe path: it is mounted, belongs to user %u, and what leads to "
		"it is controlled by %s, who could have put it there; mount it directly "
		"in a directory of root's",
		path, st->st_uid, hold_text(&hold, room, sizeof room));
}

int fs_check_entry(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err)
{
	if (fs_may_change(fs, entry, fd, st, path, err) < 0)
		return -1;
	return fs_check_ours(fs, entry, st, path, err);
}

/* ---- on the way ---- */

static int refuse(struct walk *walk, uid_t owner, bool acceptable, const char *advice,
	struct err *err)
{
	char room[32], accept[ACCEPT_SIZE] = "";

	if (acceptable)
		(void)accept_text(walk->fs, owner, accept);
	return err_code(err, ELOOP,
		"'%s': unsafe path: '%s' belongs to user %u, and what leads to it is "
		"controlled by %s, who could exchange it; %s%s",
		walk->path, walk->at.name, owner,
		hold_text(&walk->at.hold, room, sizeof room), accept, advice);
}

static int may_write_in(
	struct walk *walk, const struct stat *st, bool mounted, struct err *err)
{
	const struct fs_hold *hold = &walk->at.hold;
	bool acceptable = hold->by == FS_ANYONE && !mounted;

	if (hold->by == FS_SOMEBODY && st->st_uid == hold->uid)
		return 0;
	if (acceptable &&
		(fs_is_known(walk->fs, st->st_uid) || st->st_uid == walk->at.dir_owner))
		return 0;
	return refuse(walk, st->st_uid, acceptable,
		acceptable
			? "use a path that they do not control"
			: "give both to one user, or use a path that they do not control",
		err);
}

/* Is it in a file system of the kernel's? One that cannot be asked may be. */
static bool is_kernels(int fd)
{
	const struct fs_system *system = fs_system_at(fd);

	return system
		? system->class == FS_SYSTEM_KERNELS || system->class == FS_SYSTEM_FIXED
		: errno != 0;
}

/* Users named in an access control list may have fewer rights than the mode says. */
static bool has_acl(int fd)
{
	char path[64];

	/* By its name, since `fd` may be O_PATH. Without /proc it cannot be known. */
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* it fits */
	return getxattr(path, "system.posix_acl_access", NULL, 0) >= 0;
}

bool fs_is_open(int fd, const struct stat *st, mode_t open_bit)
{
	mode_t needed = open_bit | open_bit << 3;

	return (st->st_mode & needed) == needed && !has_acl(fd) && !is_kernels(fd);
}

/* Where not even a link of theirs has led: they have written its path down. */
static int refuse_named(
	const struct walk *walk, const struct stat *st, mode_t open_bit, struct err *err)
{
	char room[32];

	return err_code(err, ELOOP,
		"'%s' is named by a text that %s can change, and '%s' (%u:%u, %04o) is "
		"not theirs to %s; let root alone write the text and its directory, or "
		"mount them read-only",
		walk->path, hold_text(&walk->fs->named_by, room, sizeof room),
		walk->at.name, st->st_uid, st->st_gid, (unsigned)(st->st_mode & 07777),
		open_bit == S_IXOTH ? "enter" : "read");
}

/* What is behind a link or a mount must be the holder's, or open to others. */
int walk_may_read(struct walk *walk, int fd, const struct stat *st, mode_t open_bit,
	struct err *err)
{
	char room[32];

	if (walk->at.hold.by == FS_SOMEBODY && st->st_uid == walk->at.hold.uid &&
		!is_kernels(fd))
		return 0;
	/* A directory of the kernel's shows nothing by itself. */
	if (fs_is_open(fd, st, open_bit) ||
		(open_bit == S_IXOTH && (st->st_mode & S_IXOTH) && is_kernels(fd)))
		return 0;
	if (walk->fs->named_by.by != FS_NOBODY && !*walk->link)
		return refuse_named(walk, st, open_bit, err);
	return err_code(err, ELOOP,
		"'%s': unsafe path: %s%s%s, which %s can exchange: it leads to '%s', "
		"which belongs to user %u with mode %04o and is not theirs to %s; "
		"use a path that they do not control",
		walk->path, *walk->link ? "the link '" : "",
		*walk->link ? walk->link
			: S_ISDIR(st->st_mode) || st->st_nlink < 2
			? "a mount is passed"
			: "the file has several hard links",
		*walk->link ? "' is followed" : "",
		hold_text(&walk->at.hold, room, sizeof room), walk->at.name, st->st_uid,
		(unsigned)(st->st_mode & 07777),
		open_bit == S_IWOTH ? "write to" : "read");
}

/* A link in the middle, or behind the last slash where links are followed. */
int walk_may_follow(struct walk *walk, const struct stat *st, struct err *err)
{
	struct fs_hold *hold = &walk->at.hold;

	if (!walk->fs->guarded)
		return 0;
	if (hold->by == FS_NOBODY && fs_is_trusted(walk->fs, st->st_uid))
		return 0;
	/* The owner of the link chose where it leads. */
	if (hold->by == FS_NOBODY)
		*hold = (struct fs_hold){.by = FS_SOMEBODY, .uid = st->st_uid};
	if (walk->mode != WALK_READ)
		return refuse(walk, st->st_uid, false,
			"it is a symbolic link; write the path that it leads to", err);
	hold->first = false; /* a mount point in it may be where their link leads */
	hold->passed = true;
	if (!*walk->link)
		memcpy(walk->link, walk->at.name, sizeof walk->link);
	return 0;
}

/*
 * In a directory that others may write, the sticky bit keeps them from exchanging what
 * exists, but not from making it first.
 */
static bool is_strangers(const struct walk *walk, int fd, const struct stat *st)
{
	return walk->at.hold.by == FS_NOBODY && (walk->at.dir_mode & S_ISVTX) &&
		(walk->at.dir_mode & (S_IWGRP | S_IWOTH)) && walk->mode == WALK_WRITE &&
		!fs_is_known(walk->fs, st->st_uid) && st->st_uid != walk->at.dir_owner &&
		fs_same_mount(walk->at.dirfd, fd);
}

/* Updates the hold for the directory `fd`, which is entered. */
static void hold_enter(
	const struct fs *fs, struct fs_hold *hold, int fd, const struct stat *st)
{
	enum fs_control by = control(fs, fd, st);
	bool same =
		by == FS_SOMEBODY && hold->by == FS_SOMEBODY && hold->uid == st->st_uid;

	if (hold->by == FS_ANYONE)
		hold->chosen = true;
	hold->first = hold->by == FS_NOBODY && by != FS_NOBODY;
	if (hold->first) {
		hold->by = by;
		hold->uid = st->st_uid;
	} else if (by != FS_NOBODY && !same) {
		hold->by = FS_ANYONE;
	}
}

int walk_may_enter(struct walk *walk, int fd, const struct stat *st, struct err *err)
{
	char accept[ACCEPT_SIZE];
	bool mounted = fs_hold_cross(&walk->at.hold, walk->at.dirfd, fd);
	bool held = walk->at.hold.by != FS_NOBODY;
	int rc = 0;

	if (held && walk->mode == WALK_READ && walk->at.hold.passed)
		rc = walk_may_read(walk, fd, st, S_IXOTH, err);
	else if (held &&
		(walk->mode == WALK_WRITE || (walk->mode == WALK_ENTER && mounted)))
		rc = may_write_in(walk, st, mounted, err);
	if (rc < 0)
		return -1;
	if (is_strangers(walk, fd, st))
		return err_code(err, ELOOP,
			"'%s': unsafe path: '%s' belongs to user %u, and lies in a "
			"directory where others may put what they like (mode %04o); "
			"%sgive it to root or the application's user",
			walk->path, walk->at.name, st->st_uid,
			(unsigned)(walk->at.dir_mode & 07777),
			accept_text(walk->fs, st->st_uid, accept));
	hold_enter(walk->fs, &walk->at.hold, fd, st);
	return 0;
}
