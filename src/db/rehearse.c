/* SPDX-License-Identifier: MIT */
/* Trying what is pending on a copy of the database. */
#include "db/rehearse.h"

#include <sqlite3.h>
#include <sys/statvfs.h>

#include "base/buf.h"
#include "base/err.h"
#include "db/backup.h"
#include "db/compare.h"
#include "db/create.h"
#include "db/inspect.h"
#include "db/migrate.h"
#include "db/schema.h"

/* What is said of the copy must not be taken for the database. */
static struct db_spec spec_of_copy(const struct db_spec *spec, struct arena *arena)
{
	struct db_spec copy = *spec;

	copy.path = arena_printf(arena, "%s (rehearsal)", spec->path);
	return copy;
}

static void describe(const struct schema *before, const struct schema *after,
	const char *where, struct arena *arena, struct db_report *report)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const char **lines;
	size_t count = schema_compare(before, after, arena, &lines);

	buf_printf(&text, "rehearsed %s: %s", where,
		count ? "it would work, and change the schema by"
		      : "it would work, and leave the schema as it is");
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "\n%s", lines[i]);
	report->tried = arena_strdup(arena, text.data);
}

/* With `report` the difference of the schema is described in it. */
static int upgrade_copy(struct connection *copy, const struct db_spec *spec,
	struct arena *arena, struct db_report *report, struct err *err)
{
	struct schema before, after;
	struct db_report work = {.state = DB_ABSENT};

	connection_trust(copy);
	if (report && spec->backup && backup_check(copy, err) < 0)
		return err_prefix(err, "no backup could be made");
	if (connection_exec(copy, "begin", "BEGIN IMMEDIATE", err) < 0 ||
		migrate_compare(copy, spec, arena, &work, err) < 0)
		return -1;
	if (report && schema_read(copy, arena, &before, err) < 0)
		return -1;
	if (work.state != DB_CURRENT &&
		(migrate(copy, spec, VERIFY_STORED, &work, err) < 0 ||
			connection_exec(copy, "commit", "COMMIT", err) < 0))
		return -1;
	if (!report)
		return 0;
	if (schema_read(copy, arena, &after, err) < 0)
		return -1;
	describe(&before, &after, "on a copy", arena, report);
	return 0;
}

/* Another process may have upgraded it while we waited for the lock. Or -1. */
static int is_current(struct connection *from, const struct db_spec *spec,
	struct arena *arena, struct err *err)
{
	struct db_report work = {.state = DB_ABSENT};
	struct ledger ledger;
	int rc = connection_exec(from, "begin", "BEGIN", err);

	if (rc == 0)
		rc = compare_read(from, spec, arena, &ledger, err);
	if (rc == 1)
		rc = connection_fail(from, "read the ledger", err);
	if (rc == 0)
		rc = compare_ledger(spec, &ledger, false, arena, &work, err);
	if (rc == 0)
		rc = connection_exec(from, "end", "COMMIT", err);
	return rc == 0 ? work.state == DB_CURRENT : -1;
}

/* Has the database's directory room for a copy of it? */
static bool has_room(const struct inspection *inspection)
{
	struct statvfs fs;

	return fstatvfs(inspection->entry.dirfd, &fs) < 0 ||
		(uint64_t)fs.f_bavail * fs.f_frsize > (uint64_t)inspection->st.st_size;
}

static void explain_room(const struct connection *copy, struct err *err)
{
	int code = copy->db ? sqlite3_errcode(copy->db) : SQLITE_OK;

	if (code == SQLITE_FULL || code == SQLITE_CANTOPEN)
		err_append(err,
			"; the copy needs more room than there is: set TMPDIR to a "
			"directory that has it");
}

static int rehearse(const struct db_spec *spec, const struct inspection *inspection,
	enum connection_purpose purpose, struct arena *arena, struct db_report *report,
	struct err *err)
{
	CLEANUP_CONNECTION struct connection from = {0};
	CLEANUP_CONNECTION struct connection copy = {0};
	struct db_spec of_copy = spec_of_copy(spec, arena);
	struct files files = inspect_files(inspection);
	int current = 0;

	if (connection_open(&from, &files, spec, purpose, err) < 0)
		return -1;
	if (purpose == UPGRADE)
		current = is_current(&from, spec, arena, err);
	if (current != 0)
		return current < 0 ? -1 : connection_close(&from, err);
	files.beside = purpose == UPGRADE && has_room(inspection);
	if (connection_open(&copy, &files, &of_copy, COPY, err) < 0 ||
		backup_copy(&copy, &from, spec, "copying for the rehearsal", err) < 0 ||
		connection_close(&from, err) < 0 ||
		upgrade_copy(&copy, &of_copy, arena, report, err) < 0) {
		explain_room(&copy, err);
		return err_prefix(err, "rehearsed on a copy");
	}
	return connection_close(&copy, err);
}

int rehearse_upgrade(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct err *err)
{
	return rehearse(spec, inspection, UPGRADE, arena, NULL, err);
}

int rehearse_plan(const struct db_spec *spec, const struct inspection *inspection,
	enum connection_purpose purpose, struct arena *arena, struct db_report *report,
	struct err *err)
{
	return rehearse(spec, inspection, purpose, arena, report, err);
}

int rehearse_creation(const struct db_spec *spec, struct arena *arena,
	struct db_report *report, struct err *err)
{
	CLEANUP_CONNECTION struct connection connection = {0};
	struct db_spec of_copy = spec_of_copy(spec, arena);
	const struct schema nothing = {.count = 0};
	struct schema after;

	if (connection_open(&connection, NULL, &of_copy, MEMORY, err) < 0)
		return -1;
	connection_trust(&connection);
	if (create_fill(&connection, &of_copy, report, err) < 0 ||
		schema_read(&connection, arena, &after, err) < 0)
		return err_prefix(err, "rehearsed in memory");
	describe(&nothing, &after, "in memory", arena, report);
	return connection_close(&connection, err);
}
