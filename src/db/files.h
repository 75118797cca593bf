/* SPDX-License-Identifier: MIT */
/*
 * The files of a database: the database itself, its sidecars "-wal", "-shm" and
 * "-journal", and its lock. They are in one pinned directory, and are opened by its
 * descriptor and a name, never by a path.
 *
 * Who may write that directory can replace them at any moment. So what is opened must be
 * a regular file with one link. If we are root and share the directory with others
 * (fs_is_shared()), it must also belong to the database's owner or to us. This is checked
 * on the descriptor, not on the name. Any other file is left as it is: not read, written
 * or given away.
 *
 * So is a journal that names a super-journal (sqlite.org/atomiccommit.html, 5): whether
 * its transaction over several databases was committed depends on a file at any path that
 * the journal contains, and SQLite would remove that file.
 */
#ifndef DB_FILES_H
#define DB_FILES_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

struct err;
struct fs_stage;

struct files {
	int dirfd;        /* of the pinned directory; it must stay open */
	const char *name; /* of the database in it */
	uid_t owner;      /* whom the database belongs to */
	bool shared;      /* others may write the directory, and we are root */
	bool beside;      /* temporary files are in the directory, if it can be written */
};

/* The endings of a database's name and those of its sidecars; the first one is "". */
enum { FILES_DATABASE, FILES_WAL, FILES_SHM, FILES_JOURNAL, FILES_COUNT };
extern const char *const files_endings[FILES_COUNT];

/*
 * Sets `ret` to the stage's temporary file, whose directory only we may write. Returns 0,
 * or -1 if fstat(2) fails.
 */
int files_of_stage(const struct fs_stage *stage, struct files *ret, struct err *err);

/* Can it be a file of this database? */
bool files_accept(const struct files *files, const struct stat *st);

/* Returns -1 with the reason why files_accept() refuses the file, and what to do. */
int files_refuse(const struct files *files, const struct stat *st, const char *path,
	struct err *err);

/*
 * Checks the database at `path` and its sidecars, as far as they exist. Returns 0, or -1
 * with files_refuse(), or because the journal names a super-journal.
 */
int files_check(const struct files *files, const char *path, struct err *err);

/*
 * Opens an existing file with flags of open(2). Returns the descriptor, or -1 with errno:
 * EPERM if it is refused.
 */
int files_open(const struct files *files, const char *name, int flags);

/*
 * Opens `name`, or creates it for reading and writing if it is missing. As root it is
 * given to the database's owner and `gid` before it has a name, unless the file system
 * has no unnamed files or no owners. Returns the descriptor, or -1 with errno.
 */
int files_open_or_create(
	const struct files *files, const char *name, int flags, mode_t mode, gid_t gid);

/* Does the open journal name a super-journal? Returns 1, 0, or -1 with errno. */
int files_names_super(int fd);

#endif
