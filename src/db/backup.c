/* SPDX-License-Identifier: MIT */
/* A copy of a database as it is just before it is changed. */
#include "db/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/stop.h"
#include "base/str.h"
#include "db/connection.h"
#include "db/db.h"
#include "db/inspect.h"
#include "db/verify_pages.h"

#define MARK       ".bak-"
#define FORM       "00000000T000000.000Z" /* of the time in a name: a digit for each 0 */
#define UNFINISHED ".upgrading"
#define PAGES      1000 /* copied between two checks for the stop signal */

/* ---- names ---- */

/* 2026-01-31T08:15:30.123Z without what some file systems do not allow in a name. */
static void name_time(char ret[CLOCK_TEXT_MAX])
{
	char text[CLOCK_TEXT_MAX];
	size_t to = 0;

	clock_text(text);
	for (size_t i = 0; text[i]; i++)
		if (text[i] != '-' && text[i] != ':')
			ret[to++] = text[i];
	ret[to] = '\0';
}

static int set_names(struct backup *backup, const struct db_spec *spec,
	const struct inspection *inspection, struct arena *arena, struct err *err)
{
	char when[CLOCK_TEXT_MAX];

	name_time(when);
	backup->dirfd = inspection->entry.dirfd;
	backup->path = arena_printf(arena, "%s" MARK "%s", spec->path, when);
	backup->name = arena_printf(arena, "%s" MARK "%s", inspection->entry.name, when);
	backup->upgrading = arena_printf(arena, "%s" UNFINISHED, backup->name);
	return strlen(backup->upgrading) > NAME_MAX
		? err_fail(err, "the name of the backup is too long")
		: 0;
}

/* Returns what follows the time in the name of a backup of `name`, or NULL. */
static const char *after_time(const char *file, const char *name)
{
	size_t size = strlen(name);

	if (strncmp(file, name, size) != 0 || !str_starts(file + size, MARK))
		return NULL;
	file += size + strlen(MARK);
	for (size_t i = 0; FORM[i]; i++)
		if (FORM[i] == '0' ? !str_is_digit(file[i]) : file[i] != FORM[i])
			return NULL;
	return file + strlen(FORM);
}

static bool is_backup(const char *file, const char *name)
{
	const char *rest = after_time(file, name);

	return rest && !*rest;
}

/* Is it what only a killed attempt leaves: a copy, or its temporary file? */
static bool is_leftover(const char *file, const char *name)
{
	const char *copy = after_time(file, name);
	const char *temporary = file[0] == '.' ? after_time(file + 1, name) : NULL;

	return (copy && str_equal(copy, UNFINISHED)) ||
		(temporary && str_starts(temporary, UNFINISHED "."));
}

/* ---- the directory ---- */

/* What cannot be removed now is found again by the next attempt. */
static void remove_leftovers(const struct inspection *inspection)
{
	CLEANUP_DIR DIR *dir = fd_list(inspection->entry.dirfd, ".");
	const struct dirent *entry;

	while (dir && (entry = fd_next(dir)))
		if (is_leftover(entry->d_name, inspection->entry.name))
			(void)unlinkat(inspection->entry.dirfd, entry->d_name, 0);
}

/* ---- making a backup ---- */

int backup_copy(struct connection *to, struct connection *from,
	const struct db_spec *spec, const char *what, struct err *err)
{
	sqlite3_backup *copy = sqlite3_backup_init(to->db, "main", from->db, "main");
	int rc = SQLITE_OK;

	if (!copy)
		return connection_fail(to, "copy", err);
	while (rc == SQLITE_OK) {
		if (stop_check(spec->stop, &to->stopped) < 0)
			break;
		rc = sqlite3_backup_step(copy, PAGES);
		progress_set(&to->progress, "%s, %d of %d pages", what,
			sqlite3_backup_pagecount(copy) - sqlite3_backup_remaining(copy),
			sqlite3_backup_pagecount(copy));
	}
	(void)sqlite3_backup_finish(copy); /* leaves its error with `to` */
	if (rc == SQLITE_DONE)
		return 0;
	return connection_fail(to, "copy", err);
}

static int copy(const struct fs_stage *stage, const struct db_spec *spec,
	const struct inspection *inspection, struct err *err)
{
	CLEANUP_CONNECTION struct connection from = {0};
	CLEANUP_CONNECTION struct connection to = {0};
	struct files here = inspect_files(inspection);
	struct files there;

	if (files_of_stage(stage, &there, err) < 0 ||
		connection_open(&from, &here, spec, COPY_FROM, err) < 0 ||
		connection_open(&to, &there, spec, BUILD, err) < 0 ||
		backup_copy(&to, &from, spec, "backing up", err) < 0 ||
		connection_close(&to, err) < 0)
		return -1;
	return connection_close(&from, err);
}

int backup_check(struct connection *connection, struct err *err)
{
	DECLARE_ERR(why);

	if (verify_pages(connection, DB_QUICK, &why) == 0)
		return 0;
	if (why.kind == ERR_FAILED)
		return err_fail(err,
			"%s (quick_check of the whole copy); repair it, or write "
			"`backup = none`",
			why.text);
	*err = why;
	return -1;
}

static int check_copy(const struct fs_stage *stage, const struct backup *backup,
	const struct db_spec *spec, struct err *err)
{
	CLEANUP_CONNECTION struct connection connection = {0};
	struct db_spec of_copy = *spec;
	struct files files;

	of_copy.path = backup->path;
	if (files_of_stage(stage, &files, err) < 0 ||
		connection_open(&connection, &files, &of_copy, READ_IMMUTABLE, err) < 0)
		return -1;
	connection_trust(&connection);
	return backup_check(&connection, err) < 0 ? -1
						  : connection_close(&connection, err);
}

static int publish(struct fs_stage *stage, struct err *err)
{
	enum fs_outcome outcome;

	if (fs_stage_publish(stage, false, &outcome, err) < 0)
		return -1;
	return outcome == FS_MADE
		? 0
		: err_set(err, ERR_TEMPORARY, "'%s' already exists", stage->path);
}

int backup_make(struct backup *backup, const struct db_spec *spec,
	const struct inspection *inspection, bool locked, struct arena *arena,
	struct err *err)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	struct fs_attr attr = {
		.mode = inspection->st.st_mode & 0777,
		.uid = inspection->st.st_uid,
		.gid = inspection->st.st_gid,
	};
	struct backup made;

	if (locked)
		remove_leftovers(inspection);
	if (set_names(&made, spec, inspection, arena, err) < 0)
		return -1;
	if (fs_stage_open(spec->fs, &stage,
		    arena_printf(arena, "%s" UNFINISHED, made.path), &attr, err) < 0 ||
		copy(&stage, spec, inspection, err) < 0 ||
		fs_stage_settle(&stage, err) < 0 ||
		check_copy(&stage, &made, spec, err) < 0 || publish(&stage, err) < 0)
		return err_prefix(err, "no backup could be made");
	*backup = made;
	return 0;
}

int backup_keep(struct backup *backup, struct err *err)
{
	if (!backup->path)
		return 0;
	if (renameat(backup->dirfd, backup->upgrading, backup->dirfd, backup->name) < 0 ||
		fs_sync_dir(backup->dirfd) < 0)
		return err_sys(err, "keep the backup '%s'", backup->path);
	return 0;
}

void backup_withdraw(struct backup *backup)
{
	if (!backup->path)
		return;
	/* It has one of the two names; a failure is left to the next attempt. */
	(void)unlinkat(backup->dirfd, backup->upgrading, 0);
	(void)unlinkat(backup->dirfd, backup->name, 0);
	*backup = (struct backup){0};
}

/* ---- old backups ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A file of another user must not displace our backups. */
static bool is_ours(const struct files *files, const char *name)
{
	struct stat st;

	return fstatat(files->dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		files_accept(files, &st);
}

static void remove_old(const struct db_spec *spec, int dirfd, const char *name)
{
	if (unlinkat(dirfd, name, 0) == 0)
		log_info(spec->ledger.log, "'%s': removed the old backup '%s'",
			spec->path, name);
	else
		log_warn(spec->ledger.log, "'%s': remove the old backup '%s': %s",
			spec->path, name, strerror(errno));
}

/*
 * The backups that there are, oldest first: fewer where they cannot all be read, which
 * keeps more of them. Returns their number; errno says why there are fewer, or is 0.
 */
static size_t list_backups(
	const struct files *files, struct arena *arena, const char ***ret)
{
	CLEANUP_DIR DIR *dir = fd_list(files->dirfd, ".");
	const struct dirent *entry;
	const char **names = NULL;
	size_t count = 0;
	int code;

	while (dir && (entry = fd_next(dir))) {
		if (!is_backup(entry->d_name, files->name) ||
			!is_ours(files, entry->d_name))
			continue;
		names = arena_array_grow(arena, names, count, sizeof *names);
		names[count++] = arena_strdup(arena, entry->d_name);
	}
	code = errno;
	if (count > 1)
		qsort(names, count, sizeof *names, by_name);
	*ret = names;
	errno = code;
	return count;
}

/*
 * The names of those that are too many once there are so many `more`. Returns their
 * number; errno as list_backups() sets it.
 */
static size_t find_surplus(const struct db_spec *spec,
	const struct inspection *inspection, size_t more, struct arena *arena,
	const char ***ret)
{
	struct files files = inspect_files(inspection);
	size_t count;

	errno = 0;
	if (!spec->backup || !spec->keep_backups)
		return 0;
	count = list_backups(&files, arena, ret);
	if (count + more <= (uint64_t)spec->keep_backups)
		return 0;
	more += count - (size_t)spec->keep_backups;
	return more < count ? more : count;
}

void backup_foresee(const struct db_spec *spec, const struct inspection *inspection,
	struct arena *arena, struct db_report *report)
{
	if (report->state == DB_PENDING)
		report->surplus_count =
			find_surplus(spec, inspection, 1, arena, &report->surplus);
}

void backup_prune(const struct db_spec *spec, const struct inspection *inspection)
{
	struct arena arena = {0};
	const char **names;
	size_t count = find_surplus(spec, inspection, 0, &arena, &names);

	if (errno)
		log_warn(spec->ledger.log, "'%s': read which of its backups are old: %s",
			spec->path, strerror(errno));
	for (size_t i = 0; i < count; i++)
		remove_old(spec, inspection->entry.dirfd, names[i]);
	arena_release(&arena);
}
