/* SPDX-License-Identifier: MIT */
/* Giving a whole tree to its owner. */
#ifndef BASE_FS_TREE_H
#define BASE_FS_TREE_H

#include "base/fs.h"

struct stop;

/* What is done with an object that does not belong to `uid` and `gid`. */
enum fs_tree_use {
	FS_TREE_FIND,  /* it ends the search */
	FS_TREE_COUNT, /* it is counted */
	FS_TREE_GIVE,  /* it is given to them, and counted */
};

struct fs_tree_noted {
	size_t count;
	struct buf first; /* the path of the first one; buf_release() */
};

struct fs_tree {
	uid_t uid; /* FS_INHERIT: any */
	gid_t gid;
	enum fs_tree_use use;
	const char *const *exclude; /* fs_exclude.h */
	struct stop *stop;          /* asked now and then */
	/* Those that could not be entered, nor needed to be; or NULL. */
	struct fs_tree_noted *closed;
	/* Those below the top that could not be given, and are passed over; or NULL. */
	struct fs_tree_noted *kept;
};

/*
 * Goes through the tree at `path`, and returns 0 with the number of those objects. A link
 * is an object itself and never followed; other mounts and what is excluded are not
 * entered; a file with several hard links is left alone, since it may be another's. As
 * root a link that another user made does not become root's, since it would be followed.
 * The top is changed last, so that a tree that is half done is recognized.
 *
 * What may not be changed (EPERM, EACCES, EROFS, ENOTSUP) is passed over if its mode lets
 * that user read it, and enter a directory, also where that is known beforehand: then it
 * is neither found nor counted. Else it is an error, -1, which names the
 * object at which it failed; so is a tree that is missing, or deeper than 256
 * directories. Or it is the error of stop_check().
 */
int fs_tree_owner(const struct fs *fs, const char *path, const struct fs_tree *what,
	size_t *ret_count, struct err *err);

#endif
