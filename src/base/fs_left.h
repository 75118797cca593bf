/* SPDX-License-Identifier: MIT */
/*
 * What an earlier process has left of a file that takes long to write: a temporary with
 * the one name that it has for each target, in a directory that nobody else can write.
 */
#ifndef BASE_FS_LEFT_H
#define BASE_FS_LEFT_H

#include <stdbool.h>
#include <stdint.h>

struct fs;
struct fs_stage;

/*
 * Opens it, or makes it, for fs_stage_resume(), which has walked to the directory.
 * Returns false where another process has it, or where it cannot be opened.
 */
bool fs_left_open(struct fs_stage *stage);

/* Is it there for that target, and no other process has it? */
bool fs_left_is_idle(const struct fs *fs, const char *path);

/* Is it there, and another process has it? Its size is in `ret_size` then. */
bool fs_left_is_busy(const struct fs *fs, const char *path, int64_t *ret_size);

/* Removes it if it is idle: its target needs it no more. Returns whether it did. */
bool fs_left_remove(const struct fs *fs, const char *path);

#endif
