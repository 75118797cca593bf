/* SPDX-License-Identifier: MIT */
/*
 * The stamp of a contributor: what its directory says of the files of its migrations, so
 * that they need not be read where it says the same as when they last were.
 *
 * It is of the path, size, inode, and times of modification and change (mtime, ctime, in
 * nanoseconds) of each file. So whoever changes a file without any of these is not
 * noticed; groundwork.ini(5) lists how that can be. The device is no part of it: overlay
 * file systems, btrfs and NFS have another number with each mount, so that no container
 * would find the stamp of the one before it.
 *
 * Two changes within one tick of the clock leave the same times. So files that were
 * changed just now give no stamp, as in git's index ("racily clean"); and neither do
 * symbolic links, whose times are not those of what they lead to.
 */
#ifndef MIGRATION_STAMP_H
#define MIGRATION_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <time.h>

#include "base/crypto.h"

struct contributor;
struct fs_reader;
struct migration;

struct stamp {
	const struct contributor *of;
	size_t first, count; /* its migrations, in the list of all */
	bool valid;          /* there is one */
	unsigned char hash[DIGEST_SIZE];
};

/*
 * Takes the stamp of `count` migrations of one contributor; to be called before their
 * files are read. Without one, `ret` is not valid.
 */
void stamp_take(const struct migration *list, size_t count, struct fs_reader *reader,
	struct stamp *ret);

/*
 * A part of a stamp: adds to the digest what `st` says of the file of a migration.
 */
void stamp_add(
	struct digest *digest, const struct migration *migration, const struct stat *st);

/*
 * Would another change show? Not if the last one was just before `now`, nor where ctime
 * is not of its own.
 */
bool stamp_is_settled(const struct stat *st, const struct timespec *now);

/*
 * Adds to a valid stamp the hashes that the migrations had, one after the other: what the
 * database records. Any of both that differs makes another one.
 */
void stamp_seal(const struct stamp *stamp, const unsigned char *const *hashes,
	unsigned char ret[DIGEST_SIZE]);

#endif
