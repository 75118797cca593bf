/* SPDX-License-Identifier: MIT */
/* Upgrading an existing database. */
#include "db/upgrade.h"

#include <sqlite3.h>
#include <unistd.h>

#include "base/err.h"
#include "db/backup.h"
#include "db/compare.h"
#include "db/connection.h"
#include "db/foreign_keys.h"
#include "db/lock.h"
#include "db/inspect.h"
#include "db/execute.h"
#include "db/schema_drift.h"
#include "db/touched.h"
#include "db/verify.h"
#include "db/verify_extent.h"

/* A file that it may not write, SQLite silently opens for reading. */
static int check_writable(struct connection *connection,
	const struct inspection *inspection, struct err *err)
{
	if (sqlite3_db_readonly(connection->db, "main") == 0)
		return 0;
	return err_fail(err,
		"'%s' has migrations to run and cannot be written: it belongs to %u:%u "
		"with mode %04o, and we are %u:%u",
		connection->path, inspection->st.st_uid, inspection->st.st_gid,
		(unsigned)(inspection->st.st_mode & 07777), geteuid(), getegid());
}

static int check_schema(struct connection *connection, const struct db_spec *spec,
	struct ledger *ledger, struct arena *arena, struct err *err)
{
	if (schema_drift_read(connection, arena, &ledger->schema, err) < 0)
		return err_prefix(err, "'%s'", spec->path);
	return schema_drift_check(spec, ledger, false, arena, err);
}

/* Inside the transaction no other process can change the ledger. */
static int compare(struct connection *connection, const struct db_spec *spec,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	struct ledger ledger;
	int rc = compare_read(connection, spec, arena, &ledger, err);

	if (rc == 1)
		rc = connection_fail(connection, "read the ledger", err);
	if (rc < 0)
		return err_prefix(err, "'%s'", spec->path);
	if (compare_ledger(spec, &ledger, false, arena, ret, err) < 0 ||
		(spec->schema_drift == DB_REFUSE &&
			check_schema(connection, spec, &ledger, arena, err) < 0))
		return -1;
	/* More may be pending than when it was read before. */
	return compare_check_pending(spec, ret, err);
}

/* Returns 0, 1 as verify_end(), or -1. */
static int migrate(struct connection *connection, const struct db_spec *spec,
	enum verify_before before, const struct db_report *work, struct err *err)
{
	CLEANUP_FOREIGN_KEYS struct foreign_keys keys = {.connection = connection};
	CLEANUP_TOUCHED struct touched touched = {.count = 0};
	int rc;

	connection_trust(connection);
	if (before == VERIFY_STORED && verify_begin(connection, err) < 0)
		return -1;
	connection->touched = &touched;
	rc = execute_migrations(connection, spec, work, &keys, err);
	connection->touched = NULL;
	if (rc == 0)
		rc = verify_extent(&touched, connection, err);
	if (rc < 0)
		return -1;
	return verify_end(connection, spec, &keys, &touched, before, err);
}

/* Inside the transaction, which is rolled back unless this returns 0. Or 1, as above. */
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

/* Returns 0, 1 as above, or -1. */
static int transact(struct connection *connection, const struct db_spec *spec,
	const struct inspection *inspection, bool locked, enum verify_before before,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	int rc;

	if (connection_exec(connection, "begin", "BEGIN IMMEDIATE", err) < 0)
		return err_prefix(err, "'%s'", spec->path);
	if (compare(connection, spec, arena, ret, err) < 0)
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

int upgrade_database(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	struct files files = inspect_files(inspection);
	CLEANUP_LOCK int lock = -1;
	CLEANUP_CONNECTION struct connection connection = {0};
	enum verify_before before = VERIFY_READ;
	int rc;

	if (lock_take(spec, inspection, &lock, err) < 0 ||
		connection_open(&connection, &files, spec, UPGRADE, err) < 0 ||
		check_writable(&connection, inspection, err) < 0)
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
