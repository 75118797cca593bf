/* SPDX-License-Identifier: MIT */
/*
 * For a plan: whether something could be made or written. The kernel is asked with
 * access(2), and nothing relies on the answer: who makes it finds out by itself.
 */
#ifndef BASE_FS_CHECK_H
#define BASE_FS_CHECK_H

struct arena;
struct err;
struct fs;

/*
 * What the absolute `path` names once the directories on the way are made that are
 * missing: without each of these that has a ".." behind it, and that "..". `ret_missing`
 * gets the first of them, NULL where there is none. Returns the path, in the arena or as
 * it was given.
 */
const char *fs_path_once_made(
	struct arena *arena, const char *path, const char **ret_missing);

/*
 * Could an object be made, replaced or removed at the absolute `path` (`what`, as the
 * error of that says it), and the directories above it be made that are missing? The
 * kernel is asked of the last one that exists. Returns 0, or -1 with the error that doing
 * it would raise.
 */
int fs_check_make(
	const struct fs *fs, const char *what, const char *path, struct err *err);

/* Could mode and owner of what exists there be changed, as far as its mount says? */
int fs_check_fix(const struct fs *fs, const char *path, struct err *err);

/*
 * Could the file `name` in `dirfd` be opened for writing? Returns 0, 1 if it
 * is missing, or -1 with the error of that.
 */
int fs_check_write(int dirfd, const char *name, const char *path, struct err *err);

/* The same of creating files in the directory; `what` would be done to `path`. */
int fs_check_create(int dirfd, const char *what, const char *path, struct err *err);

#endif
