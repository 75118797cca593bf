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

/*
 * Would `needed`, should the source not have it, be removed from the directory `path` by
 * `mirror`?
 */
bool directory_source_may_remove(
	const char *const *exclude, const char *needed, const char *path);

/* Globs start below the directory, not at its name: lists those that do. */
void directory_source_judge(const struct step *step, const struct list *paths,
	const struct list *exclude, struct problems *problems);

#endif
