/* SPDX-License-Identifier: MIT */
/* File systems. */
#include "base/fs_system.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/vfs.h>

/* statfs(2), linux/magic.h, and the kernel's sources for those that neither names. */
static const struct fs_system systems[] = {
	{0x00009fa0, "proc", FS_SYSTEM_FIXED},
	{0x62656572, "sysfs", FS_SYSTEM_FIXED},
	{0x64626720, "debugfs", FS_SYSTEM_KERNELS},
	{0x74726163, "tracefs", FS_SYSTEM_KERNELS},
	{0x73636673, "securityfs", FS_SYSTEM_KERNELS},
	{0x0027e0eb, "cgroup", FS_SYSTEM_KERNELS},
	{0x63677270, "cgroup2", FS_SYSTEM_KERNELS},
	{0x6165676c, "pstore", FS_SYSTEM_KERNELS},
	{0xde5e81e4, "efivarfs", FS_SYSTEM_KERNELS},
	{0x62656570, "configfs", FS_SYSTEM_KERNELS},
	{0xcafe4a11, "bpf", FS_SYSTEM_KERNELS},
	{0x0000ef53, "ext4", FS_SYSTEM_LOCAL}, /* and ext2, ext3 */
	{0x58465342, "xfs", FS_SYSTEM_LOCAL},
	{0x9123683e, "btrfs", FS_SYSTEM_LOCAL},
	{0x01021994, "tmpfs", FS_SYSTEM_LOCAL},
	{0x794c7630, "overlayfs", FS_SYSTEM_LOCAL},
	{0xf2f52010, "f2fs", FS_SYSTEM_LOCAL},
	{0x2fc12fc1, "zfs", FS_SYSTEM_LOCAL},
	{0xca451a4e, "bcachefs", FS_SYSTEM_LOCAL},
	{0x00006969, "nfs", FS_SYSTEM_NETWORK},
	{0x0000517b, "smb", FS_SYSTEM_NETWORK},
	{0xfe534d42, "smb2", FS_SYSTEM_NETWORK},
	{0xff534d42, "cifs", FS_SYSTEM_NETWORK},
	{0x01021997, "9p", FS_SYSTEM_NETWORK},
	{0x00c36400, "ceph", FS_SYSTEM_NETWORK},
	{0x47504653, "gpfs", FS_SYSTEM_NETWORK},
	{0x0bd00bd0, "lustre", FS_SYSTEM_NETWORK},
	{0x19830326, "beegfs", FS_SYSTEM_NETWORK},
	{0x5346414f, "afs", FS_SYSTEM_NETWORK},
	{0x6b414653, "afs", FS_SYSTEM_NETWORK},
	{0x73757245, "coda", FS_SYSTEM_NETWORK},
	{0x7461636f, "ocfs2", FS_SYSTEM_NETWORK},
	{0x01161970, "gfs2", FS_SYSTEM_NETWORK},
	{0x65735546, "fuse", FS_SYSTEM_EITHER},
};

/* Where its number is a signed one, that is extended to a long. */
const struct fs_system *fs_system_of(unsigned long type)
{
	for (size_t i = 0; i < sizeof systems / sizeof *systems; i++)
		if (systems[i].type == (uint32_t)type)
			return &systems[i];
	return NULL;
}

const struct fs_system *fs_system_at(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return NULL;
	errno = 0;
	return fs_system_of((unsigned long)fs.f_type);
}
