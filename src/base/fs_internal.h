/* SPDX-License-Identifier: MIT */
/* What the files of base/fs share among themselves; nobody else includes it. */
#ifndef BASE_FS_INTERNAL_H
#define BASE_FS_INTERNAL_H

#include "base/fs.h"

/*
 * -1 with errno's text and what a person needs to act on it: who owns the folder, who we
 * are, what to do. `dirfd` -1: not known.
 */
int fs_raise(struct err *err, int dirfd, const char *what, const char *path);

/*
 * Makes folder `name` in `dirfd`, owner and mode from the start: 0 made · 1 there · -1.
 */
int fs_mkdir_at(int dirfd, const char *name, const struct fs_attr *attr, const char *path,
	struct err *err);

/* ".NAME.groundwork-XXXXXX" with fresh random letters. */
void fs_temp_name(const char *name, char ret[300]);

/* Removes temporaries over an hour old from the folder; best effort. */
void fs_sweep(int dirfd);

/* renameat2(2) with RENAME_NOREPLACE, in one folder: 0 · -1 with errno. */
int fs_rename_noreplace(int dirfd, const char *temp, const char *name);

/*
 * rename(2) without replacing, however the file system lets us: 0 · 1 there · -1 errno.
 */
int fs_rename_new(int dirfd, const char *temp, const char *name);

/*
 * Flushes the folder's entries: -1 with errno; a folder that cannot be opened is passed.
 */
int fs_sync_dir(int dirfd);

/*
 * The mode that `attr` asks of an object. As with chmod(1), a folder keeps the
 * set-group-ID bit that it was born with: a volume's fsGroup hangs on it.
 */
mode_t fs_wanted_mode(const struct stat *st, const struct fs_attr *attr);

/*
 * Puts the fixed parts right on an open object, without a moment of extra rights and
 * without set-ID bits for a new owner that nobody asked for: -1 with errno.
 */
int fs_set_attributes(int fd, const struct stat *st, const struct fs_attr *attr);

/*
 * EPERM where owner or mode of something new are given: a mount that squashes root, a
 * file system without owners. The object is ours and usable, so that is no failure.
 */
int fs_unless_denied(int rc);

/* The ids that a new object in `dirfd` is to have; as non-root, what we are. */
int fs_resolve_owner(int dirfd, const struct fs_attr *attr, uid_t *uid, gid_t *gid);

#endif
