/* SPDX-License-Identifier: MIT */
/*
 * Opening a database for one of our purposes, running SQL in it, closing it.
 *
 *	CLEANUP_CONNECTION struct connection connection = CONNECTION_INIT;
 *	connection_open(…) → … → connection_close()
 *
 * A database may be made by somebody who wants to use our rights. So SQLite reaches no
 * file but its own (system_calls.h), defensive mode is on, and until connection_trust() a
 * connection is bounded in time, in memory and in the size of a row: enough for the
 * schema and our own tables. (SQLITE_DBCONFIG_TRUSTED_SCHEMA stays on: off, SQLite before
 * 3.41 refuses any schema with a function of JSON's in an index or a generated column.)
 *
 * While a connection is open, no raw descriptor of the same file may be closed: that
 * would drop SQLite's POSIX locks ("How To Corrupt An SQLite Database File", 2.2).
 * Whatever waits or works long inside SQLite heeds the stop signal.
 */
#ifndef DB_CONNECTION_H
#define DB_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "db/files.h"
#include "db/progress.h"
#include "db/system_calls.h"

struct db_spec;
struct sqlite3;
struct sqlite3_stmt;
struct stop;

enum purpose {
	READ_IMMUTABLE, /* no locks, no sidecars: a WAL database at rest */
	READ_SHARED,    /* with the locks of a reader; sidecars are read, and not made */
	COPY_FROM,      /* a reader beside a connection of ours that has the write lock */
	UPGRADE,
	BUILD, /* a file that is thrown away unless all goes well: nothing is synced */
};

struct connection {
	struct sqlite3 *db;
	struct files files;
	char directory[SYSTEM_CALLS_DIRECTORY_MAX]; /* the files', as SQLite knows it */
	const char *path; /* of the database as the user knows it, for messages */
	struct stop *stop;
	int64_t busy_timeout_ms;
	int64_t busy_until_ms;
	struct err stopped;       /* what stop_check() said while SQLite was at work */
	bool bounded;             /* until connection_trust() */
	int64_t bounded_until_ms; /* 0: nothing that lasts has begun */
	bool in_migration;        /* the SQL that is prepared now is a migration's */
	char refused[160];        /* what the guard has refused, or "" */
	bool temporary;           /* a migration has made something temporary */
	struct progress progress;
};

#define CONNECTION_INIT \
	{ \
		.db = NULL \
	}
#define CLEANUP_CONNECTION __attribute__((cleanup(connection_release)))

/*
 * Opens the database of `files`, whose directory and name must outlive the connection;
 * `spec` gives time-out and stop.
 */
int connection_open(struct connection *connection, const struct files *files,
	const struct db_spec *spec, enum purpose purpose, struct err *err);

/*
 * Lifts the bounds: what runs from now on is the configuration's migrations, or a check
 * of all pages, and takes what it takes.
 */
void connection_trust(struct connection *connection);

/* Closes it; -1 where SQLite could not do so cleanly. */
int connection_close(struct connection *connection, struct err *err);
void connection_release(struct connection *connection);

/* Statements of our own, without rows. `what` stands in the error: "read the ledger". */
int connection_exec(struct connection *connection, const char *what, const char *sql,
	struct err *err);

/* Prepares one of our own; the caller finalizes it. */
int connection_prepare(struct connection *connection, const char *what, const char *sql,
	struct sqlite3_stmt **ret, struct err *err);

/* Ends the transaction, if there still is one, whatever happened. */
void connection_rollback(struct connection *connection);

/*
 * -1 with what SQLite says about its last call: busy is ERR_TEMPORARY, a stop is as
 * stop_check() put it. `what` says what failed.
 */
int connection_fail(struct connection *connection, const char *what, struct err *err);

#endif
