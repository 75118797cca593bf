/* SPDX-License-Identifier: MIT */
/*
 * The owner of a whole tree. Links are changed themselves and never followed, other
 * mounts are not entered, and a file with more than one name is left alone, since it may
 * be somebody else's. The top goes last: what is killed half way is found and finished.
 */
#ifndef BASE_FS_TREE_H
#define BASE_FS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;
struct fs;

/*
 * Counts the objects of the tree at `path` that do not belong to `uid` and `gid`
 * (FS_INHERIT: any), and gives them to them if `change`; what may not be changed (EPERM)
 * is passed over. -1 names the object at which it failed; also where the tree is deeper
 * than 256 directories.
 */
int fs_tree_owner(const struct fs *fs, const char *path, uid_t uid, gid_t gid,
	bool change, size_t *ret_count, struct err *err);

#endif
