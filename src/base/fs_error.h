/* SPDX-License-Identifier: MIT */
/* Errors of the file system, with what a person needs to act on them. */
#ifndef BASE_FS_ERROR_H
#define BASE_FS_ERROR_H

#include <stdbool.h>

struct err;

/* Is this errno a want of room: of the disk, of a quota, or of a file's largest size? */
bool fs_is_full(int code);

/*
 * Returns -1 with errno's text and what is needed to act on it: who owns the directory,
 * who we are, what to do. `dirfd` -1: not known.
 */
int fs_raise(struct err *err, int dirfd, const char *what, const char *path);

/* The same of a caller that has left all at the path as it was, which is said. */
int fs_raise_unchanged(struct err *err, int dirfd, const char *what, const char *path);

/*
 * The same where the directory `name` cannot be made, which is the last component of
 * `path`, or leads to it.
 */
int fs_raise_mkdir(struct err *err, int dirfd, const char *name, const char *path);

/*
 * The same for an open() of `name` in `dirfd`, of a file or directory that exists: names
 * whose it is, and its mode. ".": of the directory itself. AT_FDCWD: `name` is the path,
 * and links are followed.
 */
int fs_raise_open(struct err *err, int dirfd, const char *name, const char *path);

/* The same where the kernel has walked the path: names what could not be entered. */
int fs_raise_path(struct err *err, const char *what, const char *path);

#endif
