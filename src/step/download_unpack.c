/* SPDX-License-Identifier: MIT */
/*
 * Unpacking an archive by the platform's tar(1): formats and compressions are its
 * business, and it runs as the user whom the files are to belong to.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_scratch.h"
#include "base/str.h"
#include "step/download_work.h"
#include "step/helper.h"
#include "step/step.h"

/* Is it run as we, or the application, anyway? */
static bool is_usual(const struct fs_scratch_user *user, const struct ctx *ctx)
{
	if (ctx->app.set)
		return user->uid == ctx->app.uid && user->gid == ctx->app.gid;
	return user->uid == geteuid() && user->gid == getegid();
}

/* An id as a user or group is written. */
static struct field_name name_of(unsigned id, struct ctx *ctx)
{
	return (struct field_name){.name = arena_printf(ctx->arena, "%u", id)};
}

/* Runs it as the user and the group of the scratch. */
static int run_tar(const struct step *step, struct ctx *ctx, int archive,
	const char *compression, const struct fs_scratch *scratch, struct err *err)
{
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;
	const struct download_conf *conf = step->conf;
	const struct field_name user = name_of(scratch->user.uid, ctx);
	const struct field_name group = name_of(scratch->user.gid, ctx);
	struct helper helper = {0};
	struct list argv = {0};
	const char *const words[] = {
		"tar",
		"-x",
		"-o",
		"--no-same-permissions",
		"-f",
		"-",
		"-C",
		scratch->path,
		conf->strip ? arena_printf(ctx->arena, "--strip-components=%lld",
				      (long long)conf->strip)
			    : NULL,
		compression,
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i])
			list_add(&argv, ctx->arena, words[i], strlen(words[i]));
	if (geteuid() == 0 && !is_usual(&scratch->user, ctx)) {
		helper.user = &user;
		helper.group = &group;
	}
	helper.argv = &argv;
	helper.input = archive;
	if (lseek(archive, 0, SEEK_SET) < 0)
		return err_sys(err, "read the archive of '%s'", conf->path);
	if (helper_run(&helper, step, ctx, &result, err) < 0)
		return err_prefix(err, "unpack '%s'", conf->path);
	if (result.status == 0)
		return 0;
	(void)helper_failed(&result, err); /* always -1 */
	return err_prefix(err, "unpack '%s'", conf->path);
}

/* Is there anything, and nothing that an archive is not to have? */
static int judge(
	const struct download_conf *conf, struct fs_scratch *scratch, struct err *err)
{
	size_t count;

	if (fs_scratch_confine(scratch, &count, err) < 0)
		return -1;
	if (count)
		return 0;
	return conf->strip
		? err_fail(err,
			  "unpack '%s': with strip = %lld nothing is left of "
			  "the names in the archive",
			  conf->path, (long long)conf->strip)
		: err_fail(err, "unpack '%s': the archive is empty", conf->path);
}

int download_unpack(const struct step *step, struct ctx *ctx, int archive,
	const struct fs_attr *attr, struct err *err)
{
	const struct download_conf *conf = step->conf;
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	const struct fs_scratch_user user = {
		.uid = attr->uid,
		.gid = attr->gid,
		.use = FS_SCRATCH_DIR,
		.tmpdir = env_get(ctx->env, "TMPDIR"),
		.stop = ctx->stop,
	};
	const char *compression;
	enum fs_outcome outcome;

	if (download_archive_option(conf->path, archive, &compression, err) < 0 ||
		fs_scratch_open(&ctx->fs, &scratch, conf->path, &user, err) < 0 ||
		run_tar(step, ctx, archive, compression, &scratch, err) < 0 ||
		judge(conf, &scratch, err) < 0 ||
		download_mark(conf, &scratch, attr, err) < 0 ||
		fs_scratch_publish_dir(&scratch, &outcome, err) < 0)
		return -1;
	return outcome == FS_MADE;
}
