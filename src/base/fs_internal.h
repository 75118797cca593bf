/* SPDX-License-Identifier: MIT */
/* What the files of base/fs share among themselves; nobody else includes it. */
#ifndef BASE_FS_INTERNAL_H
#define BASE_FS_INTERNAL_H

#include <stdint.h>

#include "base/fs.h"

/*
 * -1 with errno's text and what a person needs to act on it: who owns the directory, who
 * we are, what to do. `dirfd` -1: not known.
 */
int fs_raise(struct err *err, int dirfd, const char *what, const char *path);

/* ---- fs_hold.c: who controls a name ---- */

/* Is it trusted, the step's owner, or the application's user? */
bool fs_is_known(const struct fs *fs, uid_t uid);

/* The mount that `fd` is on: 0, or -1 where the kernel does not tell (before 5.8). */
int fs_mount_of(int fd, uint64_t *ret);

/* Are two objects on one mount? Where the kernel cannot tell mounts apart: one device. */
bool fs_same_mount(int one, int other);

/* The hold ends at a mount point directly in the directory that began it. */
void fs_hold_cross(struct fs_hold *hold, bool mounted);

/* What the hold is below the directory `fd`, which was entered. */
void fs_hold_enter(
	const struct fs *fs, struct fs_hold *hold, int fd, const struct stat *st);

/*
 * May somebody else have put the file `st` there? 0 no, or -1 with what accepts it. Of
 * `entry` the directory counts.
 */
int fs_check_ours(const struct fs *fs, const struct fs_entry *entry,
	const struct stat *st, const char *path, struct err *err);

/*
 * May the open object `st` be changed that `entry` names? What is mounted deep below a
 * holder may be somebody else's. 0, or -1.
 */
int fs_may_change(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err);

/* "user 1000", "others": who holds, for messages. */
const char *fs_hold_text(const struct fs_hold *hold, char *room, size_t size);

/* ---- fs_room.c: where temporaries lie ---- */

/*
 * The descriptor in which a temporary for `entry` is to be made: `entry->dirfd` itself,
 * or a new one, for the caller to close, of a private directory in it. -1 with errno.
 */
int fs_room_enter(struct fs *fs, const struct fs_entry *entry);

/*
 * Closes what fs_room_enter() gave, where it is a room. Returns whether what was tried in
 * it (`rc`, errno) failed since somebody removed the room, and is to be tried again.
 */
bool fs_room_leave(
	struct fs *fs, const struct fs_entry *entry, int *dirfd, int rc, int tries);

/* Forgets a room that somebody has removed. */
void fs_room_forget(struct fs *fs);

/* Who makes temporaries tries so many names, or private directories. */
#define FS_TRIES 16

/* As long as the descriptor of a private directory is open, no sweep takes it. */
void fs_lock_temp(int fd);

/* ---- fs_publish.c, fs_sweep.c: temporaries, and publishing them ---- */

#define FS_TEMP_MARK    ".groundwork-"
#define FS_TEMP_LETTERS 6

/* ".NAME.groundwork-XXXXXX" with fresh random letters. */
void fs_temp_name(const char *name, char ret[256]);

/*
 * Removes temporaries over an hour old, at which nobody is at work, from the directory,
 * once for the files that go into it one after the other; best effort.
 */
void fs_sweep(struct fs *fs, int dirfd);

/* renameat2(2) with RENAME_NOREPLACE: 0, or -1 with errno. */
int fs_rename_noreplace(int from, const char *temp, int to, const char *name);

/* Does this errno of it say that kernel or file system do not have it? */
bool fs_lacks_noreplace(int code);

/* Where neither NOREPLACE nor links are known: returns as fs_rename_new(). */
int fs_rename_after_look(int from, const char *temp, int to, const char *name);

/*
 * rename(2) without replacing, however the file system lets us: returns 0, 1 where the
 * name is taken, or -1 with errno.
 */
int fs_rename_new(int from, const char *temp, int to, const char *name);

/* ---- fs_attr.c: type, owner and mode ---- */

/*
 * The mode that `attr` asks of an object. As with chmod(1), a directory keeps the
 * set-group-ID bit that it was born with: a volume's fsGroup hangs on it.
 */
mode_t fs_wanted_mode(const struct stat *st, const struct fs_attr *attr);

/*
 * Puts the fixed parts right on an open object, without a moment of extra rights and
 * without set-ID bits for a new owner that nobody asked for: -1 with errno.
 */
int fs_set_attributes(int fd, const struct stat *st, const struct fs_attr *attr);

/*
 * As root, an error for a file with more than one hard link, which may be another's: it
 * is not changed. `st` is of the open file.
 */
int fs_refuse_hard_link(const struct fs *fs, const struct fs_entry *entry, int fd,
	const struct stat *st, const char *path, struct err *err);

/*
 * EPERM where owner or mode of something new are given: a mount that squashes root, a
 * file system without owners. The object is ours and usable, so that is no failure.
 */
int fs_unless_denied(int rc);

/* The ids that a new object in `dirfd` is to have; as non-root, what we are. */
int fs_resolve_owner(int dirfd, const struct fs_attr *attr, uid_t *uid, gid_t *gid);

/* ---- fs_mkdir.c ---- */

/*
 * Makes the directory that `entry` names, owner and mode from the start: returns 0, 1
 * where it is there, or -1.
 */
int fs_mkdir_at(struct fs *fs, const struct fs_entry *entry, const struct fs_attr *attr,
	const char *path, struct err *err);

#endif
