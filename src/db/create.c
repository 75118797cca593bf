/* SPDX-License-Identifier: MIT */
/* Creating a missing database. */
#include "db/create.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "db/connection.h"
#include "db/foreign_keys.h"
#include "db/journal.h"
#include "db/inspect.h"
#include "db/execute.h"
#include "db/schema_drift.h"
#include "db/touched.h"
#include "db/verify.h"

/* Nothing may have been written yet. */
static int set_pragmas(
	struct connection *connection, const struct db_spec *spec, struct err *err)
{
	for (const char *const *setting = spec->pragmas; setting && *setting; setting++) {
		const char *value = strchr(*setting, '=');
		char sql[80];

		if (db_pragma_check(*setting, err) < 0)
			return -1;
		(void)snprintf(sql, sizeof sql, "PRAGMA main.%.*s='%s'",
			(int)(value - *setting), *setting,
			value + 1); /* fits: it was checked */
		if (connection_exec(connection, sql, sql, err) < 0)
			return -1;
	}
	return 0;
}

int create_fill(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, struct err *err)
{
	CLEANUP_FOREIGN_KEYS struct foreign_keys keys = {.connection = connection};
	const struct touched all = {.all = true};

	if (set_pragmas(connection, spec, err) < 0 ||
		connection_exec(connection, "begin", "BEGIN IMMEDIATE", err) < 0 ||
		execute_migrations(connection, spec, report, &keys, err) < 0 ||
		schema_drift_record(connection, spec, report, err) < 0 ||
		verify_end(connection, spec, &keys, &all, VERIFY_NEW, err) < 0)
		return -1;
	return connection_exec(connection, "commit", "COMMIT", err);
}

/* Of the modes the file stores WAL alone; each connection chooses the others. */
static int set_mode(
	struct connection *connection, const struct db_spec *spec, struct err *err)
{
	if (!journal_wants_wal(spec))
		return 0;
	return connection_exec(
		connection, "switch to WAL", "PRAGMA main.journal_mode=wal", err);
}

static int build(const struct fs_stage *stage, const struct db_spec *spec,
	const struct db_report *report, struct err *err)
{
	CLEANUP_CONNECTION struct connection connection = {0};
	struct files files;

	if (files_of_stage(stage, &files, err) < 0 ||
		connection_open(&connection, &files, spec, BUILD, err) < 0 ||
		create_fill(&connection, spec, report, err) < 0 ||
		set_mode(&connection, spec, err) < 0)
		return -1;
	return connection_close(&connection, err);
}

/* After an error; if we are killed, they are swept. */
static void remove_temps(const struct fs_stage *stage)
{
	char name[320];

	for (size_t i = 0; i < FILES_COUNT; i++) {
		(void)snprintf(name, sizeof name, "%s%s", stage->temp,
			files_endings[i]); /* fits */
		/* Usually a sidecar is missing; otherwise it is swept later. */
		(void)unlinkat(stage->dirfd, name, 0);
	}
}

/*
 * A clean close leaves one file, and at its name no sidecars may wait for it. Returns 0,
 * 1 if another process has published a database meanwhile, or -1.
 */
static int check_sidecars(const struct fs_stage *stage, struct err *err)
{
	const struct fs_entry *entry = &stage->entry;
	CLEANUP_BUF struct buf names = BUF_INIT;
	struct stat st;
	int rc = inspect_sidecars(stage->dirfd, stage->temp, &names, err);

	if (rc == 1)
		return err_fail(err, "SQLite left %s behind", names.data);
	if (rc == 0)
		rc = inspect_sidecars(entry->dirfd, entry->name, &names, err);
	if (rc != 1 || fstatat(entry->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return rc;
	return err_fail(err, "'%s' is missing, but now it has %s; move these files away",
		stage->path, names.data);
}

/* Returns as create_database(). */
static int create(struct fs_stage *stage, const struct db_spec *spec,
	const struct db_report *report, struct err *err)
{
	enum fs_outcome outcome;
	int rc;

	if (journal_check(spec, stage->entry.dirfd, false, true, err) < 0)
		return -1;
	if (build(stage, spec, report, err) < 0)
		return err_prefix(err, "'%s' was not created", spec->path);
	rc = check_sidecars(stage, err);
	if (rc != 0)
		return rc;
	if (fs_stage_publish(stage, false, &outcome, err) < 0)
		return -1;
	return outcome == FS_MADE ? 0 : 1;
}

/* The sweep has left what is in use, or may be. */
static void name_temps(const struct fs_entry *entry, struct err *err)
{
	uint64_t bytes;
	size_t count = fs_count_temps(entry->dirfd, &bytes);

	if (count)
		err_append(err,
			"; %zu temporary file%s of other starts in its directory take%s "
			"%llu KiB, until they end or an hour has passed",
			count, count == 1 ? "" : "s", count == 1 ? "s" : "",
			(unsigned long long)(bytes / 1024));
}

int create_database(
	const struct db_spec *spec, const struct db_report *report, struct err *err)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	int rc;

	if (fs_stage_open(spec->fs, &stage, spec->path, &spec->attr, err) < 0)
		return -1;
	rc = create(&stage, spec, report, err);
	if (rc < 0 && stage.temp[0])
		remove_temps(&stage);
	if (rc < 0 && err->code == ENOSPC)
		name_temps(&stage.entry, err);
	return rc;
}
