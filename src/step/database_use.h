/* SPDX-License-Identifier: MIT */
/*
 * Can the application's user use a database: read and write it and what lies beside it,
 * and create files in its directory, as SQLite does?
 */
#ifndef STEP_DATABASE_USE_H
#define STEP_DATABASE_USE_H

struct ctx;
struct err;

/*
 * As root with an application's user, looks at the directory, the file and the sidecars
 * of the database at `path`, as far as they exist. Returns 0, or -1 with what that user
 * cannot use, and the key to write. On a read-only mount reading is enough. While
 * planning, a directory that an earlier step makes or changes is passed over.
 */
int database_use(struct ctx *ctx, const char *path, struct err *err);

#endif
