/* SPDX-License-Identifier: MIT */
/* Opening and closing connections. */
#include "db/connection.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/stack_room.h"
#include "base/stop.h"
#include "base/str.h"
#include "db/authorizer.h"
#include "db/db.h"
#include "db/heap.h"
#include "db/ledger_table.h"
#include "db/sql.h"
#include "migration/split.h"

#define PROGRESS_STEPS 20000 /* of SQLite's virtual machine: a few milliseconds */

/* The limits of a connection; a row may have a statement of the schema, and more. */
#define BOUND_STEPS         1000
#define BOUND_S             60
#define BOUND_LENGTH        (SQL_SCHEMA_MAX + 65536)
#define BOUND_TRIGGER_DEPTH 100

/* Of the stack: for what SQLite does between two questions to the authorizer. */
#define STACK_RESERVE ((size_t)64 * 1024)

static const struct {
	int flags;
	bool reading;        /* it may change nothing at all */
	const char *query;   /* of the URI; NULL: it has no name */
	const char *pragmas; /* before defensive mode, which refuses journal_mode=OFF */
} purposes[] = {
	/* Of what only reads, nothing comes to a disk: what it sorts is in memory. */
	[READ_IMMUTABLE] = {SQLITE_OPEN_READONLY, true, "?mode=ro&immutable=1",
		"PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY"},
	[READ_SHARED] = {SQLITE_OPEN_READONLY, true, "?mode=ro&readonly_shm=1",
		"PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY"},
	[COPY_FROM] = {SQLITE_OPEN_READONLY, false, "?mode=ro",
		"PRAGMA cell_size_check=ON"},
	[UPGRADE] = {SQLITE_OPEN_READWRITE, false, "?mode=rw",
		"PRAGMA foreign_keys=OFF; PRAGMA synchronous=FULL;"
		"PRAGMA cell_size_check=ON"},
	[BUILD] = {SQLITE_OPEN_READWRITE, false, "?mode=rw",
		"PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF;"
		"PRAGMA temp_store=MEMORY; PRAGMA locking_mode=EXCLUSIVE;"
		"PRAGMA journal_mode=OFF"},
	[COPY] = {SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, true, NULL,
		"PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF;"
		"PRAGMA cell_size_check=ON; PRAGMA journal_mode=OFF"},
	[MEMORY] = {SQLITE_OPEN_READWRITE, true, NULL,
		"PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY"},
};

/* The library's own limits that we lower. */
static const struct {
	int limit;
	int value;
} limits[] = {
	{SQLITE_LIMIT_ATTACHED, 0},
	{SQLITE_LIMIT_WORKER_THREADS, 0},
};

static bool is_over_time(struct connection *connection)
{
	int64_t now = clock_ms();

	if (!connection->bounded)
		return false;
	if (!connection->bounded_until_ms)
		connection->bounded_until_ms = now + BOUND_S * 1000;
	return now >= connection->bounded_until_ms;
}

static int on_progress(void *user)
{
	struct connection *connection = user;

	progress_tick(&connection->progress);
	if (connection->stopped.kind != ERR_NONE ||
		stop_check(connection->stop, &connection->stopped) < 0)
		return 1;
	if (!is_over_time(connection))
		return 0;
	err_fail(&connection->stopped,
		"reading its schema and its ledger, or making the schema in memory, "
		"takes more than %d s: it is very large or damaged, or was made to take "
		"forever",
		BOUND_S);
	return 1;
}

/* Waits a little and returns whether to try again; `count` is 0 for a new wait. */
static int on_busy(void *user, int count)
{
	static const int delays_ms[] = {1, 2, 5, 10, 20, 50, 100};
	struct connection *connection = user;
	int last = (int)(sizeof delays_ms / sizeof *delays_ms) - 1;

	if (count == 0)
		connection->busy_until_ms = clock_ms() + connection->busy_timeout_ms;
	if (connection->busy_timeout_ms >= 0 && clock_ms() >= connection->busy_until_ms)
		return 0;
	return stop_sleep(connection->stop, delays_ms[count < last ? count : last],
		       &connection->stopped) == 0;
}

/* Escapes as in RFC 3986, so that no byte of a name begins a query. */
static void add_uri_path(struct buf *to, const char *path)
{
	for (; *path; path++) {
		if (str_is_alnum(*path) || strchr("/._-~", *path))
			buf_putc(to, *path);
		else
			buf_printf(to, "%%%02x", (unsigned char)*path);
	}
}

static void write_uri(
	struct connection *connection, enum connection_purpose purpose, struct buf *ret)
{
	if (purpose == MEMORY) {
		buf_puts(ret, ":memory:");
		return;
	}
	system_calls_directory(
		&connection->files, purposes[purpose].reading, connection->directory);
	if (purpose == COPY)
		return; /* without a name it is a temporary database */
	buf_printf(ret, "file:%s/", connection->directory);
	add_uri_path(ret, connection->files.name);
	buf_puts(ret, purposes[purpose].query);
}

static void set_bounds(struct connection *connection, bool bounded)
{
	sqlite3 *db = connection->db;

	connection->bounded = bounded;
	connection->bounded_until_ms = 0;
	/* They return the old values; INT_MAX becomes the library's own maximum. */
	(void)sqlite3_limit(db, SQLITE_LIMIT_LENGTH, bounded ? BOUND_LENGTH : INT_MAX);
	(void)sqlite3_limit(
		db, SQLITE_LIMIT_SQL_LENGTH, bounded ? SQL_SCHEMA_MAX : INT_MAX);
	(void)sqlite3_limit(
		db, SQLITE_LIMIT_TRIGGER_DEPTH, bounded ? BOUND_TRIGGER_DEPTH : INT_MAX);
	(void)sqlite3_hard_heap_limit64(bounded ? CONNECTION_BOUND_MB * 1024 * 1024 : 0);
	sqlite3_progress_handler(
		db, bounded ? BOUND_STEPS : PROGRESS_STEPS, on_progress, connection);
}

void connection_trust(struct connection *connection)
{
	set_bounds(connection, false);
}

static void set_up(struct connection *connection, enum connection_purpose purpose)
{
	sqlite3 *db = connection->db;
	sqlite3_int64 none = 0;

	(void)sqlite3_extended_result_codes(db, 1);          /* always SQLITE_OK */
	(void)sqlite3_busy_handler(db, on_busy, connection); /* always SQLITE_OK */
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		(void)sqlite3_limit(db, limits[i].limit, limits[i].value); /* the old */
	/* Truncating a mapped file kills its reader. SQLite may lack mapping. */
	(void)sqlite3_file_control(db, "main", SQLITE_FCNTL_MMAP_SIZE, &none);
	connection->heap_limit = sqlite3_hard_heap_limit64(-1); /* only asks */
	connection->stack_end = stack_room_end(STACK_RESERVE);
	set_bounds(connection, purpose != BUILD);
	authorizer_set(connection);
	if (purpose == UPGRADE || purpose == COPY)
		sqlite3_temp_directory = connection->directory;
}

/* Security depends on these settings, so the library must have all of them. */
static int harden(struct connection *connection, struct err *err)
{
	static const struct {
		int option;
		int value;
	} options[] = {
		{SQLITE_DBCONFIG_DEFENSIVE, 1},
		{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
		{SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, 0},
	};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (sqlite3_db_config(connection->db, options[i].option, options[i].value,
			    (int *)NULL) != SQLITE_OK)
			return err_fail(err,
				"this SQLite (%s) lacks a setting that we need",
				sqlite3_libversion());
	return 0;
}

int connection_open(struct connection *connection, const struct files *files,
	const struct db_spec *spec, enum connection_purpose purpose, struct err *err)
{
	CLEANUP_BUF struct buf uri = BUF_INIT;
	int flags = purposes[purpose].flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
		SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW;

	*connection = (struct connection){
		.store = {&connection_engine, LEDGER_TABLE},
		.path = spec->path,
		.stop = spec->stop,
		.busy_timeout_ms = spec->busy_timeout_ms,
		.copied = purpose == COPY,
		.progress = {.log = spec->ledger.log, .path = spec->path},
	};
	if (files)
		connection->files = *files;
	heap_use(spec->ledger.log);
	if (system_calls_install(err) < 0)
		return -1;
	write_uri(connection, purpose, &uri);
	if (sqlite3_open_v2(uri.data, &connection->db, flags, NULL) != SQLITE_OK)
		return connection_fail(connection, "open", err);
	set_up(connection, purpose);
	if (connection_exec(connection, "open", purposes[purpose].pragmas, err) < 0)
		return -1;
	return harden(connection, err);
}

int connection_exec(
	struct connection *connection, const char *what, const char *sql, struct err *err)
{
	if (sqlite3_exec(connection->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return connection_fail(connection, what, err);
}

void connection_rollback(struct connection *connection)
{
	progress_end(&connection->progress);
	if (!connection->db || sqlite3_get_autocommit(connection->db))
		return;
	/* The stop that ended the work must not end the rollback. */
	sqlite3_progress_handler(connection->db, 0, NULL, NULL);
	/* If even this fails, closing rolls back, or the next process that opens it. */
	(void)sqlite3_exec(connection->db, "ROLLBACK", NULL, NULL, NULL);
}

int connection_close(struct connection *connection, struct err *err)
{
	/* It finalizes the statements that virtual tables keep. */
	int rc = sqlite3_close(connection->db);

	progress_end(&connection->progress);
	if (sqlite3_temp_directory == connection->directory)
		sqlite3_temp_directory = NULL;
	if (rc != SQLITE_OK)
		return connection_fail(connection, "close", err);
	(void)sqlite3_hard_heap_limit64(connection->heap_limit); /* the old one */
	connection->db = NULL;
	return 0;
}

void connection_release(struct connection *connection)
{
	DECLARE_ERR(ignored);

	if (!connection->db)
		return;
	connection_rollback(connection);
	/* After an error that is already reported. */
	(void)connection_close(connection, &ignored);
}
