/* SPDX-License-Identifier: MIT */
/*
 * Opening a database for one of our purposes, running SQL in it, and closing it.
 *
 *	CLEANUP_CONNECTION struct connection connection = {0};
 *	connection_open(…) → … → connection_close()
 *
 * A database may have been made to misuse our rights. So SQLite reaches no file but its
 * own (system_calls.h), defensive mode is on, and until connection_trust() a connection
 * is limited in time, in memory, in the size of a row and in the depth of triggers, to
 * what the schema and our own tables need. The limit of memory is the process's: while
 * several connections are open, that of the one opened or trusted last holds for all.
 * Closing a connection restores the limit that it has found.
 * (SQLITE_DBCONFIG_TRUSTED_SCHEMA stays on: off, SQLite before 3.41 refuses any schema
 * with a JSON function in an index or a generated column.)
 *
 * While a connection is open, no raw descriptor of the same file may be closed: that
 * would drop SQLite's POSIX locks ("How To Corrupt An SQLite Database File", 2.2).
 * A stop signal ends whatever waits or works long inside SQLite, except a rollback.
 */
#ifndef DB_CONNECTION_H
#define DB_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/files.h"
#include "db/system_calls.h"
#include "ledger/progress.h"
#include "ledger/store.h"

struct db_spec;
struct dry_run;
struct foreign_keys;
struct sqlite3;
struct stop;
struct touched;

/* Of the memory of SQLite, while a connection is limited. */
#define CONNECTION_BOUND_MB 128

enum connection_purpose {
	READ_IMMUTABLE, /* without locks and sidecars: a WAL database at rest */
	READ_SHARED, /* with the locks of a reader; sidecars are read, and not created */
	COPY_FROM,   /* beside a connection of ours that has the write lock */
	UPGRADE,
	BUILD,  /* a file that is dropped unless all goes well: nothing is synced */
	COPY,   /* an empty one in a file without a name, which closing drops */
	MEMORY, /* an empty one in memory, which closing drops */
};

/* How SQLite is asked. */
extern const struct store_engine connection_engine;
extern const struct adopt_engine connection_adopting;

struct connection {
	struct store store; /* the first member */
	struct sqlite3 *db;
	struct files files;
	char directory[SYSTEM_CALLS_DIRECTORY_MAX]; /* the files', as SQLite knows it */
	const char *path;                           /* of the database, for messages */
	struct stop *stop;
	int64_t busy_timeout_ms; /* -1: no limit */
	int64_t busy_until_ms;
	struct err stopped; /* the error that ended SQLite's work: a stop, or the limit */
	bool bounded;       /* until connection_trust() */
	bool copied;        /* COPY: who makes it says where there is room for one */
	uintptr_t stack_end; /* where SQLite must not nest deeper (base/stack_room.h) */
	int64_t heap_limit;  /* of the process, before it was opened */
	int64_t bounded_until_ms;  /* 0: no long work has begun */
	bool in_migration;         /* the SQL that is prepared now is a migration's */
	char refused[160];         /* what the authorizer has refused, or "" */
	bool temporary;            /* a migration has created temporary objects */
	bool pragmas;              /* a migration has set pragmas */
	struct foreign_keys *keys; /* while migrations run */
	struct touched *touched;   /* or NULL */
	struct dry_run *dry_run;   /* there are no rows; or NULL */
	struct progress progress;
};

#define CLEANUP_CONNECTION __attribute__((cleanup(connection_release)))

/*
 * Opens the database of `files`, whose directory and name must outlive the connection;
 * for MEMORY there are none. Path, time-out, stop and log are those of `spec`. Returns 0,
 * or -1; either way the connection must be released.
 */
int connection_open(struct connection *connection, const struct files *files,
	const struct db_spec *spec, enum connection_purpose purpose, struct err *err);

/*
 * Removes the limits, for what may take any time: migrations of the configuration, or a
 * check of all pages.
 */
void connection_trust(struct connection *connection);

/* Closes it. Returns 0, or -1 if SQLite could not do so cleanly. */
int connection_close(struct connection *connection, struct err *err);

/* Rolls back and closes, unless it is closed. */
void connection_release(struct connection *connection);

/*
 * Runs statements of our own and ignores their rows. Returns 0, or -1 with what
 * connection_fail() says of `what`, "read the ledger".
 */
int connection_exec(struct connection *connection, const char *what, const char *sql,
	struct err *err);

/* Rolls back, if there still is a transaction. */
void connection_rollback(struct connection *connection);

/*
 * Returns -1 with the error of SQLite's last call, or what the authorizer has refused;
 * `what` says what failed. A busy database is ERR_TEMPORARY, the code of a full disk is
 * ENOSPC, that of a file which may not be written EACCES, and a stop is as stop_check()
 * raises it.
 */
int connection_fail(struct connection *connection, const char *what, struct err *err);

#endif
