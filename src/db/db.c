/* SPDX-License-Identifier: MIT */
/* A database: finding what is to be done, and doing it. */
#include "db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>

#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "db/backup.h"
#include "db/create.h"
#include "ledger/compare.h"
#include "db/compile.h"
#include "db/connection.h"
#include "ledger/doubt.h"
#include "db/journal.h"
#include "db/inspect.h"
#include "db/ledger_table.h"
#include "db/memory.h"
#include "db/rehearse.h"
#include "db/schema_drift.h"
#include "db/upgrade.h"
#include "db/writable.h"
#include "migration/migration.h"

#define TRIES    20 /* while other processes change the database */
#define PAUSE_MS 5
#define AGAIN    2

/*
 * Chooses how to read it without changing anything; false if that is impossible. An
 * immutable database is read without the journal that must be rolled back first; pages
 * in a -wal need its index. A -wal without pages can be ignored, and must be if it only
 * has a header (SQLite 3.40 tries for ten seconds, and fails with "locking protocol").
 */
static bool choose_purpose(
	const struct inspection *inspection, enum connection_purpose *ret)
{
	bool at_rest = inspection->header.wal && !inspection->wal_frames;

	*ret = at_rest ? READ_IMMUTABLE : READ_SHARED;
	if (!inspection->header.wal)
		return !inspection->wal;
	if (inspection->journal && !inspection->journal_empty)
		return false;
	return !inspection->wal_frames || inspection->shm;
}

/* What was read without locks is valid only if nothing has changed meanwhile. */
static bool still_same(const struct db_spec *spec, const struct inspection *before)
{
	CLEANUP_INSPECTION struct inspection after = INSPECTION_INIT;
	DECLARE_ERR(ignored);

	return inspect_database(spec->fs, spec->path, &after, &ignored) == 0 &&
		!inspect_differs(before, &after);
}

/* What was read of a database, and the state of the file that it is of. */
struct db_seen {
	bool valid;
	struct inspection inspection; /* without its directory */
	struct db_ledger ledger;
};

struct db_seen *db_seen_new(struct arena *arena)
{
	return arena_alloc(arena, sizeof(struct db_seen));
}

static bool was_seen(const struct db_spec *spec, const struct inspection *now)
{
	const struct db_seen *seen = spec->seen;

	return seen && seen->valid && (!spec->compile || seen->ledger.stored) &&
		(spec->schema_drift == LEDGER_ACCEPT || seen->ledger.schema) &&
		!inspect_differs(&seen->inspection, now);
}

/* What commits append to a -wal does not show in an inspection. */
static void see(struct db_seen *seen, const struct inspection *inspection,
	const struct db_ledger *ledger)
{
	seen->valid = !inspection->wal_frames;
	seen->inspection = *inspection;
	seen->inspection.entry = (struct fs_entry)FS_ENTRY_INIT;
	seen->ledger = *ledger;
}

/* Returns 0, 1 if the database must be recovered first, or -1. */
static int read_inside(struct connection *connection, const struct db_spec *spec,
	struct arena *arena, struct db_ledger *ret, struct err *err)
{
	int rc = connection_exec(connection, "begin", "BEGIN", err);

	if (rc == 0)
		rc = ledger_table_read(connection, spec, arena, ret, err);
	if (rc == 0 && spec->compile)
		rc = memory_read_schema(connection, arena, &ret->stored, err);
	if (rc == 0 && spec->schema_drift != LEDGER_ACCEPT)
		rc = schema_drift_read(connection, arena, &ret->schema, err);
	return rc;
}

/*
 * Returns 0, 1 if the database must be recovered first, AGAIN if it has changed
 * meanwhile, or -1.
 */
static int read_ledger(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_ledger *ret, struct err *err)
{
	CLEANUP_CONNECTION struct connection connection = {0};
	struct files files = inspect_files(inspection);
	DECLARE_ERR(why);
	enum connection_purpose purpose;
	int rc;

	if (!choose_purpose(inspection, &purpose))
		return 1;
	if (was_seen(spec, inspection)) {
		*ret = spec->seen->ledger;
		return 0;
	}
	rc = connection_open(&connection, &files, spec, purpose, &why);
	/* Schema and ledger are read in one transaction, which closing ends. */
	if (rc == 0)
		rc = read_inside(&connection, spec, arena, ret, &why);
	if (rc == 0)
		rc = connection_close(&connection, &why);
	/* Then the result, or the error, is about a state that is gone. */
	if (purpose == READ_IMMUTABLE && !still_same(spec, inspection))
		return AGAIN;
	if (rc < 0)
		*err = why;
	if (rc == 0 && spec->seen)
		see(spec->seen, inspection, ret);
	return rc;
}

/*
 * As root, warns of a directory that others than root and the database's own group may
 * write: what they create there is refused, so they can prevent a start.
 */
static void warn_shared(
	const struct db_spec *spec, const struct fs_entry *entry, gid_t group)
{
	struct stat st;

	if (!spec->fs->guarded || !(entry->dir_mode & (S_IWGRP | S_IWOTH)) ||
		fstat(entry->dirfd, &st) < 0)
		return;
	if ((st.st_mode & S_IWOTH) || (st.st_gid != 0 && st.st_gid != group))
		log_warn(spec->ledger.log,
			"'%s' is in a directory that others may write (%u:%u, %04o): "
			"they can remove it, or block its -wal; move it to a directory "
			"that only its owner may write",
			spec->path, st.st_uid, st.st_gid, (unsigned)(st.st_mode & 07777));
}

static int examine(const struct db_spec *spec, const struct inspection *inspection,
	bool warn, struct arena *arena, struct db_report *ret, struct err *err)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct db_ledger ledger = {.application_id = 0};
	int rc;

	if (warn)
		warn_shared(spec, &inspection->entry, inspection->st.st_gid);
	if (fs_attr_differs(&inspection->st, &spec->attr, &why))
		ret->attr_why = arena_strdup(arena, why.data);
	ret->header = inspection->header;
	ret->switch_to = journal_differs(spec, inspection);
	/* WAL must work if the database is in that mode, or is to be switched. */
	if ((inspection->header.wal || ret->switch_to) &&
		journal_check(spec, inspection->entry.dirfd, inspection->header.wal, warn,
			err) < 0)
		return -1;
	rc = read_ledger(spec, inspection, arena, &ledger, err);
	if (rc == AGAIN)
		return AGAIN;
	if (rc < 0)
		return err_prefix(err, "'%s'", spec->path);
	if (rc == 1) {
		ret->state = DB_UNSETTLED;
		return 0;
	}
	ret->stored = ledger.stored;
	if (ledger_table_compare(spec, &ledger, warn, arena, ret, err) < 0)
		return -1;
	/* An upgrade checks it in its transaction; a warning has its place in a check. */
	if (!ledger.schema ||
		(!warn &&
			(ret->state == DB_PENDING || spec->schema_drift == LEDGER_WARN)))
		return 0;
	return schema_drift_check(spec, &ledger, warn, arena, err);
}

/* Can it be created? If its directory is missing, creating that will show. */
static int check_absent(const struct db_spec *spec, bool warn, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc = fs_walk(spec->fs, spec->path, &entry, err);

	if (rc == 0 && warn)
		warn_shared(spec, &entry, spec->attr.gid);
	return rc == 0 ? journal_check(spec, entry.dirfd, false, warn, err) : rc;
}

/* Inspects the database; its directory stays pinned unless it is DB_ABSENT. */
static int find_state(const struct db_spec *spec, struct inspection *inspection,
	bool warn, struct arena *arena, struct db_report *ret, struct err *err)
{
	for (int i = 0; i < TRIES; i++) {
		struct db_report report = {.state = DB_ABSENT};
		int rc = inspect_database(spec->fs, spec->path, inspection, err);

		if (rc < 0)
			return -1;
		if (rc == 1) {
			report.set_id = spec->application_id != 0;
			compare_absent(&spec->ledger, arena, &report.work);
			rc = check_absent(spec, warn, err) < 0 ||
					migrations_hash(spec->ledger.migrations, err) < 0
				? -1
				: 0;
		} else {
			rc = examine(spec, inspection, warn, arena, &report, err);
		}
		if (rc != AGAIN) {
			if (rc == 0)
				*ret = report;
			return rc;
		}
		inspect_release(inspection);
		if (stop_sleep(spec->stop, PAUSE_MS, err) < 0)
			return -1;
	}
	return err_set(
		err, ERR_TEMPORARY, "'%s' is being changed all the time", spec->path);
}

int db_pending(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err)
{
	CLEANUP_INSPECTION struct inspection inspection = INSPECTION_INIT;
	struct db_spec reading = *spec;

	/* Then the schema is read for db_check(), which compares it. */
	if (reading.schema_drift == LEDGER_REFUSE)
		reading.schema_drift = LEDGER_WARN;
	return find_state(&reading, &inspection, false, arena, ret, err);
}

static int try_on_copy(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_report *report, struct err *err)
{
	enum connection_purpose purpose;

	if (report->state == DB_ABSENT)
		return rehearse_creation(spec, arena, report, err);
	/* Else it would be unsettled. */
	(void)choose_purpose(inspection, &purpose);
	if (rehearse_plan(spec, inspection, purpose, arena, report, err) < 0)
		return err_prefix(err, "'%s'", spec->path);
	if (purpose == READ_IMMUTABLE && !still_same(spec, inspection))
		return err_set(err, ERR_TEMPORARY, "'%s' was changed while it was copied",
			spec->path);
	return 0;
}

/* Of an unsettled database nothing is pending yet. */
static int try_pending(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_report *report, struct err *err)
{
	if (report->state == DB_CURRENT || report->state == DB_UNSETTLED)
		return 0;
	if (spec->try_on_copy)
		return try_on_copy(spec, inspection, arena, report, err);
	return spec->compile && report->work.pending_count
		? compile_pending(spec, report->stored, arena, report, err)
		: 0;
}

int db_check(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err)
{
	CLEANUP_INSPECTION struct inspection inspection = INSPECTION_INIT;
	struct db_report report = {.state = DB_ABSENT};

	if (find_state(spec, &inspection, true, arena, &report, err) < 0 ||
		compare_check_pending(&spec->ledger, &report.work, err) < 0)
		return -1;
	if (spec->may_write && report.state != DB_CURRENT &&
		writable_check(spec, &inspection, err) < 0)
		return -1;
	if (try_pending(spec, &inspection, arena, &report, err) < 0)
		return doubt_raise(&report.work, err);
	backup_foresee(spec, &inspection, arena, &report);
	*ret = report;
	return report.state != DB_CURRENT || report.attr_why || report.switch_to;
}

/*
 * Sets mode and owner of the database and its sidecars. An application that closes the
 * database may remove those at any moment.
 */
static int fix_attr(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct err *err)
{
	struct fs_entry entry = inspection->entry; /* inspection owns the descriptor */

	for (size_t i = 0; i < FILES_COUNT; i++) {
		const char *path =
			arena_printf(arena, "%s%s", spec->path, files_endings[i]);
		enum fs_outcome outcome;
		DECLARE_ERR(why);

		(void)snprintf(entry.name, sizeof entry.name, "%s%s",
			inspection->entry.name,
			files_endings[i]); /* if too long, it has none */
		if (fs_fix_entry(spec->fs, &entry, S_IFREG, &spec->attr, path, &outcome,
			    &why) == 0 ||
			why.code == ENOENT)
			continue;
		*err = why;
		return -1;
	}
	return 0;
}

/* Returns 0, AGAIN if another process has created the database, or -1. */
static int attempt(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err)
{
	CLEANUP_INSPECTION struct inspection inspection = INSPECTION_INIT;
	int rc;

	if (find_state(spec, &inspection, false, arena, ret, err) < 0 ||
		compare_check_pending(&spec->ledger, &ret->work, err) < 0)
		return -1;
	if (ret->state == DB_ABSENT) {
		rc = create_database(spec, ret, err);
		return rc == 1 ? AGAIN : rc;
	}
	if (ret->state != DB_CURRENT &&
		upgrade_database(spec, &inspection, arena, ret, err) < 0)
		return doubt_raise(&ret->work, err);
	if (ret->switch_to) {
		rc = journal_switch(spec, &inspection, err);
		if (rc < 0)
			return -1;
		ret->switched = rc == 1;
	}
	return ret->attr_why ? fix_attr(spec, &inspection, arena, err) : 0;
}

int db_apply(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err)
{
	for (int i = 0; i < TRIES; i++) {
		struct db_report report = {.state = DB_ABSENT};
		int rc = attempt(spec, arena, &report, err);

		if (rc < 0)
			return -1;
		if (rc == AGAIN)
			continue;
		*ret = report;
		return 0;
	}
	return err_set(
		err, ERR_TEMPORARY, "'%s' keeps appearing and disappearing", spec->path);
}

const char *db_version(void)
{
	static char text[40]; /* the same in every call */

	(void)snprintf(text, sizeof text, "SQLite %s", sqlite3_libversion()); /* fits */
	return text;
}
