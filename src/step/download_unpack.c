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

/* Who tar(1) runs as; `room` outlives the helper. */
static void set_user(struct helper *helper, const struct fs_scratch_user *as,
	struct ctx *ctx, struct field_name room[2])
{
	if (geteuid() != 0 || is_usual(as, ctx))
		return;
	room[0] = name_of(as->uid, ctx);
	room[1] = name_of(as->gid, ctx);
	helper->user = &room[0];
	helper->group = &room[1];
}

int download_may_unpack(const struct step *step, struct ctx *ctx,
	const struct fs_attr *attr, struct err *err)
{
	const struct download_conf *conf = step->conf;
	const struct fs_scratch_user user = {
		.uid = attr->uid, .gid = attr->gid, .use = FS_SCRATCH_DIR};
	struct helper helper = {0};
	struct field_name room[2];

	/* Else as the owner of the directory that it goes into. */
	if (attr->uid != FS_INHERIT && attr->gid != (gid_t)FS_INHERIT) {
		set_user(&helper, &user, ctx, room);
		if (helper_become(&helper, step, ctx, err) < 0)
			return -1;
	}
	return fs_scratch_check(&ctx->fs, conf->path, &user, err);
}

struct unpacking {
	const struct step *step;
	struct ctx *ctx;
	int archive;
	const char *compression; /* tar's option, or NULL */
	const struct fs_scratch *scratch;
};

/*
 * Runs tar(1) on the archive, with these words that end with NULL, as the user and the
 * group of the scratch; fills `helper` but for its lines.
 */
static int run_tar(const struct unpacking *unpacking, const char *const *words,
	struct helper *helper, struct helper_result *ret, struct err *err)
{
	struct ctx *ctx = unpacking->ctx;
	struct field_name room[2];
	const char *const common[] = {"tar", "-f", "-", unpacking->compression, NULL};
	struct list argv = {0};

	for (size_t i = 0; common[i]; i++)
		list_add(&argv, ctx->arena, common[i], strlen(common[i]));
	for (; *words; words++)
		list_add(&argv, ctx->arena, *words, strlen(*words));
	set_user(helper, &unpacking->scratch->user, ctx, room);
	helper->argv = &argv;
	helper->tool = true;
	helper->input = unpacking->archive;
	if (lseek(unpacking->archive, 0, SEEK_SET) < 0)
		return err_sys(err, "read the archive");
	return helper_run(helper, unpacking->step, ctx, ret, err);
}

/* Takes the name of the first device from lines as those of ls(1). */
static void find_device(void *user, const char *line, size_t size)
{
	const char *blank = memrchr(line, ' ', size);
	struct buf *device = user;

	if (!device->len && blank && (*line == 'b' || *line == 'c'))
		buf_add(device, blank + 1, (size_t)(line + size - blank - 1));
}

/*
 * Who may not make a device is left without it: by GNU's tar with an error, by BusyBox's
 * with a line of output and the status 0.
 */
static int refuse_devices(const struct unpacking *unpacking, struct err *err)
{
	static const char *const words[] = {"-t", "-v", NULL};
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;
	CLEANUP_BUF struct buf device = BUF_INIT;
	struct helper helper = {.line = find_device, .line_user = &device};

	if (run_tar(unpacking, words, &helper, &result, err) < 0)
		return -1;
	return device.len ? err_fail(err,
				    "the archive has the device '%s': there may only be "
				    "files, directories and links in it",
				    device.data)
			  : 0;
}

static int unpack(const struct unpacking *unpacking, struct err *err)
{
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;
	const struct download_conf *conf = unpacking->step->conf;
	struct helper helper = {0};
	const char *const words[] = {
		"-x",
		"-o",
		"--no-same-permissions",
		"-C",
		unpacking->scratch->path,
		conf->strip ? arena_printf(unpacking->ctx->arena,
				      "--strip-components=%lld", (long long)conf->strip)
			    : NULL,
		NULL,
	};
	int rc = run_tar(unpacking, words, &helper, &result, err);

	if (rc == 0 && result.tail.len)
		rc = refuse_devices(unpacking, err);
	if (rc == 0 && result.status != 0)
		rc = helper_failed(&result, err);
	return rc < 0 ? err_prefix(err, "unpack '%s'", conf->path) : 0;
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
	struct unpacking unpacking = {
		.step = step, .ctx = ctx, .archive = archive, .scratch = &scratch};
	enum fs_outcome outcome;

	if (download_archive_option(conf->path, archive, &unpacking.compression, err) <
			0 ||
		fs_scratch_open(&ctx->fs, &scratch, conf->path, &user, err) < 0 ||
		unpack(&unpacking, err) < 0 || judge(conf, &scratch, err) < 0 ||
		download_mark(conf, &scratch, attr, err) < 0 ||
		fs_scratch_publish_dir(&scratch, &outcome, err) < 0)
		return -1;
	return outcome == FS_MADE;
}
