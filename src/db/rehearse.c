/* SPDX-License-Identifier: MIT */
/* Trying what is pending on a copy of the database. */
#include "db/rehearse.h"

#include <sqlite3.h>
#include <sys/statvfs.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/str.h"
#include "base/version.h"
#include "db/backup.h"
#include "db/create.h"
#include "db/inspect.h"
#include "db/migrate.h"
#include "db/schema.h"
#include "db/system_calls.h"

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

/* Has the database's directory room for a copy of it, and of what is in its -wal? */
static bool has_room(const struct inspection *inspection)
{
	uint64_t size = (uint64_t)inspection->st.st_size + (uint64_t)inspection->wal_size;
	struct statvfs fs;

	return fstatvfs(inspection->entry.dirfd, &fs) < 0 ||
		(uint64_t)fs.f_bavail * fs.f_frsize > size;
}

/* Where the copy may be, and how much room is free there. */
struct spot {
	const char *directory; /* NULL: nowhere */
	uint64_t room;
};

/* Beside the database, whose directory is `own`, or where temporary files are. */
static struct spot find_spot(const struct files *files, bool beside, const char *own)
{
	struct files in = *files;
	struct spot spot = {.directory = NULL};
	const char *directory;
	struct statvfs fs;

	in.beside = beside;
	/* Where files have names for a moment: one that is swept if we are killed. */
	CLEANUP_FD int fd = system_calls_open_temporary(
		&in, true, ".rehearsal." PROGRAM "-0probe", &directory);
	if (fd < 0 || fstatvfs(fd, &fs) < 0)
		return spot;
	spot.directory = directory ? directory : own;
	spot.room = (uint64_t)fs.f_bavail * fs.f_frsize;
	return spot;
}

/* Did the copy fail for lack of room? */
static bool is_full(const struct connection *copy)
{
	int code = copy->db ? sqlite3_errcode(copy->db) : SQLITE_OK;

	return code == SQLITE_FULL || code == SQLITE_CANTOPEN;
}

/* Adds that and where it was; returns -1. */
static int raise_full(const struct spot *spots, size_t count, struct err *err)
{
	const char *last = NULL;

	err_append(err, "; the copy needs more room than there is");
	for (size_t i = 0; i < count; i++) {
		if (!spots[i].directory || (last && str_equal(spots[i].directory, last)))
			continue;
		err_append(err, "%s '%s' has %llu KiB", last ? ", and" : ":",
			spots[i].directory, (unsigned long long)(spots[i].room / 1024));
		last = spots[i].directory;
	}
	return err_append(err, "%s; set TMPDIR to a directory that has it",
		last ? "" : ": no directory for temporary files can be written");
}

/* Copies it, closes it, and begins the upgrade of the copy: finds what is pending. */
static int begin(struct connection *copy, struct connection *from,
	const struct files *files, const struct db_spec *of_copy, struct arena *arena,
	struct db_report *ret, struct err *err)
{
	if (connection_open(copy, files, of_copy, COPY, err) < 0 ||
		backup_copy(copy, from, of_copy, "copying for the rehearsal", err) < 0 ||
		connection_close(from, err) < 0)
		return -1;
	connection_trust(copy);
	if (connection_exec(copy, "begin", "BEGIN IMMEDIATE", err) < 0)
		return -1;
	return migrate_compare(copy, of_copy, arena, ret, err);
}

static int finish(struct connection *copy, const struct db_spec *of_copy,
	const struct db_report *work, struct err *err)
{
	if (work->state == DB_CURRENT)
		return 0;
	if (migrate(copy, of_copy, VERIFY_STORED, work, err) < 0)
		return -1;
	return connection_exec(copy, "commit", "COMMIT", err);
}

/* Opens it, and finds whether another process has upgraded it meanwhile. */
static int open_locked(struct connection *from, const struct db_spec *spec,
	const struct files *files, struct arena *arena, bool *ret_current,
	struct err *err)
{
	struct db_report work = {.state = DB_ABSENT};

	if (connection_open(from, files, spec, UPGRADE, err) < 0 ||
		connection_exec(from, "begin", "BEGIN", err) < 0 ||
		migrate_compare(from, spec, arena, &work, err) < 0 ||
		connection_exec(from, "end", "COMMIT", err) < 0)
		return -1;
	*ret_current = work.state == DB_CURRENT;
	return 0;
}

/* Returns 0, 1 with an error if there was no room, or -1. */
static int try_upgrade(const struct db_spec *spec, const struct inspection *inspection,
	bool beside, struct arena *arena, struct err *err)
{
	CLEANUP_CONNECTION struct connection from = {0};
	CLEANUP_CONNECTION struct connection copy = {0};
	struct db_spec of_copy = spec_of_copy(spec, arena);
	struct db_report work = {.header = inspection->header};
	struct files files = inspect_files(inspection);
	bool current;

	files.beside = beside;
	if (open_locked(&from, spec, &files, arena, &current, err) < 0)
		return -1;
	if (current)
		return connection_close(&from, err);
	if (begin(&copy, &from, &files, &of_copy, arena, &work, err) == 0 &&
		finish(&copy, &of_copy, &work, err) == 0)
		return connection_close(&copy, err);
	(void)err_prefix(err, "'%s' is as it was: rehearsed on a copy", spec->path);
	return is_full(&copy) ? 1 : -1;
}

int rehearse_upgrade(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct err *err)
{
	struct files files = inspect_files(inspection);
	const char *own = path_dir(arena, spec->path);
	struct spot spots[2];
	bool beside = has_room(inspection);
	DECLARE_ERR(why);
	int rc = try_upgrade(spec, inspection, beside, arena, &why);

	if (rc == 0)
		return 0;
	spots[0] = find_spot(&files, true, own);
	spots[1] = find_spot(&files, false, own);
	if (rc == 1 && beside && spots[1].room > spots[0].room) {
		err_init(&why);
		rc = try_upgrade(spec, inspection, false, arena, &why);
	}
	if (rc == 0)
		return 0;
	*err = why;
	return rc == 1 ? raise_full(spots, 2, err) : -1;
}

/* Sets report->tried to what it does to the schema. */
static int compare(struct connection *copy, const struct db_spec *of_copy,
	const struct db_report *work, struct arena *arena, struct db_report *report,
	struct err *err)
{
	struct schema before, after;

	if (of_copy->backup && backup_check(copy, err) < 0)
		return err_prefix(err, "no backup could be made");
	if (schema_read(copy, arena, &before, err) < 0 ||
		finish(copy, of_copy, work, err) < 0 ||
		schema_read(copy, arena, &after, err) < 0)
		return -1;
	describe(&before, &after, "on a copy", arena, report);
	return 0;
}

int rehearse_plan(const struct db_spec *spec, const struct inspection *inspection,
	enum connection_purpose purpose, struct arena *arena, struct db_report *report,
	struct err *err)
{
	CLEANUP_CONNECTION struct connection from = {0};
	CLEANUP_CONNECTION struct connection copy = {0};
	struct db_spec of_copy = spec_of_copy(spec, arena);
	struct db_report work = {.header = inspection->header};
	struct files files = inspect_files(inspection);
	struct spot spot;

	if (connection_open(&from, &files, spec, purpose, err) < 0)
		return -1;
	files.beside = false;
	if (begin(&copy, &from, &files, &of_copy, arena, &work, err) == 0 &&
		compare(&copy, &of_copy, &work, arena, report, err) == 0)
		return connection_close(&copy, err);
	if (is_full(&copy)) {
		spot = find_spot(&files, false, NULL);
		(void)raise_full(&spot, 1, err); /* always -1 */
	}
	return err_prefix(err, "rehearsed on a copy");
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
