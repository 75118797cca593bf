/* SPDX-License-Identifier: MIT */
/* The configured journal mode: whether it can work, and switching to it. */
#include "db/journal.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>

#include "base/err.h"
#include "base/fs_system.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/str.h"
#include "db/connection.h"
#include "db/db.h"
#include "db/lock.h"
#include "ledger/query.h"
#include "db/inspect.h"

#define TRIES    20 /* SQLite does not wait for the lock that this takes */
#define PAUSE_MS 50

bool journal_wants_wal(const struct db_spec *spec)
{
	return spec->journal_mode && str_equal(spec->journal_mode, "wal");
}

int journal_check(
	const struct db_spec *spec, int dirfd, bool is_wal, bool warn, struct err *err)
{
	const struct fs_system *system;
	bool certain;

	if (!journal_wants_wal(spec) && (!is_wal || spec->journal_mode_set))
		return 0;
	system = fs_system_at(dirfd);
	if (!system && errno)
		return err_sys(err, "inspect the file system of '%s'", spec->path);
	certain = system && system->class == FS_SYSTEM_NETWORK;
	if (!certain && !(system && system->class == FS_SYSTEM_EITHER))
		return 0;
	if (certain && (!is_wal || (spec->journal_mode_set && journal_wants_wal(spec))))
		return err_fail(err,
			"'%s' is on a network file system (%s), where WAL cannot work; "
			"write `journal_mode = delete`, or move it to a local disk",
			spec->path, system->name);
	if (warn)
		log_warn(spec->ledger.log,
			"'%s' is on a %s file system: if that is on a network, WAL "
			"cannot work, and data is lost; write `journal_mode = delete`",
			spec->path, system->name);
	return 0;
}

const char *journal_differs(
	const struct db_spec *spec, const struct inspection *inspection)
{
	if (!spec->journal_mode_set || journal_wants_wal(spec) == inspection->header.wal)
		return NULL;
	return spec->journal_mode;
}

static int set_mode(struct connection *connection, const char *mode, struct err *err)
{
	CLEANUP_QUERY struct query query = {0};
	const char *now;
	char sql[64];

	(void)snprintf(sql, sizeof sql, "PRAGMA main.journal_mode=%s", mode); /* fits */
	if (query_run(&query, &connection->store, sql, sql, NULL, 0, err) < 0)
		return -1;
	now = query_text(&query, 0);
	if (now && sqlite3_stricmp(now, mode) == 0)
		return 0;
	return err_set(err, ERR_TEMPORARY, "it stays %s", now ? now : "as it is");
}

static int set_mode_patiently(
	struct connection *connection, const struct db_spec *spec, struct err *err)
{
	DECLARE_ERR(why);

	for (int i = 0; i < TRIES; i++) {
		if (set_mode(connection, spec->journal_mode, &why) == 0)
			return 0;
		if (why.kind != ERR_TEMPORARY)
			break;
		if (stop_sleep(spec->stop, PAUSE_MS, err) < 0)
			return -1;
	}
	*err = why;
	return -1;
}

static int try_switch(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err)
{
	struct files files = inspect_files(inspection);
	CLEANUP_LOCK int lock = -1;
	CLEANUP_CONNECTION struct connection connection = {0};

	if (lock_take(spec, inspection, &lock, err) < 0 ||
		connection_open(&connection, &files, spec, UPGRADE, err) < 0)
		return -1;
	/* What a busy handler would wait for takes as long as the application runs. */
	connection.busy_timeout_ms = 0;
	if (set_mode_patiently(&connection, spec, err) < 0)
		return -1;
	return connection_close(&connection, err);
}

int journal_switch(
	const struct db_spec *spec, const struct inspection *inspection, struct err *err)
{
	DECLARE_ERR(why);

	if (try_switch(spec, inspection, &why) == 0)
		return 1;
	if (stop_check(spec->stop, err) < 0)
		return -1;
	log_warn(spec->ledger.log,
		"'%s' was not switched to journal_mode %s, and works as it is: %s",
		spec->path, spec->journal_mode, why.text);
	return 0;
}
