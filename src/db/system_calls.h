/* SPDX-License-Identifier: MIT */
/*
 * SQLite's system calls, kept to the files of one database.
 *
 *	system_calls_install(&err)
 *	system_calls_directory(&files, reading, directory)
 *	sqlite3_open_v2(directory "/" name, …)
 *
 * SQLite opens a database and what belongs to it by path, at moments of its own. So those
 * of its calls that take a path are replaced (sqlite3_vfs.xSetSystemCall), and a database
 * is opened by a path that is none: its first part stands for the pinned directory, its
 * second is the name in it. The replacements work on the directory's descriptor, by the
 * rules of files.h; a connection that only reads can neither create, write, remove nor
 * give away a file with them. Any other path is refused, but for SQLite's own temporary
 * files, which get no name, and for /dev/urandom and /dev/null.
 *
 * The calls have no user pointer, and the table that they stand in is the process's: so
 * all that they need is in the path. Once installed they stay, for any connection of the
 * process.
 */
#ifndef DB_SYSTEM_CALLS_H
#define DB_SYSTEM_CALLS_H

#include <stdbool.h>

struct err;
struct files;

/* -1 where this SQLite has no such table, or not these calls in it. */
int system_calls_install(struct err *err);

/*
 * The first part of the path, which also does for sqlite3_temp_directory: SQLite wants a
 * directory for temporary files, and gets ones without a name from wherever they can be.
 */
#define SYSTEM_CALLS_DIRECTORY_MAX 64
void system_calls_directory(
	const struct files *files, bool reading, char ret[SYSTEM_CALLS_DIRECTORY_MAX]);

#endif
