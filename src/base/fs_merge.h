/* SPDX-License-Identifier: MIT */
/*
 * Bringing what a source directory holds into another directory, by the rules of reading
 * there and of writing here (fs.h).
 *
 * What is missing, or to be replaced, is copied into a private directory in the target,
 * flushed all at once (syncfs(2)), and then published, object by object: a file or link
 * by rename(2), a directory that is missing with all that is in it. So each object is as
 * it was or complete at any moment, and what an interrupted merge has left out the next
 * one finds missing. Its temporaries are swept (fs_sweep()).
 *
 * Copies have the mode of the original without set-ID bits, its times and, as root, the
 * owner that is given. No other mount in the target is entered, replaced or removed, and
 * what is excluded is as if it were in neither; so is a directory that is to be removed
 * as far as it leads to such.
 */
#ifndef BASE_FS_MERGE_H
#define BASE_FS_MERGE_H

#include "base/fs.h"

struct stop;

enum fs_merge_use {
	FS_MERGE_FIND, /* the first difference ends it */
	FS_MERGE_LIST, /* all are found, and none is settled */
	FS_MERGE_MAKE,
};

struct fs_merge {
	const char *source; /* absolute */
	const char *path;   /* of the directory, which exists */
	bool replace;       /* also what is another file or link, or has another mode */
	bool remove; /* also what the source does not have, or has as another type */
	const char *const *exclude;
	const struct fs_attr *attr; /* uid and gid; FS_INHERIT: as those of `path` */
	const char *unless_gone; /* a file in it: once it is gone, nothing is published */
	/* Asked of the top of all that is to be removed. Returns 0, or -1. NULL: yes. */
	int (*may_remove)(void *user, const char *path, struct err *err);
	void *user;
	struct stop *stop;
};

#define FS_MERGED_FIRST 3 /* names that are listed */

struct fs_merged {
	size_t copied;       /* objects; not with FS_MERGE_MAKE: tops of what differs */
	size_t removed;      /* objects */
	struct buf first;    /* of what is copied: "'a', 'b/c'" */
	struct buf removals; /* the top of all that is removed: "'/d/x' (3 objects)" */
	struct buf refused;  /* with FS_MERGE_LIST: the first in a directory of others */
	struct buf in_the_way; /* without `replace`: files for directories: "'/d/x'" */
};

#define FS_MERGED_INIT \
	{ \
		.first = BUF_INIT, .removals = BUF_INIT, .refused = BUF_INIT, \
		.in_the_way = BUF_INIT \
	}
#define CLEANUP_MERGED __attribute__((cleanup(fs_merged_release)))
void fs_merged_release(struct fs_merged *merged);

/*
 * Returns 0 with the differences in `ret`, which is FS_MERGED_INIT, or -1: where one of
 * the two is in the other, an empty source would have all removed, what is in the way
 * may not be replaced or removed (as in fs_remove_path.h), something can be neither
 * copied nor written by the rules, or the source is deeper than 256 directories; or as
 * stop_check() does.
 */
int fs_merge(struct fs *fs, const struct fs_merge *how, enum fs_merge_use use,
	struct fs_merged *ret, struct err *err);

#endif
