/* SPDX-License-Identifier: MIT */
/* A database: finding out what is to be done, and doing it. */
#include "db/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "db/create.h"
#include "db/compare.h"
#include "db/connection.h"
#include "db/journal.h"
#include "db/inspect.h"
#include "db/upgrade.h"
#include "migration/migration.h"

#define TRIES    20 /* how often others may change what is there under our eyes */
#define PAUSE_MS 5
#define AGAIN    2

/*
 * The way to read it that changes nothing; false where there is none. Immutable would
 * not see a journal that has to be played back first; pages in a -wal need its index. A
 * -wal without pages says nothing, and one of only a header confuses SQLite (3.40: it
 * tries for ten seconds, and then says "locking protocol").
 */
static bool choose(const struct inspection *inspection, enum purpose *ret)
{
	*ret = inspection->wal_mode && !inspection->wal_frames ? READ_IMMUTABLE
							       : READ_SHARED;
	if (!inspection->wal_mode)
		return !inspection->wal;
	if (inspection->journal && !inspection->journal_empty)
		return false;
	return !inspection->wal_frames || inspection->shm;
}

/* Is what was read without locks still what is there? */
static bool still_same(const struct db_spec *spec, const struct inspection *before)
{
	CLEANUP_INSPECTION struct inspection after = INSPECTION_INIT;
	DECLARE_ERR(told_by_the_next_look);

	return inspect_database(spec->fs, spec->path, &after, &told_by_the_next_look) ==
		0 &&
		!inspect_differs(before, &after);
}

/*
 * 0 read · 1 it cannot be settled without writing · AGAIN: it has changed meanwhile ·
 * -1.
 */
static int read_ledger(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct ledger *ret, struct err *err)
{
	CLEANUP_CONNECTION struct connection connection = CONNECTION_INIT;
	struct files files = inspect_files(inspection);
	DECLARE_ERR(why);
	enum purpose purpose;
	int rc;

	if (!choose(inspection, &purpose))
		return 1;
	rc = connection_open(&connection, &files, spec, purpose, &why);
	/* One look at schema and ledger, which closing ends. */
	if (rc == 0)
		rc = connection_exec(&connection, "begin", "BEGIN", &why);
	if (rc == 0)
		rc = ledger_read(&connection, arena, ret, &why);
	if (rc == 0)
		rc = connection_close(&connection, &why);
	/* Then whatever was read, or failed, is about what is not there any more. */
	if (purpose == READ_IMMUTABLE && !still_same(spec, inspection))
		return AGAIN;
	if (rc < 0)
		*err = why;
	return rc;
}

/*
 * As root, warns of a directory that others than root and the database's own group may
 * write: what they put there is refused, and that keeps us from starting.
 */
static void warn_shared(
	const struct db_spec *spec, const struct fs_entry *entry, gid_t group)
{
	struct stat st;

	if (!spec->fs->guarded || !(entry->dir_mode & (S_IWGRP | S_IWOTH)) ||
		fstat(entry->dirfd, &st) < 0)
		return;
	if ((st.st_mode & S_IWOTH) || (st.st_gid != 0 && st.st_gid != group))
		log_warn(spec->log,
			"'%s' lies in a directory that others may write (%u:%u, %04o): "
			"they can remove it, or put something in the way of its -wal; "
			"put it into a directory of its owner's alone",
			spec->path, st.st_uid, st.st_gid, (unsigned)(st.st_mode & 07777));
}

/* Mode or owner that the configuration wants otherwise. */
static void compare_attr(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_report *ret)
{
	CLEANUP_BUF struct buf why = BUF_INIT;

	if (fs_attr_differs(&inspection->st, &spec->attr, &why))
		ret->attr_why = arena_strdup(arena, why.data);
}

/* What it is in already stays; what it would be switched to must be able to work. */
static int check_journal(const struct db_spec *spec, const struct inspection *inspection,
	const struct db_report *report, bool warn, struct err *err)
{
	if (inspection->wal_mode || report->switch_to)
		return journal_check(
			spec, inspection->entry.dirfd, inspection->wal_mode, warn, err);
	return 0;
}

static int examine(const struct db_spec *spec, const struct inspection *inspection,
	bool warn, struct arena *arena, struct db_report *ret, struct err *err)
{
	struct ledger ledger = {.exists = false};
	int rc;

	if (warn)
		warn_shared(spec, &inspection->entry, inspection->st.st_gid);
	compare_attr(spec, inspection, arena, ret);
	ret->switch_to = journal_differs(spec, inspection);
	if (check_journal(spec, inspection, ret, warn, err) < 0)
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
	if (ledger_compare(spec, &ledger, warn, arena, ret, err) < 0)
		return -1;
	ret->state = ret->pending_count || ret->adopted_count || ret->stamp ? DB_PENDING
									    : DB_CURRENT;
	return 0;
}

/* Could it be made? Where its directory is still to be made, that will tell. */
static int check_absent(const struct db_spec *spec, bool warn, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc = fs_walk(spec->fs, spec->path, &entry, err);

	if (rc == 0 && warn)
		warn_shared(spec, &entry, spec->attr.gid);
	return rc == 0 ? journal_check(spec, entry.dirfd, false, warn, err) : rc;
}

static void all_pending(
	const struct db_spec *spec, struct arena *arena, struct db_report *ret)
{
	const struct migrations *all = spec->migrations;

	ret->state = DB_ABSENT;
	ret->stamp = spec->application_id != 0;
	ret->pending_count = all->count;
	ret->pending = arena_alloc(arena, all->count * sizeof(void *));
	for (size_t i = 0; i < all->count; i++)
		ret->pending[i] = &all->list[i];
}

/* What there is and what is missing; `look` is pinned unless it is DB_ABSENT. */
static int find_out(const struct db_spec *spec, struct inspection *inspection, bool warn,
	struct arena *arena, struct db_report *ret, struct err *err)
{
	struct stop none = STOP_INIT;

	for (int i = 0; i < TRIES; i++) {
		struct db_report report = {.outcome = FS_THERE};
		int rc = inspect_database(spec->fs, spec->path, inspection, err);

		if (rc < 0)
			return -1;
		if (rc == 1) {
			all_pending(spec, arena, &report);
			rc = check_absent(spec, warn, err) < 0 ? -1 : 0;
		} else {
			rc = examine(spec, inspection, warn, arena, &report, err);
		}
		if (rc != AGAIN) {
			if (rc == 0)
				*ret = report;
			return rc;
		}
		inspect_release(inspection);
		if (stop_sleep(spec->stop ? spec->stop : &none, PAUSE_MS, err) < 0)
			return -1;
	}
	return err_set(
		err, ERR_TEMPORARY, "'%s' is being changed all the time", spec->path);
}

int db_check(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err)
{
	CLEANUP_INSPECTION struct inspection inspection = INSPECTION_INIT;
	struct db_report report;
	int64_t start = clock_us();

	if (find_out(spec, &inspection, true, arena, &report, err) < 0)
		return -1;
	report.duration_us = clock_us() - start;
	*ret = report;
	return report.state != DB_CURRENT || report.attr_why || report.switch_to;
}

/*
 * Mode and owner of the database and of what SQLite has put beside it, which an
 * application that closes it may remove at any moment.
 */
static int fix_attr(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct err *err)
{
	struct fs_entry one = inspection->entry; /* the look's descriptor */

	for (size_t i = 0; i < FILES_COUNT; i++) {
		const char *path =
			arena_printf(arena, "%s%s", spec->path, files_endings[i]);
		enum fs_outcome outcome;
		DECLARE_ERR(why);

		(void)snprintf(one.name, sizeof one.name, "%s%s", inspection->entry.name,
			files_endings[i]); /* else it has none of them */
		if (fs_fix_entry(spec->fs, &one, S_IFREG, &spec->attr, path, &outcome,
			    &why) == 0 ||
			why.code == ENOENT)
			continue;
		*err = why;
		return -1;
	}
	return 0;
}

/*
 * One attempt: 0 done · AGAIN: another was first, and all has to be looked at anew ·
 * -1.
 */
static int attempt(const struct db_spec *spec, struct arena *arena, struct db_report *ret,
	struct err *err)
{
	CLEANUP_INSPECTION struct inspection inspection = INSPECTION_INIT;
	int rc;

	if (find_out(spec, &inspection, false, arena, ret, err) < 0)
		return -1;
	if (ret->state == DB_ABSENT) {
		if (create_database(spec, ret, &ret->outcome, err) < 0)
			return -1;
		return ret->outcome == FS_THERE ? AGAIN : 0;
	}
	if (ret->state != DB_CURRENT &&
		upgrade_run(spec, &inspection, arena, ret, err) < 0)
		return -1;
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
	int64_t start = clock_us();

	for (int i = 0; i < TRIES; i++) {
		struct db_report report = {.outcome = FS_THERE};
		int rc = attempt(spec, arena, &report, err);

		if (rc < 0)
			return -1;
		if (rc == AGAIN)
			continue;
		report.duration_us = clock_us() - start;
		*ret = report;
		return 0;
	}
	return err_set(err, ERR_TEMPORARY, "'%s' comes and goes", spec->path);
}

const char *db_version(void)
{
	static char text[40]; /* the same at every call */

	(void)snprintf(text, sizeof text, "SQLite %s", sqlite3_libversion()); /* fits */
	return text;
}
