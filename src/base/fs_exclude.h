/* SPDX-License-Identifier: MIT */
/* What is left out of a tree. */
#ifndef BASE_FS_EXCLUDE_H
#define BASE_FS_EXCLUDE_H

#include <stdbool.h>

struct err;

/*
 * Does any of the globs (fnmatch(3); a list that ends in NULL, or NULL) match the object
 * at `below`, its path below the top? One with a slash matches that path, in which "*"
 * matches no slash; any other the base name. What is in an excluded directory is not
 * asked for: whoever goes through the tree does not enter it. What is kept beside an
 * excluded database is excluded with it: ".x.lock", and what SQLite recovers it from,
 * "x-wal", "x-shm" and "x-journal" (sqlite.org/tempfiles.html).
 */
bool fs_is_excluded(const char *const *globs, const char *below);

/*
 * Does one match the object, or a directory that leads to it? `below` may be what is left
 * of its path without that of the top: slashes in front do not count.
 */
bool fs_is_left_out(const char *const *globs, const char *below);

/*
 * Is it such a glob, and not one of gitignore, rsync or a shell that would match nothing?
 * Returns 0, or -1 with ERR_CONFIG and what to write.
 */
int fs_exclude_check(const char *glob, struct err *err);

#endif
