/* SPDX-License-Identifier: MIT */
/*
 * A file or directory that a command makes, or that it reads, by its name. It lies where
 * nobody but the command's user can exchange it: beside the target, if that user or root
 * alone controls its directory and all that leads to it, and the user can do there what
 * the command needs; else in a private directory in TMPDIR, /run or /tmp, whichever is
 * the first in which root alone can exchange names and which may be written. Without
 * privileges (fs.h) it is beside the target. What is only read (FS_SCRATCH_TREE) lies in
 * such a directory also where nothing can be written beside the target.
 *
 *	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
 *	fs_scratch_open(&fs, &scratch, path, &user, err)
 *	fs_scratch_fill()	with a text, for a command that is to check it
 *	… run the command with scratch.path …
 *	fs_scratch_publish()	what the command made there becomes `path`
 *
 * A directory (FS_SCRATCH_DIR) is made for the command, empty, and locked (flock(2)) as
 * long as the scratch is open, so that no sweep takes it for one that was left behind.
 * Then it is
 *
 *	fs_scratch_missing()	before: may a directory take that place?
 *	fs_scratch_confine()	of what another's archive had
 *	fs_scratch_publish_dir()
 *
 * One that a command is to look at (FS_SCRATCH_TREE) is ours until it is filled:
 *
 *	fs_scratch_put()		its files, links and directories
 *	fs_scratch_link_rest()		what else the target has
 *	fs_scratch_give()
 *	… run the command with scratch.path …
 */
#ifndef BASE_FS_SCRATCH_H
#define BASE_FS_SCRATCH_H

#include "base/fs.h"

/* What the command does with it. */
enum fs_scratch_use {
	FS_SCRATCH_MAKE, /* makes a file */
	FS_SCRATCH_LOOK, /* reads a file that was made by us */
	FS_SCRATCH_DIR,  /* fills a directory that was made by us */
	FS_SCRATCH_TREE, /* reads a directory that was filled by us */
};

/*
 * Who runs the command, and what for. As root an id of FS_INHERIT is that of the target's
 * directory; else we are it.
 */
struct fs_scratch_user {
	uid_t uid;
	gid_t gid;
	enum fs_scratch_use use;
	const char *tmpdir; /* TMPDIR's value, or NULL */
	struct stop *stop;  /* of all but FS_SCRATCH_LOOK: what may take long */
};

struct fs_scratch {
	struct fs *fs;
	const char *target; /* the caller's */
	struct fs_scratch_user user;
	struct fs_entry entry;
	int dirfd;             /* the private directory, or -1: it is beside the target */
	int parent;            /* of the private directory */
	int made;              /* the directory of FS_SCRATCH_DIR or _TREE, or -1 */
	bool ours;             /* nobody else can enter it yet */
	char dir[256];         /* its name there */
	char name[256];        /* of the file or directory */
	char path[4096 + 512]; /* of it, for the command */
};

/* The directory that it is in: a descriptor of the scratch's. */
static inline int fs_scratch_where(const struct fs_scratch *scratch)
{
	return scratch->dirfd >= 0 ? scratch->dirfd : scratch->entry.dirfd;
}

#define FS_SCRATCH_INIT \
	{ \
		.entry = FS_ENTRY_INIT, .dirfd = -1, .parent = -1, .made = -1 \
	}
#define CLEANUP_SCRATCH __attribute__((cleanup(fs_scratch_release)))

/*
 * Chooses the directory, and makes those above `path` that are missing; a file itself is
 * not made. Of FS_SCRATCH_MAKE, it removes what a process that was killed has published
 * of what was to become `path`.
 */
int fs_scratch_open(struct fs *fs, struct fs_scratch *scratch, const char *path,
	const struct fs_scratch_user *user, struct err *err);

/*
 * For a plan: would fs_scratch_open() be able to give it to that user? Where directories
 * above `path` are missing this is not known. Returns 0, or -1 with the error of that.
 */
int fs_scratch_check(struct fs *fs, const char *path, const struct fs_scratch_user *user,
	struct err *err);

/*
 * Makes the file with this text and with the mode and owner of `attr`, which the
 * command's user must be able to read.
 */
int fs_scratch_fill(struct fs_scratch *scratch, const void *data, size_t size,
	const struct fs_attr *attr, struct err *err);

/*
 * Publishes the file as the target, with the mode and owner that it has (a copy without
 * set-ID bits), and never replaces one. What the command made beside the file, under its
 * name with an ending behind it ("id.pub"), is published with it, but for the -journal,
 * -wal and -shm of SQLite: all of it, or nothing (fs_beside.h). Returns 0 with FS_MADE or
 * FS_THERE, 1 if the file is missing, or -1, also where another name exists.
 */
int fs_scratch_publish(
	struct fs_scratch *scratch, enum fs_outcome *ret_outcome, struct err *err);

/*
 * Is there no directory of files at `path` yet: is it missing, or an empty directory?
 * Returns 1 if so, 0 if there is one, or -1: for anything else, and for an empty one that
 * cannot be replaced (a mount point).
 */
int fs_scratch_missing(const struct fs *fs, const char *path, struct err *err);

/*
 * Goes through what the command put into the directory, once it has ended. Files and
 * directories lose set-ID and sticky bits, but that a directory has the set-group-ID bit
 * of the one that it goes into. An error is what is neither a file, a directory nor a
 * symbolic link; a symbolic link that can lead out of it, and a file that has a name
 * elsewhere. Returns 0 with the number of objects, or -1, also as stop_check() does.
 */
int fs_scratch_confine(struct fs_scratch *scratch, size_t *ret_count, struct err *err);

/*
 * Flushes the directory with all that is in it, and publishes it as the target, whole, in
 * place of an empty one. Returns 0 with FS_MADE or FS_THERE, 1 if it is missing or empty,
 * or -1.
 */
int fs_scratch_publish_dir(
	struct fs_scratch *scratch, enum fs_outcome *ret_outcome, struct err *err);

/* What fs_scratch_put() makes. */
struct fs_scratch_object {
	const char *name;   /* below the directory; the directories above it are made */
	const char *target; /* of a link, or NULL */
	const void *data;   /* of a file, or NULL: a directory */
	size_t size;
	bool executable;
};

/* Makes the object, as the command's user needs it. Returns 0, or -1. */
int fs_scratch_put(struct fs_scratch *scratch, const struct fs_scratch_object *object,
	struct err *err);

/*
 * Makes a link to each object of the target that has none of its name in the directory,
 * nor in those that were made in it. Returns 0, or -1, also as stop_check() does.
 */
int fs_scratch_link_rest(struct fs_scratch *scratch, struct err *err);

/* Removes an object below the directory; a directory must be empty. Returns 0, or -1. */
int fs_scratch_drop(struct fs_scratch *scratch, const char *name, struct err *err);

/* Gives the directory to the command's user and group. Returns 0, or -1. */
int fs_scratch_give(struct fs_scratch *scratch, struct err *err);

/*
 * Removes what was not published, with all that is in it, and all whose names begin with
 * its name.
 */
void fs_scratch_release(struct fs_scratch *scratch);

#endif
