/* SPDX-License-Identifier: MIT */
/*
 * A walk along a path, for the files of base/fs; nobody else includes it.
 *
 *	struct walk walk;
 *	walk_init(&walk, NULL, fs, WALK_READ, path);
 *	walk_begin(&walk, err)
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
	WALK_ENTER, /* no link of somebody's, but every real directory */
};

struct walk {
	const struct fs *fs;
	enum walk_mode mode;
	struct fs *make;  /* of WALK_MAKE */
	const char *path; /* as asked for, for messages */
	int fd;           /* O_PATH: where we stand */
	struct stat dir;  /* what that is */
	bool open;        /* everybody can enter all that was passed */
	struct fs_hold hold;
	int links;
	char link[NAME_MAX + 1]; /* the first that was passed below a hold, or "" */
	char name[NAME_MAX + 1]; /* the component that was cut off last */
	char rest[PATH_MAX];
	size_t at; /* where in it what is still to be walked begins */
};

/* `make` is for WALK_MAKE; `path` must outlive the walk. */
void walk_init(struct walk *walk, struct fs *make, const struct fs *fs,
	enum walk_mode mode, const char *path);

/* Stands at "/". A relative path is the working directory's. 0, or -1. */
int walk_begin(struct walk *walk, struct err *err);

/*
 * Walks up to the last component, which is then `name` ("" where there is none): returns
 * 0, 1 where something is missing, or -1.
 */
int walk_to_last(struct walk *walk, struct err *err);

/* Walks into the last one, too, which must be a directory. */
int walk_into_last(struct walk *walk, struct err *err);

/*
 * Goes on with the target of the link that `link_fd` (O_PATH) and `st` are of; `name` is
 * for messages. 0, or -1 where it may not be followed.
 */
int walk_follow(struct walk *walk, int link_fd, const struct stat *st, const char *name,
	struct err *err);

/* ---- fs_rules.c, for a walk of root's ---- */

/*
 * May the directory `fd`, which lies where the walk stands, be entered? The hold is then
 * what it is in there. 0, or -1.
 */
int walk_may_enter(struct walk *walk, int fd, const struct stat *st, const char *name,
	struct err *err);

/* May the link `st` be followed? The hold is then that of who made it. 0, or -1. */
int walk_may_follow(
	struct walk *walk, const struct stat *st, const char *name, struct err *err);

/*
 * Is the open object `st` open to who holds the path? It is theirs, or has the bit
 * `open_bit` for others and its group, no access control list, and is none of the
 * kernel's own (/proc), where modes do not tell. 0, or -1 with an error.
 */
int walk_may_read(struct walk *walk, int fd, const struct stat *st, const char *name,
	mode_t open_bit, struct err *err);

void walk_end(struct walk *walk);

#endif
