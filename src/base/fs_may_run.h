/* SPDX-License-Identifier: MIT */
/* Whether a program may be run with our rights, or with those of a user. */
#ifndef BASE_FS_MAY_RUN_H
#define BASE_FS_MAY_RUN_H

#include <sys/stat.h>
#include <sys/types.h>

struct err;
struct fs;

/*
 * As root (fs.h), is what the absolute `path` names, links followed, safe to be run by
 * `user`? Not a file that anybody but root, us and that user can write or exchange, nor a
 * directory in which they can make one. Returns 0 with what stat(2) says of it, 1 if it
 * is missing, or -1 with an error that says who can, and what to do.
 */
int fs_may_run(const struct fs *fs, const char *path, uid_t user, struct stat *ret,
	struct err *err);

#endif
