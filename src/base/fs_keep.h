/* SPDX-License-Identifier: MIT */
/* Many paths in one directory: it is walked to once, and flushed once. */
#ifndef BASE_FS_KEEP_H
#define BASE_FS_KEEP_H

#include "base/fs.h"

/*
 * Until fs_end() or fs_forget(), fs_walk() keeps the last directory that it led to, and
 * begins there where the next path is of the same directory: for many paths in a row
 * between which nobody is asked to change what leads to them. So does who reads a file in
 * it, if nobody but root controls what leads there. Whoever has a command run calls
 * fs_forget() before. It is no less safe than to walk again. The directory was walked to
 * by the rules and is pinned: whatever others exchange meanwhile, they could have
 * exchanged just after a walk, too, whose descriptor would have been this one. What we
 * have changed ourselves counts: a walk is made again where the path leads elsewhere by
 * now, where the directory has another owner or mode, and where fs->owner is another.
 */
void fs_keep(struct fs *fs);
void fs_forget(struct fs *fs);

/*
 * The same, and until fs_flush_end() what is made or replaced there is flushed with the
 * others in the same directory, by fs_flush() or by the first walk to another; whoever
 * reports it calls that first. The texts of files are flushed before they are published,
 * one by one: whatever is lost with the directory's entries, a name never leads to half a
 * text.
 */
void fs_flush_later(struct fs *fs);
int fs_flush(const struct fs *fs, struct err *err);
void fs_flush_end(struct fs *fs);

/*
 * Who we are, with nothing of what is kept: for files beside those of the steps. It is
 * ended by itself.
 */
struct fs fs_same_rights(const struct fs *fs);

#endif
