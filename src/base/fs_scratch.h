/* SPDX-License-Identifier: MIT */
/*
 * A file that a command makes, or reads, by its name. It lies where nobody but the
 * command's user can exchange it: beside the target, if that user or root alone controls
 * its directory and all that leads to it, and the user can do there what the command
 * needs; else in a private directory in TMPDIR, /run or /tmp, whichever is the first in
 * which root alone can exchange names and which may be written. Without privileges
 * (fs.h) it is beside the target.
 *
 *	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
 *	fs_scratch_open(&fs, &scratch, path, &user, err)
 *	fs_scratch_fill()	with a text, for a command that is to check it
 *	… run the command with scratch.path …
 *	fs_scratch_publish()	what the command made there becomes `path`
 */
#ifndef BASE_FS_SCRATCH_H
#define BASE_FS_SCRATCH_H

#include "base/fs.h"

/* What the command does with the file. */
enum fs_scratch_use { FS_SCRATCH_MAKE, FS_SCRATCH_LOOK };

/* Who runs the command, and what for. */
struct fs_scratch_user {
	uid_t uid;
	gid_t gid;
	enum fs_scratch_use use;
	const char *tmpdir; /* TMPDIR's value, or NULL */
};

struct fs_scratch {
	struct fs *fs;
	const char *target; /* the caller's */
	struct fs_scratch_user user;
	struct fs_entry entry;
	int dirfd;             /* the private directory, or -1: it is beside the target */
	int parent;            /* of the private directory */
	char dir[256];         /* its name there */
	char name[256];        /* of the file */
	char path[4096 + 512]; /* of the file, for the command */
};

#define FS_SCRATCH_INIT \
	{ \
		.entry = FS_ENTRY_INIT, .dirfd = -1, .parent = -1 \
	}
#define CLEANUP_SCRATCH __attribute__((cleanup(fs_scratch_release)))

/*
 * Chooses the directory, and makes those above `path` that are missing; the file itself
 * is not made.
 */
int fs_scratch_open(struct fs *fs, struct fs_scratch *scratch, const char *path,
	const struct fs_scratch_user *user, struct err *err);

/*
 * Makes the file with this text and with the mode and owner of `attr`, but for a command
 * of another user with that user as its owner, so that it can be read.
 */
int fs_scratch_fill(struct fs_scratch *scratch, const void *data, size_t size,
	const struct fs_attr *attr, struct err *err);

/*
 * Publishes the file as the target, with the mode and owner that it has (a copy without
 * set-ID bits), and never replaces one. Returns 0 with FS_MADE or FS_THERE, 1 if the file
 * is missing, or -1.
 */
int fs_scratch_publish(
	struct fs_scratch *scratch, enum fs_outcome *ret_outcome, struct err *err);

/* Removes what was not published: the file, and all whose names begin with its name. */
void fs_scratch_release(struct fs_scratch *scratch);

#endif
