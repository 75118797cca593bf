/* SPDX-License-Identifier: MIT */
/* Upgrading an existing database. */
#include "db/upgrade.h"

#include <errno.h>
#include <sqlite3.h>

#include "base/err.h"
#include "db/backup.h"
#include "db/connection.h"
#include "db/lock.h"
#include "db/inspect.h"
#include "db/migrate.h"
#include "db/rehearse.h"
#include "db/writable.h"

/* A file that it may not write, SQLite silently opens for reading. */
static int check_writable(struct connection *connection, struct err *err)
{
	if (sqlite3_db_readonly(connection->db, "main") == 0)
		return 0;
	return err_code(err, EACCES, "'%s' has migrations to run and cannot be written",
		connection->path);
}

/* Returns as migrate(); unless it is 0, the transaction is rolled back. */
static int change(struct connection *connection, const struct db_spec *spec,
	const struct inspection *inspection, bool locked, enum verify_before before,
	struct db_report *ret, struct arena *arena, struct err *err)
{
	struct backup backup = {0};
	int rc;

	if (spec->backup &&
		backup_make(&backup, spec, inspection, locked, arena, err) < 0)
		return -1;
	rc = migrate(connection, spec, before, ret, err);
	if (rc == 0 &&
		(backup_keep(&backup, err) < 0 ||
			connection_exec(connection, "commit", "COMMIT", err) < 0))
		rc = -1;
	if (rc != 0) {
		connection_rollback(connection);
		backup_withdraw(&backup);
		return rc;
	}
	ret->backup = backup.path;
	backup_prune(spec, inspection);
	return 0;
}

/* Returns as migrate(). */
static int transact(struct connection *connection, const struct db_spec *spec,
	const struct inspection *inspection, bool locked, enum verify_before before,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	int rc;

	if (connection_exec(connection, "begin", "BEGIN IMMEDIATE", err) < 0)
		return err_prefix(err, "'%s'", spec->path);
	if (migrate_compare(connection, spec, arena, ret, err) < 0)
		return -1;
	if (ret->state == DB_CURRENT) {
		connection_rollback(connection);
		return 0;
	}
	rc = change(connection, spec, inspection, locked, before, ret, arena, err);
	if (rc < 0)
		err_prefix(err, "'%s' is as it was", spec->path);
	return rc;
}

static int upgrade(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	struct files files = inspect_files(inspection);
	CLEANUP_LOCK int lock = -1;
	CLEANUP_CONNECTION struct connection connection = {0};
	enum verify_before before = VERIFY_READ;
	int rc;

	if (lock_take(spec, inspection, &lock, err) < 0)
		return -1;
	fs_sweep(spec->fs, inspection->entry.dirfd);
	if (spec->rehearse && rehearse_upgrade(spec, inspection, arena, err) < 0)
		return -1;
	if (connection_open(&connection, &files, spec, UPGRADE, err) < 0 ||
		check_writable(&connection, err) < 0)
		return -1;
	do {
		rc = transact(&connection, spec, inspection, lock >= 0, before, arena,
			ret, err);
		before = VERIFY_STORED;
	} while (rc == 1);
	if (rc < 0)
		return -1;
	return connection_close(&connection, err);
}

int upgrade_database(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	if (upgrade(spec, inspection, arena, ret, err) == 0)
		return 0;
	return writable_explain(spec, inspection, err);
}
