/* SPDX-License-Identifier: MIT */
/*
 * What is published beside a file, under its name with an ending behind it: "id.pub" of
 * "id". Two names cannot appear at once. So a list, ".NAME.PROGRAM-beside", is published
 * first, which says what is to come. The file comes last, then the list is removed:
 * without the file, what is listed is a part of nothing, and the next process removes it.
 *
 *	CLEANUP_STAGE struct fs_stage list = FS_STAGE_INIT;
 *	fs_beside_begin(&place, files, count, stop, &list, err)
 *	… publish these
 *	fs_beside_check(&place, &list, err)
 *	… publish the file; or take them back
 *	fs_beside_end(&list)
 *
 * Whoever publishes has the list locked (F_OFD_SETLK), so that at most one process does,
 * and a list that can be locked is that of a process that was killed. Where a file system
 * has no such locks, or those of another host may not be seen, that is one that is older
 * than a minute, since publishing takes some milliseconds.
 */
#ifndef BASE_FS_BESIDE_H
#define BASE_FS_BESIDE_H

#include "base/crypto.h"
#include "base/fs.h"

struct err;
struct stop;

#define FS_BESIDE_MAX 16

/* The file that others are beside of. */
struct fs_beside_place {
	struct fs *fs;
	const struct fs_entry *entry;
	const char *path; /* for messages, and of the list */
	struct stop *stop;
};

/* The inode is not in the list: a file system may give its number to another file. */
struct fs_beside_file {
	char ending[256];
	off_t size;
	unsigned char digest[DIGEST_SIZE];
};

/*
 * Publishes the list of these `count` files, at most FS_BESIDE_MAX, and waits while
 * another process has one there. What a killed process left is removed first. Returns 0,
 * 1 if the file itself exists by now and there is no list of ours, or -1, also as
 * stop_check() does, and with ERR_TEMPORARY after 10 s.
 */
int fs_beside_begin(const struct fs_beside_place *place,
	const struct fs_beside_file *files, size_t count, struct stop *stop,
	struct fs_stage *ret, struct err *err);

/*
 * Is the list still there? Where locks are not seen, another process may have taken it
 * for one that was left, if ours was stopped for a minute. Returns 0, or -1 with
 * ERR_TEMPORARY.
 */
int fs_beside_check(const struct fs_beside_place *place, const struct fs_stage *list,
	struct err *err);

/* Removes the list, best effort. Its lock goes with the stage. */
void fs_beside_end(const struct fs_stage *list);

/*
 * If a process that was killed left a list: removes, unless the file itself exists, each
 * file that is as the list says, by type, size and digest; then the list. Returns 0, also
 * where another process may be publishing, or -1, also where the list is not ours.
 */
int fs_beside_heal(const struct fs_beside_place *place, struct err *err);

#endif
