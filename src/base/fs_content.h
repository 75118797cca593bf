/* SPDX-License-Identifier: MIT */
/* Whether a directory is to be filled (fs_merge.h). */
#ifndef BASE_FS_CONTENT_H
#define BASE_FS_CONTENT_H

#include "base/fs.h"

struct fs_content {
	bool marked; /* the file `mark` */
	bool other;  /* anything else */
};

/*
 * What is in the directory at `path`, but for lost+found, mount points, our temporaries,
 * and what is excluded (fs_exclude.h)? Returns 0, or -1.
 */
int fs_content(const struct fs *fs, const char *path, const char *mark,
	const char *const *exclude, struct fs_content *ret, struct err *err);

#endif
