/* SPDX-License-Identifier: MIT */
/*
 * What lies at a database's path, seen without SQLite: by raw descriptors that are
 * closed again before it opens the file.
 *
 * "Database File Format", 1.3: bytes 18 and 19 are the format's versions, 1 for a
 * rollback journal, 2 for WAL.
 */
#ifndef DB_INSPECT_H
#define DB_INSPECT_H

#include <stdbool.h>
#include <sys/stat.h>

#include "base/fs.h"
#include "db/files.h"

struct err;

struct inspection {
	struct fs_entry entry; /* the pinned directory */
	struct stat st;
	const struct fs *fs;
	bool wal_mode;
	bool wal, shm, journal; /* is there such a sidecar? */
	bool wal_frames;        /* the -wal is long enough for a page */
	bool journal_empty;
};

#define INSPECTION_INIT \
	{ \
		.entry = FS_ENTRY_INIT \
	}
#define CLEANUP_INSPECTION __attribute__((cleanup(inspect_release)))

/*
 * 0 a database · 1 nothing there · -1 something that is not to be touched: no database,
 * an empty file, sidecars without their database or of another one, what somebody else
 * may have put there (fs.h), or may be another file under this name (files.h).
 */
int inspect_database(
	const struct fs *fs, const char *path, struct inspection *ret, struct err *err);

/* The database and its sidecars, for as long as the look. */
struct files inspect_files(const struct inspection *inspection);

/* Has the file, or what lies beside it, changed between two looks? */
bool inspect_differs(const struct inspection *before, const struct inspection *after);

/*
 * Sidecars of `name` in the directory, as "'x-wal', 'x-shm'" in `ret`: 0 none · 1 some ·
 * -1.
 */
int inspect_sidecars(int dirfd, const char *name, struct buf *ret, struct err *err);

void inspect_release(struct inspection *inspection);

#endif
