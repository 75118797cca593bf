/* SPDX-License-Identifier: MIT */
/* Asking for an object with its mount, in one system call (statx(2)). */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fs_in_place.h"
#include "base/fs_internal.h"

#define FLAGS (AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT)

/* struct statx of linux/stat.h, which not every C library has. */
#define ASK_ALL   0x7ffu  /* STATX_BASIC_STATS */
#define ASK_OWNER 0x1fu   /* STATX_TYPE, _MODE, _NLINK, _UID, _GID */
#define ASK_MOUNT 0x1000u /* STATX_MNT_ID */
#define IS_MOUNT  0x2000u /* STATX_ATTR_MOUNT_ROOT */
struct kernel_time {
	int64_t seconds;
	uint32_t nanoseconds, unused;
};
struct kernel_stat {
	uint32_t mask, block_size;
	uint64_t attributes;
	uint32_t links, uid, gid;
	uint16_t mode, unused;
	uint64_t inode, size, blocks, attributes_known;
	struct kernel_time accessed, born, changed, modified;
	uint32_t special_major, special_minor, major, minor;
	uint64_t mount;
	unsigned char after[104];
};

/* Without statx(2): an old kernel, or a filter that is older than the call. */
static int look_without(int dirfd, const char *name, struct fs_look *ret)
{
	struct stat st;

	if (fstatat(dirfd, name, &st, FLAGS | AT_EMPTY_PATH) < 0)
		return -1;
	*ret = (struct fs_look){
		.mode = st.st_mode,
		.uid = st.st_uid,
		.gid = st.st_gid,
		.links = st.st_nlink,
		.device = st.st_dev,
	};
	return 0;
}

int fs_look_at(int dirfd, const char *name, struct fs_look *ret)
{
	struct kernel_stat st;
	int flags = *name ? FLAGS : FLAGS | AT_EMPTY_PATH; /* which costs some time */

	if (syscall(SYS_statx, dirfd, name, flags, ASK_OWNER | ASK_MOUNT, &st) < 0)
		return errno == ENOSYS || errno == EPERM ? look_without(dirfd, name, ret)
							 : -1;
	*ret = (struct fs_look){
		.mode = st.mode,
		.uid = st.uid,
		.gid = st.gid,
		.links = st.links,
		.device = makedev(st.major, st.minor),
		.mount_known = st.mask & ASK_MOUNT,
		.mount = st.mount,
	};
	return 0;
}

bool fs_look_beside(const struct fs_look *one, const struct fs_look *other)
{
	if (one->device != other->device)
		return false;
	return !one->mount_known || !other->mount_known || one->mount == other->mount;
}

int fs_mount_at(int dirfd, const char *name, uint64_t *ret)
{
	struct fs_look look;

	if (fs_look_at(dirfd, name, &look) < 0 || !look.mount_known)
		return -1;
	*ret = look.mount;
	return 0;
}

int fs_mount_of(int fd, uint64_t *ret)
{
	return fs_mount_at(fd, "", ret);
}

static struct timespec time_of(struct kernel_time time)
{
	return (struct timespec){(time_t)time.seconds, (long)time.nanoseconds};
}

int fs_stat_mounted(int dirfd, const char *name, struct stat *ret, bool *ret_mounted)
{
	struct kernel_stat st;

	*ret_mounted = true;
	if (syscall(SYS_statx, dirfd, name, FLAGS, ASK_ALL, &st) < 0)
		return errno == ENOSYS || errno == EPERM
			? fstatat(dirfd, name, ret, FLAGS)
			: -1;
	*ret = (struct stat){
		.st_dev = makedev(st.major, st.minor),
		.st_ino = st.inode,
		.st_mode = st.mode,
		.st_nlink = st.links,
		.st_uid = st.uid,
		.st_gid = st.gid,
		.st_rdev = makedev(st.special_major, st.special_minor),
		.st_size = (off_t)st.size,
		.st_blksize = (blksize_t)st.block_size,
		.st_blocks = (blkcnt_t)st.blocks,
		.st_atim = time_of(st.accessed),
		.st_mtim = time_of(st.modified),
		.st_ctim = time_of(st.changed),
	};
	*ret_mounted = (st.attributes & IS_MOUNT) || !(st.attributes_known & IS_MOUNT);
	return 0;
}

bool fs_is_mounted(const char *path)
{
	struct kernel_stat st;

	return syscall(SYS_statx, AT_FDCWD, path, AT_NO_AUTOMOUNT, ASK_OWNER, &st) == 0 &&
		(st.attributes & IS_MOUNT);
}
