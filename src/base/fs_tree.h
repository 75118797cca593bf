/* SPDX-License-Identifier: MIT */
/*
 * The owner of a whole tree. A link is changed itself and never followed, other mounts
 * are not entered, and a file with several hard links is left alone, since it may be
 * another's. The top is changed last, so that a tree that is half done is recognized.
 */
#ifndef BASE_FS_TREE_H
#define BASE_FS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;
struct fs;
struct stop;

/*
 * Counts the objects of the tree at `path` that do not belong to `uid` and `gid`
 * (FS_INHERIT: any), and with `change` gives them to these. What may not be changed
 * (EPERM) is skipped. Returns 0, or -1 with an error that names the object at which it
 * failed, also where the tree is missing or deeper than 256 directories; or as
 * stop_check() does, which is asked now and then.
 */
int fs_tree_owner(const struct fs *fs, const char *path, uid_t uid, gid_t gid,
	bool change, struct stop *stop, size_t *ret_count, struct err *err);

#endif
