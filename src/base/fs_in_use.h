/* SPDX-License-Identifier: MIT */
/* Whether a file or directory that is being made is in use; by the locks of its maker. */
#ifndef BASE_FS_IN_USE_H
#define BASE_FS_IN_USE_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>

/* Returns 1 if another open file has a lock on this one, 0 if not, or -1 with errno. */
int fs_has_lock(int fd);

/* Is the file locked, by us or by SQLite? */
bool fs_is_held(int dirfd, const char *name, const struct stat *st);

/*
 * Has the maker of the temporary file, or of the file that it is a sidecar of, died? That
 * is only known of FS_TEMP_LOCKED, not empty, where locks work.
 */
bool fs_is_abandoned(int dirfd, const char *name);

/*
 * Has the maker of the temporary directory `st` died, if it is not locked? That is only
 * known where locks work, and of an empty one after a minute.
 */
bool fs_is_abandoned_dir(DIR *dir, const struct stat *st);

/*
 * Are all users of the directory's file system processes of this kernel, as far as is
 * known? On others a lock may not be seen, or be granted by each host for itself.
 */
bool fs_has_local_locks(int dirfd);

/*
 * Locks the first byte of the file, which an earlier process may have left. One that was
 * killed holds its lock until its last descriptor is closed, a moment later, so this
 * waits for up to 200 ms. Returns 0, 1 where another process has it, or -1 with errno.
 */
int fs_lock_left(int fd);

/* Does `name` in `dirfd` name the open file `fd`? */
bool fs_is_named(int dirfd, const char *name, int fd);

#endif
