/* SPDX-License-Identifier: MIT */
/*
 * Files that something is mounted on: they cannot be replaced, and fs_stage_publish()
 * (fs.h) writes them in place (FS_NOT_ATOMIC). Before the first byte changes, the whole
 * new text is named ".NAME.PROGRAM-unfinished", beside the file; then the file is emptied
 * and written, and that name removed. What a killed process leaves of the file is thus a
 * beginning of that text, and the next run writes the rest.
 *
 * As root there must be nobody who could put another text there: in a directory that is
 * not root's alone there is none, and a kill leaves the file half written.
 */
#ifndef BASE_FS_IN_PLACE_H
#define BASE_FS_IN_PLACE_H

#include <stdbool.h>
#include <sys/stat.h>

struct err;
struct fs;
struct fs_entry;

/*
 * lstat(2) of what `entry` names, which must be FS_OURS (fs.h), with whether something is
 * mounted there, or the kernel does not say: nothing was interrupted elsewhere. Returns
 * 0, 1 if it is missing, or -1.
 */
int fs_in_place_stat(const struct fs *fs, const struct fs_entry *entry, const char *path,
	struct stat *ret, bool *ret_mounted, struct err *err);

enum fs_in_place {
	FS_FINISHED,  /* nothing was interrupted */
	FS_CUT_SHORT, /* the file holds a beginning of its new text, or all of it */
	FS_LEFT_OVER, /* the file holds something else, and only the text is left */
};

/*
 * Was writing the file in place that `entry` names interrupted? Returns which, or -1;
 * `path` is for messages.
 */
int fs_in_place_look(const struct fs *fs, const struct fs_entry *entry, const char *path,
	struct err *err);

/*
 * Writes the rest of the file at `path`, if that was cut short, and removes the text
 * beside it. Returns what fs_in_place_look() would have returned before; or -1, with
 * ERR_TEMPORARY where another process is writing the file.
 */
int fs_in_place_finish(const struct fs *fs, const char *path, struct err *err);

#endif
