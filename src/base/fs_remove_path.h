/* SPDX-License-Identifier: MIT */
/* Removing objects, and directories with all that is in them. */
#ifndef BASE_FS_REMOVE_PATH_H
#define BASE_FS_REMOVE_PATH_H

#include "base/fs.h"

struct stop;

/*
 * Removes what is at `path`, which is a link itself and not where that leads; with
 * `recursive`, a directory with all that is in it: contents first, so that what is left
 * of an interrupted removal is still there to be removed. It is looked through before
 * anything is removed, and without `change` that is all. Returns 0 with the number of
 * objects, 0 where there is none (what others removed meanwhile does not count), or -1
 * with an error that names the object:
 *
 *	ENOTEMPTY	a directory that is not empty, without `recursive`
 *	EBUSY		a mount point: nothing on another mount is removed
 *	ELOOP		a directory that another user could have moved there: by the
 *			rules of writing, and beyond them anything that is in a
 *			directory which is in one that anyone may write without the
 *			sticky bit, on the way to `path` or below it
 *	EPERM		fs_check_removable() refuses it
 *	ERR_TEMPORARY	it was changed by others meanwhile
 *
 * and what fs_walk() and FS_OURS refuse; where it is deeper than 256 directories; or as
 * stop_check() does, which is asked now and then.
 */
int fs_remove_path(const struct fs *fs, const char *path, bool recursive, bool change,
	struct stop *stop, size_t *ret_count, struct err *err);

/*
 * Is `path` a directory without which no system works ("/", "/etc", "/usr/lib")? Returns
 * 0 if not, or -1.
 */
int fs_check_removable(const char *path, struct err *err);

#endif
