/* SPDX-License-Identifier: MIT */
/* Who can change what a path names. */
#ifndef BASE_FS_WRITER_H
#define BASE_FS_WRITER_H

#include "base/fs.h"

struct buf;
struct walk;

/* How they can. */
enum fs_way {
	FS_WAY_PATH,  /* by exchanging a directory or link on the path */
	FS_WAY_OWNER, /* by its owner's rights, */
	FS_WAY_GROUP, /* its group's, */
	FS_WAY_ALL,   /* or those of everybody */
};

/* Of those against whom the rules of root guard (fs.h). */
struct fs_writer {
	enum fs_control by;
	uid_t uid; /* of FS_SOMEBODY */
	enum fs_way way;
	uid_t owner; /* of what is there */
	gid_t group;
};

/*
 * Finds out who can change what the absolute `path` names, links followed: a file that
 * they can write or exchange, a directory in which they can make something. Returns 0
 * with what stat(2) says of it, 1 if it is missing, or -1. Not as root it is FS_NOBODY.
 */
int fs_find_writer(const struct fs *fs, const char *path, struct fs_writer *ret,
	struct stat *ret_st, struct err *err);

/* The same of the open object `st` that a walk (fs_internal.h) has led to. */
void walk_find_writer(
	const struct walk *walk, int fd, const struct stat *st, struct fs_writer *ret);

/* Can nobody do so but root, us and `user`? */
bool fs_writer_is(const struct fs_writer *writer, uid_t user);

/*
 * Has what is there been written by root, us, fs->owner or fs->app? In a directory that
 * others may write the file's owner counts: they can but exchange it for another of his.
 * A group that may write it counts as its owner where it is root's, as in images that run
 * as any user, or the application's.
 */
bool fs_writer_is_known(const struct fs *fs, const struct fs_writer *writer);

/* May the group write it, and is it root's or the application's? */
bool fs_writer_is_group(const struct fs *fs, const struct fs_writer *writer);

/* Appends who it is, "its owner, user 1000", for messages. */
void fs_writer_text(const struct fs_writer *writer, struct buf *ret);

/*
 * What takes it from a group or everybody; `path`: what does so with other ways, or NULL
 * where it has to be root's.
 */
const char *fs_writer_advice(const struct fs_writer *writer, const char *path);

/*
 * From here on what is read has been named by them, and not by us: only what they can
 * read themselves is read then, as if their link had led there; of the application's
 * group, what the application can. Ends with FS_NOBODY.
 */
void fs_read_for(struct fs *fs, const struct fs_writer *writer);

#endif
