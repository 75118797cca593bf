/* SPDX-License-Identifier: MIT */
/* Opening, watching and closing connections. */
#include "db/connect.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/fs.h"
#include "base/path.h"
#include "base/stop.h"
#include "base/str.h"
#include "db/db.h"
#include "db/guard.h"
#include "db/readonly.h"
#include "db/sql.h"

#define PROGRESS_STEPS 20000 /* of SQLite's machine, a few milliseconds at most */

static const struct {
	int flags;
	const char *query; /* of the URI */
	const char *
		pragmas; /* before defensive mode is on, which refuses journal_mode=OFF */
} purposes[] = {
	[READ_IMMUTABLE] = {SQLITE_OPEN_READONLY, "?mode=ro&immutable=1", NULL},
	[READ_SHARED] = {SQLITE_OPEN_READONLY, "?mode=ro&readonly_shm=1", NULL},
	[COPY_FROM] = {SQLITE_OPEN_READONLY, "?mode=ro", NULL},
	[UPGRADE] = {SQLITE_OPEN_READWRITE, "?mode=rw",
		"PRAGMA foreign_keys=OFF; PRAGMA synchronous=FULL; PRAGMA "
		"cell_size_check=ON;"},
	[BUILD] = {SQLITE_OPEN_READWRITE, "?mode=rw",
		"PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; PRAGMA "
		"temp_store=MEMORY;"
		"PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=OFF;"},
};

/* Limits of the library that a migration can reach; the others keep their defaults. */
static const struct {
	int limit;
	int value;
} limits[] = {
	{SQLITE_LIMIT_SQL_LENGTH, (int)SQL_STATEMENT_MAX},
	{SQLITE_LIMIT_ATTACHED, 0},
	{SQLITE_LIMIT_TRIGGER_DEPTH, 100},
	{SQLITE_LIMIT_WORKER_THREADS, 0},
};

static int stop_now(struct connection *connection)
{
	if (connection->stopped.kind != ERR_NONE)
		return 1;
	return connection->stop && stop_check(connection->stop, &connection->stopped) < 0;
}

static int on_progress(void *user)
{
	struct connection *connection = user;

	progress_tick(&connection->progress);
	return stop_now(connection);
}

/*
 * Waits a little and says whether to try again; the first of a row of calls has count
 * 0.
 */
static int on_busy(void *user, int count)
{
	static const int delays_ms[] = {1, 2, 5, 10, 20, 50, 100};
	struct connection *connection = user;
	struct stop none = STOP_INIT;
	struct stop *stop = connection->stop ? connection->stop : &none;
	int last = (int)(sizeof delays_ms / sizeof *delays_ms) - 1;

	if (count == 0)
		connection->busy_until_ms = clock_ms() + connection->busy_timeout_ms;
	if (clock_ms() >= connection->busy_until_ms)
		return 0;
	return stop_sleep(stop, delays_ms[count < last ? count : last],
		       &connection->stopped) == 0;
}

static enum err_kind kind_of(int code)
{
	code &= 0xff;
	return code == SQLITE_BUSY || code == SQLITE_LOCKED ? ERR_TEMPORARY : ERR_FAILED;
}

int connection_fail(struct connection *connection, const char *what, struct err *err)
{
	int code = sqlite3_extended_errcode(connection->db);
	int system = sqlite3_system_errno(connection->db);
	bool about_file =
		(code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN;

	if (connection->stopped.kind != ERR_NONE) {
		*err = connection->stopped;
		return -1;
	}
	err_set(err, kind_of(code), "%s: %s%s%s%s", what,
		connection->refused[0] ? connection->refused
				       : sqlite3_errmsg(connection->db),
		about_file && system ? " (" : "",
		about_file && system ? strerror(system) : "",
		about_file && system ? ")" : "");
	err->code = about_file ? system : 0;
	return -1;
}

/* As RFC 3986 wants it, so that no byte of a name is taken for a query. */
static void add_uri_path(struct buf *to, const char *path)
{
	for (; *path; path++) {
		if (str_is_alnum(*path) || strchr("/._-~", *path))
			buf_putc(to, *path);
		else
			buf_printf(to, "%%%02x", (unsigned char)*path);
	}
}

/*
 * SQLite opens by path. The pinned folder's own one has no link in it, so SQLite can be
 * told to follow none, and nobody can put one in between. Without /proc it is the path
 * that was walked.
 */
static bool find_path(
	const struct fs_entry *entry, const char *name, const char *path, struct buf *ret)
{
	char link[64];
	char folder[PATH_MAX];
	ssize_t size;

	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", entry->dirfd); /* fits */
	size = readlink(link, folder, sizeof folder - 1);
	if (size > 0 && folder[0] == '/') {
		buf_add(ret, folder, (size_t)size);
		buf_printf(ret, "%s%s", size > 1 ? "/" : "", name);
		return true;
	}
	buf_add(ret, path, (size_t)(path_base(path) - path));
	buf_puts(ret, name);
	return false;
}

static void set_up(struct connection *connection, enum purpose purpose)
{
	sqlite3 *db = connection->db;

	(void)sqlite3_extended_result_codes(db, 1);          /* always SQLITE_OK */
	(void)sqlite3_busy_handler(db, on_busy, connection); /* always SQLITE_OK */
	sqlite3_progress_handler(db, PROGRESS_STEPS, on_progress, connection);
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		(void)sqlite3_limit(
			db, limits[i].limit, limits[i].value); /* gives the old */
	if (purpose == UPGRADE || purpose == BUILD)
		guard_set(connection);
}

/* The settings whose absence would be a hole; the library must know each of them. */
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

int connection_open(struct connection *connection, const struct fs_entry *entry,
	const char *name, const struct db_spec *spec, enum purpose purpose,
	struct err *err)
{
	CLEANUP_BUF struct buf path = BUF_INIT;
	CLEANUP_BUF struct buf uri = BUF_INIT;
	int flags = purposes[purpose].flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
		SQLITE_OPEN_PRIVATECACHE;

	*connection = (struct connection){
		.path = spec->path,
		.stop = spec->stop,
		.busy_timeout_ms = spec->busy_timeout_ms,
		.progress = {.log = spec->log, .path = spec->path},
	};
	if (find_path(entry, name, spec->path, &path))
		flags |= SQLITE_OPEN_NOFOLLOW;
	buf_puts(&uri, "file:");
	add_uri_path(&uri, path.data);
	buf_puts(&uri, purposes[purpose].query);
	connection->reading = purpose == READ_IMMUTABLE || purpose == READ_SHARED;
	if (connection->reading)
		readonly_begin();
	if (sqlite3_open_v2(uri.data, &connection->db, flags, NULL) != SQLITE_OK)
		return connection_fail(connection, "open", err);
	set_up(connection, purpose);
	if (purposes[purpose].pragmas &&
		connection_exec(connection, "open", purposes[purpose].pragmas, err) < 0)
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

int connection_prepare(struct connection *connection, const char *what, const char *sql,
	struct sqlite3_stmt **ret, struct err *err)
{
	if (sqlite3_prepare_v2(connection->db, sql, -1, ret, NULL) == SQLITE_OK)
		return 0;
	return connection_fail(connection, what, err);
}

void connection_rollback(struct connection *connection)
{
	progress_end(&connection->progress);
	if (!connection->db || sqlite3_get_autocommit(connection->db))
		return;
	/* A stop that ended the work must not end the taking back of it. */
	sqlite3_progress_handler(connection->db, 0, NULL, NULL);
	/* Where even this fails, closing rolls back, or the next one who opens it. */
	(void)sqlite3_exec(connection->db, "ROLLBACK", NULL, NULL, NULL);
}

int connection_close(struct connection *connection, struct err *err)
{
	/* Not by force: the statements that are left are those of virtual tables. */
	int rc = sqlite3_close(connection->db);

	progress_end(&connection->progress);
	if (connection->reading)
		readonly_end();
	connection->reading = false;
	if (rc != SQLITE_OK)
		return connection_fail(connection, "close", err);
	connection->db = NULL;
	return 0;
}

void connection_release(struct connection *connection)
{
	DECLARE_ERR(ignored);

	if (!connection->db && !connection->reading)
		return;
	connection_rollback(connection);
	/* On the way out of an error, which was told already. */
	(void)connection_close(connection, &ignored);
}
