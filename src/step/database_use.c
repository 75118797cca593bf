/* SPDX-License-Identifier: MIT */
/* Can the application's user use a database? */
#include "step/database_use.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "db/files.h"
#include "step/owner.h"
#include "step/parents.h"
#include "step/step.h"

static int may_use(const struct ctx *ctx, int dirfd, const char *name,
	const struct stat *st, int mode, struct err *err)
{
	struct statvfs vfs;

	if (fstatvfs(dirfd, &vfs) == 0 && (vfs.f_flag & ST_RDONLY))
		mode &= ~W_OK;
	if (owner_may(&ctx->app, st, (mode_t)mode))
		return 1;
	return owner_access(&ctx->app, dirfd, name, mode, ctx->stop, err);
}

static int check_directory(
	struct ctx *ctx, const struct fs_entry *entry, const char *path, struct err *err)
{
	const char *directory = path_dir(ctx->arena, path);
	struct stat st;
	int rc;

	if (fstat(entry->dirfd, &st) < 0)
		return err_sys(err, "stat '%s'", directory);
	rc = may_use(ctx, entry->dirfd, ".", &st, W_OK | X_OK, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return err_fail(err,
		"the directory '%s' of the database belongs to %u:%u with mode %04o, and "
		"the application's user %u cannot write there, as SQLite must; %s, or "
		"put the database into a directory of its own",
		directory, st.st_uid, st.st_gid, (unsigned)(st.st_mode & 07777),
		ctx->app.uid,
		owner_advice(ctx, ctx->app.uid, "a [directory:…] of that path"));
}

static int check_file(struct ctx *ctx, const struct fs_entry *entry, const char *path,
	const char *ending, struct err *err)
{
	char name[300];
	struct stat st;
	int rc;

	(void)snprintf(name, sizeof name, "%s%s", entry->name, ending); /* 255 and 8 */
	/* What is no file is not used, but refused. */
	if (fstatat(entry->dirfd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		!S_ISREG(st.st_mode))
		return 0;
	rc = may_use(ctx, entry->dirfd, name, &st, R_OK | W_OK, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return err_fail(err,
		"'%s%s' belongs to %u:%u with mode %04o, and the application's user %u "
		"cannot read and write it; %s, or a wider `mode`%s",
		path, ending, st.st_uid, st.st_gid, (unsigned)(st.st_mode & 07777),
		ctx->app.uid, owner_advice(ctx, ctx->app.uid, "the step"),
		*ending ? ", or give it to that user" : "");
}

/* Its directory would belong to the owner of the one that it goes into. */
static int check_missing(struct ctx *ctx, const char *path, struct err *err)
{
	const char *directory = path_dir(ctx->arena, path);
	const char *above = directory;
	struct stat st;
	int rc = 1;

	while (rc == 1 && !str_equal(above, "/")) {
		above = path_dir(ctx->arena, above);
		rc = str_equal(above, "/") ? stat(above, &st)
					   : fs_lookup(&ctx->fs, above, FS_ANY, &st, err);
	}
	if (rc != 0 || st.st_uid == ctx->app.uid)
		return rc < 0 ? -1 : 0;
	return err_fail(err,
		"the directory '%s' of the database is missing, and would belong to user "
		"%u like '%s', where the application's user %u cannot write, as SQLite "
		"must; make it with a [directory:…] step",
		directory, st.st_uid, above, ctx->app.uid);
}

int database_use(struct ctx *ctx, const char *path, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc;

	if (geteuid() != 0 || !ctx->app.set || ctx->app.uid == 0)
		return 0;
	/* What an earlier step is still to make, or to put right, is not known yet. */
	if (parents_planned_above(ctx, path))
		return 0;
	rc = fs_walk(&ctx->fs, path, &entry, err);
	if (rc != 0)
		return rc < 0 ? -1 : check_missing(ctx, path, err);
	if (check_directory(ctx, &entry, path, err) < 0)
		return -1;
	for (size_t i = 0; i < FILES_COUNT; i++)
		if (check_file(ctx, &entry, path, files_endings[i], err) < 0)
			return -1;
	return 0;
}
