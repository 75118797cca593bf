/* SPDX-License-Identifier: MIT */
/* The configured journal mode: whether it can work, and switching to it. */
#include "db/journal.h"

#include <sqlite3.h>
#include <stdio.h>
#include <sys/vfs.h>

#include "base/err.h"
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

/* statfs(2), linux/magic.h, and the kernel's sources for those that neither names. */
static const struct {
	uint32_t type;
	const char *name;
	bool certain; /* false: there are local ones, too */
} networks[] = {
	{0x00006969, "nfs", true},
	{0x0000517b, "smb", true},
	{0xfe534d42, "smb2", true},
	{0xff534d42, "cifs", true},
	{0x01021997, "9p", true},
	{0x00c36400, "ceph", true},
	{0x47504653, "gpfs", true},
	{0x0bd00bd0, "lustre", true},
	{0x19830326, "beegfs", true},
	{0x5346414f, "afs", true},
	{0x6b414653, "afs", true},
	{0x73757245, "coda", true},
	{0x7461636f, "ocfs2", true},
	{0x01161970, "gfs2", true},
	{0x65735546, "fuse", false},
};

bool journal_wants_wal(const struct db_spec *spec)
{
	return spec->journal_mode && str_equal(spec->journal_mode, "wal");
}

const char *journal_network(uint32_t type, bool *ret_certain)
{
	for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
		if (networks[i].type != type)
			continue;
		*ret_certain = networks[i].certain;
		return networks[i].name;
	}
	return NULL;
}

int journal_check(
	const struct db_spec *spec, int dirfd, bool is_wal, bool warn, struct err *err)
{
	const char *network;
	struct statfs fs;
	bool certain;

	if (!journal_wants_wal(spec) && (!is_wal || spec->journal_mode_set))
		return 0;
	if (fstatfs(dirfd, &fs) < 0)
		return err_sys(err, "inspect the file system of '%s'", spec->path);
	network = journal_network((uint32_t)fs.f_type, &certain);
	if (!network)
		return 0;
	if (certain && (!is_wal || (spec->journal_mode_set && journal_wants_wal(spec))))
		return err_fail(err,
			"'%s' is on a network file system (%s), where WAL cannot work; "
			"write `journal_mode = delete`, or move it to a local disk",
			spec->path, network);
	if (warn)
		log_warn(spec->ledger.log,
			"'%s' is on a %s file system: if that is on a network, WAL "
			"cannot work, and data is lost; write `journal_mode = delete`",
			spec->path, network);
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
