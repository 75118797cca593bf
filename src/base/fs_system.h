/* SPDX-License-Identifier: MIT */
/* File systems, by their types as statfs(2) returns them. */
#ifndef BASE_FS_SYSTEM_H
#define BASE_FS_SYSTEM_H

enum fs_system_class {
	FS_SYSTEM_KERNELS, /* the kernel's: modes do not mean who may read */
	FS_SYSTEM_FIXED,   /* the same, and nothing can be made in it */
	FS_SYSTEM_LOCAL,   /* all its users are processes of this kernel */
	FS_SYSTEM_NETWORK, /* others may change what lies there */
	FS_SYSTEM_EITHER   /* one of both */
};

struct fs_system {
	unsigned long type;
	const char *name; /* "nfs" */
	enum fs_system_class class;
};

/* Returns that of this f_type of struct statfs, or NULL: it is not known. */
const struct fs_system *fs_system_of(unsigned long type);

/* Returns that of the open file, or NULL with errno, which is 0 if it is not known. */
const struct fs_system *fs_system_at(int fd);

#endif
