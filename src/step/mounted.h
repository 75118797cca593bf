/* SPDX-License-Identifier: MIT */
/*
 * Files that something is mounted on, and that writing in place, once interrupted, has
 * left unfinished (base/fs_in_place.h).
 */
#ifndef STEP_MOUNTED_H
#define STEP_MOUNTED_H

struct buf;
struct ctx;
struct err;
struct fs_entry;

/*
 * Is the file at `path` unfinished, which `entry` names? As a check() (step.h): IN_PLACE
 * if not, or TO_DO.
 */
int mounted_check(const struct ctx *ctx, const struct fs_entry *entry, const char *path,
	struct buf *why, struct err *err);

/* Finishes it. As an apply(). */
int mounted_finish(
	const struct ctx *ctx, const char *path, struct buf *did, struct err *err);

/* Warns that the file was written in place. */
void mounted_warn(const struct ctx *ctx, const char *path);

#endif
