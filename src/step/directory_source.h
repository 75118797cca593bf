/* SPDX-License-Identifier: MIT */
/* The `source` of a directory: a tree that is copied into it. */
#ifndef STEP_DIRECTORY_SOURCE_H
#define STEP_DIRECTORY_SOURCE_H

#include <stdbool.h>

struct buf;
struct ctx;
struct list;
struct problems;
struct err;
struct fs_attr;

enum directory_merge {
	DIRECTORY_EMPTY,
	DIRECTORY_MISSING,
	DIRECTORY_ALWAYS,
	DIRECTORY_MIRROR
};

struct directory_source {
	const struct step *step;
	const char *from; /* "": there is none */
	enum directory_merge merge;
	const char *const *exclude;
	const struct fs_attr *attr; /* whose the copies are */
};

/*
 * Is all in the directory `path` that is to be there? It may be `missing`, and is then to
 * be filled. Returns IN_PLACE, TO_DO with what is to be done appended, or -1.
 */
int directory_source_check(struct ctx *ctx, const struct directory_source *source,
	const char *path, bool missing, struct buf *why, struct err *err);

/*
 * Copies what is to be there into the directory, which exists. Returns 1 with what was
 * done appended, 0 if there was nothing to do, or -1.
 */
int directory_source_apply(struct ctx *ctx, const struct directory_source *source,
	const char *path, struct buf *did, struct err *err);

/* Lists what the steps need, and `mirror` would remove should the source not have it. */
void directory_source_decided(const struct step *step, struct ctx *ctx,
	const struct list *paths, const char *const *exclude, struct problems *problems);

/*
 * Lists globs that start at the directory's name, not below it, and, where there is a
 * source ("" is none), directories of which one is in the other.
 */
void directory_source_judge(const struct step *step, const struct list *paths,
	const struct list *exclude, const char *from, struct problems *problems);

#endif
