/* SPDX-License-Identifier: MIT */
/* What the files of fs_merge share; no other file includes it. */
#ifndef BASE_FS_MERGE_WORK_H
#define BASE_FS_MERGE_WORK_H

#include <dirent.h>

#include "base/fs_internal.h"
#include "base/fs_merge.h"
#include "base/mem.h"

enum merge_what { MERGE_COPY, MERGE_MODE, MERGE_REMOVE };

/* What is published at the end, in this order. */
struct merge_change {
	enum merge_what what;
	bool replace;     /* of MERGE_COPY: in place of a file or link */
	mode_t mode;      /* of MERGE_MODE */
	const char *path; /* in the target */
	char *temp;       /* of MERGE_COPY: where the copy is, in the private directory */
	size_t count;     /* of the objects in it */
	struct merge_change *next;
};

struct merging {
	struct fs *fs;
	const struct fs_merge *how;
	enum fs_merge_use use;
	struct fs_merged *ret;
	struct fs_attr attr; /* with uid and gid resolved */
	struct fs_copy copy; /* as it is for the directory at hand */
	int target;
	struct fs_look top; /* of the target */
	int private;        /* for the copies, once there is one; else -1 */
	char private_name[256];
	struct arena arena;
	struct merge_change *changes, **last;
	struct buf at;   /* where we are below both tops: "/a/b" */
	struct buf path; /* the same in the target */
	int depth;
	bool source_holds; /* anything that is not left out */
};

/* Returns -1 with errno's text and the path in the source. */
int merge_fail(const struct merging *merging, const char *what, struct err *err);

/* ---- fs_merge_gone.c ---- */

typedef int merge_each_fn(
	struct merging *merging, int dirfd, const char *name, int other, struct err *err);

/*
 * Calls `each` for what is in the directory and is not left out, with its path in `at`
 * and `other` as it is, until it does not return 0. Returns what it returned, or -1.
 */
int merge_each(struct merging *merging, DIR *dir, int other, merge_each_fn *each,
	struct err *err);

/*
 * Is there something below the directory, which may go, that `exclude` leaves alone? Its
 * path is in `at`. Returns 1, 0, or -1.
 */
int merge_holds_excluded(
	struct merging *merging, int from, const char *name, struct err *err);

/* Where that is asked for: removes what the source's directory does not have. */
int merge_remove_others(struct merging *merging, int source, struct err *err);

/* ---- fs_merge_same.c ---- */

/*
 * Has the file, or link, that `entry` names the same content as `name` in the source's
 * directory `from`? Return 1, 0, or -1.
 */
int merge_same_file(const struct merging *merging, int from, const char *name,
	const struct fs_entry *entry, struct err *err);
int merge_same_link(const struct merging *merging, int from, const char *name,
	const struct fs_entry *entry, struct err *err);

/* Has what exists the mode of `st`, as far as we may change it? */
bool merge_same_mode(const struct stat *st, const struct fs_look *look);

/* ---- fs_merge_make.c ---- */

/* The path in the target, valid until the next call. */
const char *merge_path(struct merging *merging);

/* Notes a difference. Returns 0 to go on, 1 where this is enough, or -1. */
int merge_found(struct merging *merging, struct merge_change change, int from,
	const char *name, struct err *err);

/* May the file or link that `entry` names be replaced? Returns 0 if so, or -1. */
int merge_may_replace(const struct merging *merging, const struct fs_entry *entry,
	const char *path, struct err *err);

/* Flushes and publishes all that was noted. Returns 0, or -1. */
int merge_publish(struct merging *merging, struct err *err);

/* Removes what was copied and not published, and the private directory. */
void merge_release(struct merging *merging);

#endif
