/* SPDX-License-Identifier: MIT */
/*
 * Making things on disk: whole or not at all, never through somebody else's link.
 * The only place that knows how; everything that writes goes through here.
 *
 * Walking. A destination is walked component by component (O_PATH|O_NOFOLLOW). As root, a
 * hop between intermediate objects from one of user A to one of user B is refused unless
 * A is root (or the owner of "/": user namespaces); a link in the middle is walked under
 * the same rule; the last component is never followed. The rule is that of
 * systemd-tmpfiles(8), "unsafe path transition". Not root, the kernel is the judge.
 *
 * Writing. A temporary ".NAME.groundwork-XXXXXX" (0600, O_EXCL) beside the target gets
 * its content, owner, mode and fsync, is published by rename(2), or by RENAME_NOREPLACE
 * or link(2) where nothing may be replaced, and its folder is fsynced. Kill it anywhere:
 * the target is as it was, or complete. Temporaries over an hour old are swept while
 * staging.
 *
 * Reading follows links: Kubernetes mounts are made of them.
 */
#ifndef BASE_FS_H
#define BASE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "base/buf.h"

struct err;

/* Who and what an object is to be. An id of FS_INHERIT takes that of the folder. */
#define FS_INHERIT ((uid_t)-1)

struct fs_attr {
	mode_t mode;
	uid_t uid;
	gid_t gid;
	/* Also for what is there already: only what the configuration wrote down. */
	bool fix_mode, fix_uid, fix_gid;
};

/* ---- looking ---- */

/* A pinned folder and a name in it: what every other call works on. */
struct fs_entry {
	int dirfd; /* O_PATH; close_fd() */
	char name[256];
};

#define FS_ENTRY_INIT {.dirfd = -1}
#define CLEANUP_ENTRY __attribute__((cleanup(fs_entry_release)))

/*
 * Walks to the folder of the absolute `path`. 0 done · 1 a folder on the way is missing ·
 * -1 error (ENOTDIR where something else stands in the way, or an unsafe hop).
 */
int fs_walk(const char *path, struct fs_entry *ret, struct err *err);

/*
 * As fs_walk(), making what is missing: 0755, of the owner of the folder it goes into.
 * `ret_made` (may be NULL) counts the folders that were made.
 */
int fs_walk_make(const char *path, struct fs_entry *ret, int *ret_made, struct err *err);
void fs_entry_release(struct fs_entry *entry);

/* lstat(2) by a safe walk: 0 there · 1 missing · -1 error. */
int fs_lookup(const char *path, struct stat *ret, struct err *err);

/* Reads a whole file, links followed: 0 · 1 missing · -1 error (also: over `limit`). */
int fs_read(const char *path, size_t limit, struct buf *ret, struct stat *ret_stat,
	struct err *err);

/*
 * Like fs_read(), by a safe walk and without following a last link: for our own targets.
 */
int fs_read_target(const char *path, size_t limit, struct buf *ret, struct stat *ret_stat,
	struct err *err);

/*
 * What of `attr`'s fixed parts does `st` not have? 0 all in place · 1 differs, with
 * "mode 0644, not 0600" in `why`. Not root, an owner that cannot be given counts as in
 * place.
 */
int fs_attr_differs(const struct stat *st, const struct fs_attr *attr, struct buf *why);

/* "file", "directory", "symbolic link", … for messages. */
const char *fs_type_name(mode_t mode);

/* Is this an empty folder, or a missing one (lost+found does not count)? 0 no · 1 yes. */
int fs_dir_empty(const char *path, struct err *err);

/* ---- making ---- */

enum fs_outcome {
	FS_MADE,       /* published */
	FS_THERE,      /* somebody was first; nothing of theirs was touched */
	FS_FIXED,      /* it was there; mode or owner were put right */
	FS_NOT_ATOMIC, /* written in place: a file that is mounted cannot be replaced */
};

/* A file in the making. */
struct fs_stage {
	struct fs_entry entry;
	struct fs_attr attr;
	int fd;         /* the temporary, open for writing */
	bool settled;   /* owner, mode and content are flushed */
	char temp[300]; /* its name in the folder; "" when there is none (any more) */
	char path[4096];
};

#define FS_STAGE_INIT {.entry = FS_ENTRY_INIT, .fd = -1}
#define CLEANUP_STAGE __attribute__((cleanup(fs_stage_release)))

/* Opens the temporary beside `path`, making missing parents. */
int fs_stage_open(struct fs_stage *stage, const char *path, const struct fs_attr *attr,
	struct err *err);
int fs_stage_write(
	struct fs_stage *stage, const void *data, size_t size, struct err *err);

/* The temporary's own path, for a library or a command that wants a name. */
int fs_stage_path(const struct fs_stage *stage, char *ret, size_t size, struct err *err);

/*
 * For a command that makes the file itself: _vacate() leaves the name free for it, and
 * _adopt() takes what it made there, with the owner and mode that it has. 0 · 1 nothing
 * there · -1.
 */
int fs_stage_vacate(struct fs_stage *stage, struct err *err);
int fs_stage_adopt(struct fs_stage *stage, struct err *err);

/*
 * Owner, mode and fsync ahead of publishing: for a command that is to look at it as it
 * is.
 */
int fs_stage_settle(struct fs_stage *stage, struct err *err);

/*
 * Owner, mode, fsync, publish, fsync of the folder. With `replace` the target becomes the
 * new file (FS_MADE, FS_NOT_ATOMIC); without, an existing one stays (FS_THERE).
 */
int fs_stage_publish(struct fs_stage *stage, bool replace, enum fs_outcome *ret_outcome,
	struct err *err);
void fs_stage_release(struct fs_stage *stage);

/* All of the above for a text in hand. */
int fs_write(const char *path, const void *data, size_t size, const struct fs_attr *attr,
	bool replace, enum fs_outcome *ret_outcome, struct err *err);

/* A folder, with missing parents. What is there is fixed as `attr` says. */
int fs_make_dir(const char *path, const struct fs_attr *attr,
	enum fs_outcome *ret_outcome, struct err *err);

/* A symbolic link; with `replace`, in place of another link (never of anything else). */
int fs_make_link(const char *path, const char *target, bool replace, uid_t uid, gid_t gid,
	enum fs_outcome *ret_outcome, struct err *err);

/*
 * Puts mode and owner of what is there right, as far as `attr` fixes them, without a
 * window of extra rights. EPERM counts as done where we may still use the object.
 */
int fs_fix(const char *path, const struct fs_attr *attr, enum fs_outcome *ret_outcome,
	struct err *err);

#endif
