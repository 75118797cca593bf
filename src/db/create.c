/* SPDX-License-Identifier: MIT */
/* Making a database that is not there. */
#include "db/create.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "db/connection.h"
#include "db/journal.h"
#include "db/inspect.h"
#include "db/pragma.h"
#include "db/execute.h"
#include "db/verify.h"

/*
 * WAL is the only mode that is kept in the file; the others are the application's
 * choice.
 */
static int set_journal_mode(
	struct connection *connection, const struct db_spec *spec, struct err *err)
{
	if (!journal_wants_wal(spec))
		return 0;
	return connection_exec(
		connection, "switch to WAL", "PRAGMA main.journal_mode=wal", err);
}

/* All in one transaction: there is no state in between, even in the temporary. */
static int fill(struct connection *connection, const struct db_spec *spec,
	const struct db_report *work, struct err *err)
{
	if (pragma_set(connection, spec, err) < 0 ||
		connection_exec(connection, "begin", "BEGIN IMMEDIATE", err) < 0 ||
		verify_begin(connection, err) < 0 ||
		execute_migrations(connection, spec, work, err) < 0 ||
		verify_end(connection, spec, err) < 0 ||
		connection_exec(connection, "commit", "COMMIT", err) < 0)
		return -1;
	return set_journal_mode(connection, spec, err);
}

static int build(const struct fs_stage *stage, const struct db_spec *spec,
	const struct db_report *work, struct err *err)
{
	CLEANUP_CONNECTION struct connection connection = CONNECTION_INIT;
	struct files files;

	if (files_of_stage(stage, &files, err) < 0 ||
		connection_open(&connection, &files, spec, BUILD, err) < 0 ||
		fill(&connection, spec, work, err) < 0)
		return -1;
	return connection_close(&connection, err);
}

/* After an error; a kill leaves them to the sweep that takes the temporary. */
static void remove_sidecars(const struct fs_stage *stage)
{
	char name[320];

	for (size_t i = 1; i < FILES_COUNT; i++) {
		(void)snprintf(name, sizeof name, "%s%s", stage->temp,
			files_endings[i]); /* fits */
		/* Mostly it is not there, and what cannot go now is swept later. */
		(void)unlinkat(stage->dirfd, name, 0);
	}
}

/*
 * What a clean close leaves is one file; and nothing may lie in wait for it at its
 * name.
 */
static int check_sidecars(const struct fs_stage *stage, bool *ret_there, struct err *err)
{
	CLEANUP_BUF struct buf names = BUF_INIT;
	struct stat st;
	int rc = inspect_sidecars(stage->dirfd, stage->temp, &names, err);

	*ret_there = false;
	if (rc == 1)
		return err_fail(err, "SQLite left %s behind", names.data);
	if (rc == 0)
		rc = inspect_sidecars(stage->entry.dirfd, stage->entry.name, &names, err);
	if (rc != 1)
		return rc;
	/* They may be those of a database that somebody else has published meanwhile. */
	if (fstatat(stage->entry.dirfd, stage->entry.name, &st, AT_SYMLINK_NOFOLLOW) ==
		0) {
		*ret_there = true;
		return 0;
	}
	return err_fail(err, "'%s' is not there, but now %s of it; move these files away",
		stage->path, names.data);
}

int create_database(const struct db_spec *spec, const struct db_report *work,
	enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	bool there;

	if (fs_stage_open(spec->fs, &stage, spec->path, &spec->attr, err) < 0)
		return -1;
	if (journal_check(spec, stage.entry.dirfd, false, true, err) < 0)
		return -1;
	if (build(&stage, spec, work, err) < 0) {
		remove_sidecars(&stage);
		return err_prefix(err, "'%s' was not made", spec->path);
	}
	if (check_sidecars(&stage, &there, err) < 0)
		return -1;
	if (there) {
		*ret_outcome = FS_THERE;
		return 0;
	}
	return fs_stage_publish(&stage, false, ret_outcome, err);
}
