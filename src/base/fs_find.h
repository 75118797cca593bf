/* SPDX-License-Identifier: MIT */
/* Finding what a path names, whatever that is, without opening it. */
#ifndef BASE_FS_FIND_H
#define BASE_FS_FIND_H

#include <sys/stat.h>

struct err;
struct fs;

/* What is to be done with it. */
enum fs_find { FS_FIND_EXISTS, FS_FIND_CONNECT };

/*
 * Finds it by the rules of reading (fs.h), links followed; for FS_FIND_CONNECT with the
 * right to write in place of that to read, which connect(2) asks for. That it exists
 * anybody can see who can go there. No device, no FIFO and no file is opened. Returns 0
 * with a descriptor (O_PATH), which is the caller's, 1 if it is missing, or -1.
 */
int fs_find(const struct fs *fs, const char *path, enum fs_find use, int *ret,
	struct err *err);

#endif
