/* SPDX-License-Identifier: MIT */
/*
 * A walk along a path, for the files of base/fs; no other file includes it.
 *
 *	struct walk walk;
 *	walk_begin(&walk, NULL, fs, WALK_READ, path, err)
 *	walk_to_last() → walk.fd, walk.dir and walk.name are the last component
 *	walk_end(&walk)
 */
#ifndef BASE_FS_WALK_H
#define BASE_FS_WALK_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "base/fs_internal.h"

enum walk_mode {
	WALK_WRITE,
	WALK_MAKE, /* as for writing, and missing directories are made */
	WALK_READ,
	WALK_ENTER, /* no link that others may have made, but every real directory */
};

struct walk {
	const struct fs *fs;
	enum walk_mode mode;
	struct fs *make;  /* of WALK_MAKE */
	const char *path; /* as asked for, for messages */
	int fd;           /* O_PATH: where the walk is */
	struct stat dir;  /* what that is */
	bool open;        /* all users can enter what was passed */
	struct fs_hold hold;
	int links;
	char link[NAME_MAX + 1]; /* the first that was passed below a hold, or "" */
	char name[NAME_MAX + 1]; /* the component that was taken last */
	char rest[PATH_MAX];
	size_t at; /* the offset in it of what is still to be walked */
};

/*
 * Starts at "/"; a relative path begins at the working directory. `make` is for
 * WALK_MAKE; `path` must outlive the walk. Returns 0 or -1; end it in either case.
 */
int walk_begin(struct walk *walk, struct fs *make, const struct fs *fs,
	enum walk_mode mode, const char *path, struct err *err);

/*
 * Walks up to the last component, which is then `name` ("" where there is none). Returns
 * 0, 1 if a directory is missing, or -1.
 */
int walk_to_last(struct walk *walk, struct err *err);

/* The same, and into the last one, which must be a directory. */
int walk_into_last(struct walk *walk, struct err *err);

/*
 * Continues with the target of the link `link_fd` (O_PATH), which `st` is of; `name` is
 * for messages. Returns 0, or -1 if it may not be followed.
 */
int walk_follow(struct walk *walk, int link_fd, const struct stat *st, const char *name,
	struct err *err);

/* ---- fs_rules.c: the rules of root ---- */

/*
 * May the directory `fd`, in the one where the walk is, be entered? Updates the hold.
 * Returns 0 if so, or -1.
 */
int walk_may_enter(struct walk *walk, int fd, const struct stat *st, const char *name,
	struct err *err);

/* May the link `st` be followed? Its owner then holds. Returns 0 if so, or -1. */
int walk_may_follow(
	struct walk *walk, const struct stat *st, const char *name, struct err *err);

/*
 * May the holder of the path read (S_IROTH) or enter (S_IXOTH) the open object `st`? It
 * is theirs, or has the bit `open_bit` for group and others, no access control list, and
 * is not in a file system of the kernel's (/proc), where modes mean something else.
 * Returns 0 if so, or -1.
 */
int walk_may_read(struct walk *walk, int fd, const struct stat *st, const char *name,
	mode_t open_bit, struct err *err);

void walk_end(struct walk *walk);

#endif
