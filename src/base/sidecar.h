/* SPDX-License-Identifier: MIT */
/* The files that SQLite has beside a database (sqlite.org/tempfiles.html). */
#ifndef BASE_SIDECAR_H
#define BASE_SIDECAR_H

#define SIDECAR_WAL     "-wal"
#define SIDECAR_SHM     "-shm"
#define SIDECAR_JOURNAL "-journal"

/* What stands behind the database's name; all of it, then NULL. */
extern const char *const sidecar_endings[];

#endif
