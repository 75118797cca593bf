/* SPDX-License-Identifier: MIT */
/*
 * Inspecting a database and its sidecars without SQLite, by raw descriptors that are
 * closed before SQLite opens the file.
 *
 * "Database File Format", 1.3: bytes 18 and 19 are the format's versions, 1 for a
 * rollback journal, 2 for WAL.
 */
#ifndef DB_INSPECT_H
#define DB_INSPECT_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "db/db.h"
#include "db/files.h"

struct err;

struct inspection {
	struct fs_entry entry; /* the pinned directory */
	struct stat st;
	const struct fs *fs;
	struct db_header header; /* but what is set in the -wal alone */
	/* The file change counter: a tick of the clock may have several changes. */
	unsigned char changes[4];
	bool wal, shm, journal; /* such a sidecar exists */
	bool wal_frames;        /* the -wal is long enough for a page */
	off_t wal_size;         /* 0: there is none */
	bool journal_empty;
};

#define INSPECTION_INIT \
	{ \
		.entry = FS_ENTRY_INIT \
	}
#define CLEANUP_INSPECTION __attribute__((cleanup(inspect_release)))

/*
 * Pins the directory and inspects the database. Returns 0 if there is one, and 1 if it
 * and its sidecars are missing. Returns -1 for anything that must not be touched: no
 * database, an empty file, sidecars without their database or of another one, a file that
 * another user may have put there (fs.h), or that may also have another name (files.h).
 * `ret` is set on 0 alone, and then is the caller's to release.
 */
int inspect_database(
	const struct fs *fs, const char *path, struct inspection *ret, struct err *err);

/* Returns the database and its sidecars, which are valid as long as the inspection. */
struct files inspect_files(const struct inspection *inspection);

/* Has the file, or a sidecar, changed between two inspections? */
bool inspect_differs(const struct inspection *before, const struct inspection *after);

/*
 * Adds the sidecars of `name` in the directory to `ret`: "'x-wal', 'x-shm'". Returns 1 if
 * there are any, 0 if not, or -1.
 */
int inspect_sidecars(int dirfd, const char *name, struct buf *ret, struct err *err);

void inspect_release(struct inspection *inspection);

#endif
