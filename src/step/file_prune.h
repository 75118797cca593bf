/* SPDX-License-Identifier: MIT */
/*
 * The key `prune`: what a directory of templates or sources has made and has none for any
 * more is removed, if it is still as it was made. Only what the record of the step names
 * is ever looked at (file_memory.h): files by their digest, links by their target, and
 * directories, which go once they are empty.
 */
#ifndef STEP_FILE_PRUNE_H
#define STEP_FILE_PRUNE_H

#include <stddef.h>

struct buf;
struct err;
struct file_work;

/* Lists in work->pruned what may go, contents first. Returns 0, or -1. */
int file_prune_find(struct file_work *work, struct err *err);

const char *file_prune_path(const struct file_work *work, size_t i);

/* The check() and apply() of item `i` of those. */
int file_prune_check(struct file_work *work, size_t i, struct buf *why, struct err *err);
int file_prune_apply(struct file_work *work, size_t i, struct buf *did, struct err *err);

/*
 * Remembers that a link to this target, or with NULL a directory, is about to be made at
 * the path, unless something exists there. Returns 0, or -1.
 */
int file_prune_intend(const struct file_work *work, const char *path, const char *target,
	struct err *err);

#endif
