/* SPDX-License-Identifier: MIT */
/*
 * The files of a database: itself, its sidecars "-wal", "-shm" and "-journal", and its
 * lock. They lie in one pinned directory, and are opened by its descriptor and a name,
 * never by a path.
 *
 * Whoever may write that directory can put anything in their place, at any moment. So
 * what is opened must be a regular file with one link; and, where as root we share the
 * directory with others (fs_is_shared()), belong to the database's owner or to us. The
 * descriptor is asked, not the name. Everything else is left as it is: not read, written
 * or given away.
 *
 * A journal that names a super-journal (sqlite.org/atomiccommit.html, 5) is left alone,
 * too: whether its transaction over several databases was committed is told by a file at
 * any path that the journal says, and SQLite would remove that file.
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
};

/* What a database's name and those of its sidecars end in; the first one is "". */
enum { FILES_DATABASE, FILES_WAL, FILES_SHM, FILES_JOURNAL, FILES_COUNT };
extern const char *const files_endings[FILES_COUNT];

/*
 * A database in the making, which lies where nobody else can put anything: the stage's
 * temporary. -1 where fstat(2) fails.
 */
int files_of_stage(const struct fs_stage *stage, struct files *ret, struct err *err);

/* Can it be a file of this database? */
bool files_accept(const struct files *files, const struct stat *st);

/* -1, and why files_accept() does not take the file at `path`, with what to do. */
int files_refuse(const struct files *files, const struct stat *st, const char *path,
	struct err *err);

/*
 * Looks at what is there of the database at `path` and of its sidecars. Returns 0, or -1
 * with files_refuse(), or where the journal names a super-journal.
 */
int files_check(const struct files *files, const char *path, struct err *err);

/*
 * Opens `name`, which must be there, with flags of open(2). -1 with errno: EPERM where it
 * is refused.
 */
int files_open(const struct files *files, const char *name, int flags);

/*
 * Creates `name` for reading and writing. As root it belongs to the database's owner and
 * `gid` from the moment that it has a name, unless the file system knows no nameless
 * files or no owners. -1 with errno: EEXIST where it is there.
 */
int files_create(const struct files *files, const char *name, mode_t mode, gid_t gid);

/* Opens it, or creates it where it is missing: -1 with errno. */
int files_open_or_create(
	const struct files *files, const char *name, int flags, mode_t mode, gid_t gid);

/* Does the journal that is open name a super-journal? 0 no, 1 yes, -1 with errno. */
int files_names_super(int fd);

#endif
