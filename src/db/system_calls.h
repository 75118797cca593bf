/* SPDX-License-Identifier: MIT */
/*
 * Restricts SQLite's system calls to the files of one database.
 *
 *	system_calls_install(&err)
 *	system_calls_directory(&files, reading, directory)
 *	sqlite3_open_v2(directory "/" name, …)
 *
 * SQLite opens a database and its sidecars by path, whenever it wants. So its calls that
 * take a path are replaced (sqlite3_vfs.xSetSystemCall), and a database is opened by an
 * artificial path: its first part stands for the pinned directory, its second part is the
 * name in it. The replacements work on the directory's descriptor, by the rules of
 * files.h; for a connection that only reads, they do not create, write, remove or give
 * away a file. Any other path is refused, except for SQLite's own temporary files, which
 * get no name, and for /dev/urandom and /dev/null.
 *
 * The calls have no user pointer, and their table is the process's, so everything that
 * they need is in the path. Once installed they apply to all connections of the process.
 */
#ifndef DB_SYSTEM_CALLS_H
#define DB_SYSTEM_CALLS_H

#include <stdbool.h>

struct err;
struct files;

/* Returns 0, or -1 if this SQLite has no such table, or lacks one of the calls. */
int system_calls_install(struct err *err);

/*
 * Writes the first part of the path. It also serves as sqlite3_temp_directory: SQLite
 * wants a directory for temporary files, and gets unnamed files wherever that works.
 */
#define SYSTEM_CALLS_DIRECTORY_MAX 64
void system_calls_directory(
	const struct files *files, bool reading, char ret[SYSTEM_CALLS_DIRECTORY_MAX]);

/*
 * Opens a temporary file without a name, `name` for a moment where the file system has
 * none such: in the database's directory if files->beside, else, or where that cannot be
 * written, in the first that SQLite would take (SQLITE_TMPDIR, TMPDIR, /var/tmp,
 * /usr/tmp, /tmp), else in the database's, unless its connection is only to read. Returns
 * the descriptor with the directory, or NULL for the database's; or -1 with errno.
 */
int system_calls_open_temporary(const struct files *files, bool reading, const char *name,
	const char **ret_directory);

#endif
