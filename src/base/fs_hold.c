/* SPDX-License-Identifier: MIT */
/* Who controls a name: the rules of fs.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_internal.h"
#include "base/privilege.h"

/* struct statx of linux/stat.h, which not every C library has, as far as it is asked. */
#define ASK_MOUNT 0x1000u /* STATX_MNT_ID */
struct mount_stat {
	uint32_t mask;
	unsigned char before[140];
	uint64_t mount;
	unsigned char after[104];
};

void fs_begin(struct fs *fs)
{
	struct stat st;

	fs->guarded = privileged();
	/* Where even "/" cannot be asked for, root alone is trusted. */
	fs->root = stat("/", &st) == 0 ? st.st_uid : 0;
}

bool fs_is_trusted(const struct fs *fs, uid_t uid)
{
	return uid == 0 || uid == fs->root || uid == geteuid();
}

bool fs_is_known(const struct fs *fs, uid_t uid)
{
	return fs_is_trusted(fs, uid) || uid == fs->owner || uid == fs->app;
}

int fs_mount_of(int fd, uint64_t *ret)
{
	struct mount_stat st = {0};

	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, ASK_MOUNT, &st) < 0 ||
		!(st.mask & ASK_MOUNT))
		return -1;
	*ret = st.mount;
	return 0;
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

static bool is_read_only(int fd)
{
	struct statvfs vfs;

	return fstatvfs(fd, &vfs) == 0 && (vfs.f_flag & ST_RDONLY);
}

static enum fs_control control(const struct fs *fs, int fd, const struct stat *st)
{
	bool open = (st->st_mode & (S_IWGRP | S_IWOTH)) && !(st->st_mode & S_ISVTX);

	if ((!open && fs_is_trusted(fs, st->st_uid)) || is_read_only(fd))
		return FS_NOBODY;
	return open ? FS_ANYONE : FS_SOMEBODY;
}

void fs_hold_cross(struct fs_hold *hold, bool mounted)
{
	if (mounted && hold->first)
		*hold = (struct fs_hold){.by = FS_NOBODY};
	else if (mounted)
		hold->passed = true;
}

void fs_hold_enter(
	const struct fs *fs, struct fs_hold *hold, int fd, const struct stat *st)
{
	enum fs_control by = control(fs, fd, st);
	bool same =
		by == FS_SOMEBODY && hold->by == FS_SOMEBODY && hold->uid == st->st_uid;

	hold->first = hold->by == FS_NOBODY && by != FS_NOBODY;
	if (hold->first) {
		hold->by = by;
		hold->uid = st->st_uid;
	} else if (by != FS_NOBODY && !same) {
		hold->by = FS_ANYONE;
	}
}

int fs_check_ours(const struct fs *fs, const struct fs_entry *entry,
	const struct stat *st, const char *path, struct err *err)
{
	bool shared = entry->dir_mode & (S_IWGRP | S_IWOTH);
	char room[FS_ACCEPT_SIZE];

	/* A directory has no hard links, and is moved by its owner alone. */
	if (S_ISDIR(st->st_mode) && !shared)
		return 0;
	/* What is in a directory that root alone can write was put there by root. */
	if (!fs->guarded || (!shared && fs_is_trusted(fs, entry->dir_owner)))
		return 0;
	if (fs_is_trusted(fs, st->st_uid) || st->st_uid == entry->dir_owner)
		return 0;
	if (st->st_uid == (fs->owner == FS_INHERIT ? fs->app : fs->owner))
		return 0;
	return err_fail(err,
		"'%s' belongs to user %u, who is neither root, nor the owner of its "
		"directory (user %u), nor the owner that it is to have: another user "
		"may have put it there, and it was left as it is; %sremove it",
		path, st->st_uid, entry->dir_owner, fs_accept_text(fs, st->st_uid, room));
}

int fs_may_change(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err)
{
	struct fs_hold hold = entry->hold;
	char room[32];

	if (!fs->guarded || hold.by == FS_NOBODY)
		return 0;
	fs_hold_cross(&hold, !fs_same_mount(entry->dirfd, fd));
	if (hold.by == FS_NOBODY || !hold.passed ||
		(hold.by == FS_SOMEBODY && st->st_uid == hold.uid))
		return 0;
	return err_code(err, ELOOP,
		"'%s': unsafe path: it is mounted, belongs to user %u, and what leads to "
		"it is controlled by %s, who could have put it there; mount it directly "
		"in a directory of root's",
		path, st->st_uid, fs_hold_text(&hold, room, sizeof room));
}

int fs_check_entry(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err)
{
	if (fs_may_change(fs, entry, fd, st, path, err) < 0)
		return -1;
	return fs_check_ours(fs, entry, st, path, err);
}

const char *fs_hold_text(const struct fs_hold *hold, char *room, size_t size)
{
	if (hold->by != FS_SOMEBODY)
		return "others";
	(void)snprintf(room, size, "user %u", hold->uid); /* it fits */
	return room;
}

const char *fs_accept_text(const struct fs *fs, uid_t uid, char room[FS_ACCEPT_SIZE])
{
	*room = '\0';
	if (fs->owner_key)
		(void)snprintf(room, FS_ACCEPT_SIZE, "write %s = %u to accept it, or ",
			fs->owner_key, uid); /* it fits */
	return room;
}
