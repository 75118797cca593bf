/* SPDX-License-Identifier: MIT */
/* The kind `download`: a file that is fetched, verified, and only then published. */
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_left.h"
#include "base/log.h"
#include "base/str.h"
#include "step/clash.h"
#include "step/download_work.h"
#include "step/mounted.h"
#include "step/parents.h"
#include "step/step.h"

/* ---- what is there ---- */

enum content { MISSING, OTHER, SAME };

/* Does the file hold what the step names? `why` has the reason if not. */
static int look(const struct download_conf *conf, struct ctx *ctx, struct stat *ret,
	struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf signature = BUF_INIT;
	CLEANUP_HASHES struct download_hashes hashes = {.size = 0};
	CLEANUP_FD int fd = -1;
	int rc = fs_open_file(&ctx->fs, conf->path, FS_TARGET, &fd, ret, err);
	int unsigned_rc;

	if (rc != 0)
		return rc < 0 ? -1 : MISSING;
	if (conf->size && ret->st_size != conf->size) {
		buf_printf(why, "has %lld bytes, not %lld", (long long)ret->st_size,
			(long long)conf->size);
		return OTHER;
	}
	unsigned_rc = download_signature_read(conf, ctx, &signature, why, err);
	if (unsigned_rc < 0)
		return -1;
	if (why->len)
		return OTHER;
	download_hashes_begin(&hashes, conf);
	if (download_hashes_read(&hashes, fd, conf->path, ctx, err) < 0)
		return -1;
	return download_verify(&hashes, conf, fd, unsigned_rc ? NULL : &signature, why)
		? SAME
		: OTHER;
}

static const char *shown(const struct download_conf *conf, struct ctx *ctx)
{
	struct url url;
	const char *first = "its URL";
	DECLARE_ERR(ignored); /* each was judged when it was expanded */

	if (url_parse(conf->url.items[0], ctx->arena, &url, &ignored) == 0)
		first = url.shown;
	return conf->url.count < 2 ? first
				   : arena_printf(ctx->arena, "%s (or %zu more)", first,
					     conf->url.count - 1);
}

/* Mode and owner of what is made. */
static int find_attr(
	const struct step *step, struct ctx *ctx, struct fs_attr *ret, struct err *err)
{
	const struct download_conf *conf = step->conf;

	if (owner_attr(step, ctx, &conf->access, ret, err) < 0)
		return -1;
	if (!conf->access.mode.set)
		ret->mode = conf->unpack ? 0755 : 0644;
	return 0;
}

/* What is there is not what it should be, with the reason in `differs`. */
static int check_fix(const char *path, struct ctx *ctx, const char *differs,
	struct buf *why, struct err *err)
{
	step_change(ctx, CHANGE_CHANGED);
	buf_truncate(why, 0);
	buf_printf(why, "fix '%s': %s", path, differs);
	return parents_check_fix(ctx, path, err);
}

#define LEFT "what a start had fetched of '%s' before"

/* It is right, but for what a start that was killed may have left beside it. */
static int check_left(const char *path, struct ctx *ctx, struct buf *why)
{
	if (ctx->waiting || !fs_left_is_idle(&ctx->fs, path))
		return IN_PLACE;
	step_change(ctx, CHANGE_REMOVED);
	buf_truncate(why, 0);
	buf_printf(why, "remove " LEFT, path);
	return TO_DO;
}

/* Returns 1 where that was removed, or 0. */
static int remove_left(const char *path, struct ctx *ctx, struct buf *did)
{
	if (!fs_left_remove(&ctx->fs, path))
		return 0;
	step_change(ctx, CHANGE_REMOVED);
	buf_truncate(did, 0);
	buf_printf(did, "removed " LEFT, path);
	return 1;
}

static int check_directory(const struct step *step, struct ctx *ctx,
	const struct fs_attr *attr, struct buf *why, struct err *err)
{
	const struct download_conf *conf = step->conf;
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct stat st;
	int rc = download_check_unpacked(step, ctx, attr, &st, why, err);

	if (rc == IN_PLACE && fs_attr_differs(&st, attr, &differs))
		return check_fix(conf->path, ctx, differs.data, why, err);
	if (rc == IN_PLACE) {
		owner_warn(ctx, attr, conf->path, &st, false);
		return check_left(conf->path, ctx, why);
	}
	if (rc < 0)
		return -1;
	buf_printf(why, "download and unpack '%s' from %s", conf->path, shown(conf, ctx));
	if (download_archive_look_up(step, ctx, err) < 0 ||
		download_may_unpack(step, ctx, attr, err) < 0 ||
		download_sources_check(step, ctx, err) < 0)
		return -1;
	return parents_check_new(ctx, "create", conf->path, why, err);
}

static int check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct download_conf *conf = step->conf;
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct fs_attr attr;
	struct stat st;
	int state;

	if (find_attr(step, ctx, &attr, err) < 0)
		return -1;
	if (conf->unpack)
		return check_directory(step, ctx, &attr, why, err);
	state = look(conf, ctx, &st, &differs, err);
	if (state < 0 || (state != SAME && download_sources_check(step, ctx, err) < 0))
		return -1;
	if (state == MISSING) {
		buf_printf(why, "download '%s' from %s", conf->path, shown(conf, ctx));
		return parents_check_new(ctx, "create", conf->path, why, err);
	}
	if (state == OTHER) {
		step_change(ctx, CHANGE_CHANGED);
		buf_printf(why, "download '%s' anew from %s: it %s%s", conf->path,
			shown(conf, ctx), differs.data,
			conf->offline_ok ? "; it is kept where none can be fetched" : "");
		return parents_check(ctx, "create", conf->path, err);
	}
	if (fs_attr_differs(&st, &attr, &differs))
		return check_fix(conf->path, ctx, differs.data, why, err);
	owner_warn(ctx, &attr, conf->path, &st, false);
	buf_printf(why, "'%s' is what was asked for", conf->path);
	return check_left(conf->path, ctx, why);
}

/* ---- making it ---- */

/* The signature goes first: without it the file would be wrong, and fetched again. */
static int publish(const struct step *step, struct ctx *ctx,
	struct download_memory *memory, const struct buf *signature,
	const struct fs_attr *attr, struct err *err)
{
	const struct download_conf *conf = step->conf;
	enum fs_outcome outcome;

	if (*conf->minisign &&
		fs_write(&ctx->fs, download_signature_path(conf, ctx->arena),
			signature->data, signature->len, attr, true, &outcome, err) < 0)
		return -1;
	if (fs_stage_publish(&memory->stage, true, &outcome, err) < 0)
		return -1;
	if (outcome == FS_NOT_ATOMIC)
		mounted_warn(ctx, conf->path);
	return 0;
}

/* It may have come, or have been removed, since it was looked at. */
static bool is_there(const struct download_conf *conf, struct ctx *ctx)
{
	struct stat st;
	DECLARE_ERR(ignored); /* what it is about is an error already */

	return !conf->unpack &&
		fs_lookup(&ctx->fs, conf->path, FS_TARGET, &st, &ignored) == 0;
}

/*
 * Where time may mend it, but no retry of this start, the file that is there may do.
 * Returns 0, or -1.
 */
static int keep(const struct step *step, struct ctx *ctx, bool later, struct buf *did,
	struct err *err)
{
	const struct download_conf *conf = step->conf;

	if (!conf->offline_ok ||
		!(later || (err->kind == ERR_TEMPORARY && ctx->last_try)) ||
		!is_there(conf, ctx))
		return -1;
	log_warn(ctx->log,
		"[%s] %s; the file that is there is kept, since offline_ok = yes",
		step->id, err->text);
	err_init(err);
	step_change(ctx, CHANGE_KEPT);
	buf_printf(did, "kept '%s' as it is", conf->path);
	return 0;
}

/* A step whose values were known too late has been prepared for nothing. */
static struct download_memory *memory_of(const struct step *step, struct ctx *ctx)
{
	return step->prepared ? step->prepared
			      : arena_alloc(ctx->arena, sizeof(struct download_memory));
}

#define AGAIN 2 /* another process has made it, or has given up */

/* `seen` is there, which is another file; or NULL. Returns 1, 0, AGAIN or -1. */
static int fetch(const struct step *step, struct ctx *ctx, struct download_memory *memory,
	const struct fs_attr *attr, const struct stat *seen, struct buf *did,
	struct err *err)
{
	const struct download_conf *conf = step->conf;
	CLEANUP_BUF struct buf signature = BUF_INIT;
	const struct url *from = NULL;
	/* An archive stays ours: it is not published, and a later start may go on. */
	const struct fs_attr ours = {.mode = 0600, .uid = geteuid(), .gid = getegid()};
	const struct fs_attr *staged = conf->unpack ? &ours : attr;
	uint64_t size = 0;
	int rc = download_fetch(step, ctx, memory, staged, seen, &signature, &from, err);

	if (rc == 1)
		return AGAIN;
	if (rc == 0) {
		size = memory->hashes.size;
		rc = conf->unpack
			? download_unpack(step, ctx, memory->stage.fd, attr, err)
			: publish(step, ctx, memory, &signature, attr, err);
		/* What was unpacked is needed no more. */
		if (rc >= 0)
			fs_stage_drop(&memory->stage);
		/* Where it was not, the next try verifies anew what is on the disk. */
		download_forget(memory);
	} else if (!step->prepared) {
		download_forget(memory);
	}
	if (rc < 0)
		return keep(step, ctx, memory->later, did, err);
	(void)fs_left_remove(&ctx->fs, conf->path); /* of a start with `resume` */
	if (seen)
		step_change(ctx, CHANGE_CHANGED);
	owner_warn(ctx, attr, conf->path, NULL, false);
	buf_printf(did, "downloaded %s'%s', %llu bytes",
		conf->unpack ? "and unpacked " : "", conf->path,
		(unsigned long long)size);
	if (from)
		buf_printf(did, ", from %s", from->shown);
	return 1;
}

static int make_directory(const struct step *step, struct ctx *ctx,
	struct download_memory *memory, const struct fs_attr *attr, struct buf *did,
	struct err *err)
{
	const struct download_conf *conf = step->conf;
	struct stat st;
	int rc = download_check_unpacked(step, ctx, attr, &st, did, err);

	if (rc < 0)
		return -1;
	if (rc == TO_DO)
		return download_may_unpack(step, ctx, attr, err) < 0
			? -1
			: fetch(step, ctx, memory, attr, NULL, did, err);
	rc = download_fix_unpacked(step, ctx, attr, &st, did, err);
	return rc == 0 ? remove_left(conf->path, ctx, did) : rc;
}

static int make_file(const struct step *step, struct ctx *ctx,
	struct download_memory *memory, const struct fs_attr *attr, struct buf *did,
	struct err *err)
{
	const struct download_conf *conf = step->conf;
	CLEANUP_BUF struct buf differs = BUF_INIT;
	struct stat st;
	int state, rc;

	state = look(conf, ctx, &st, &differs, err);
	if (state != SAME)
		return state < 0 ? -1
				 : fetch(step, ctx, memory, attr,
					   state == OTHER ? &st : NULL, did, err);
	rc = owner_fix_file(ctx, conf->path, attr, err);
	if (rc < 0)
		return -1;
	buf_printf(did,
		rc ? "fixed mode and owner of '%s'" : "'%s' is what was asked for",
		conf->path);
	return rc == 0 ? remove_left(conf->path, ctx, did) : rc;
}

static int apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct download_conf *conf = step->conf;
	struct download_memory *memory = memory_of(step, ctx);
	struct fs_attr attr;
	int rc;

	if (find_attr(step, ctx, &attr, err) < 0)
		return -1;
	memory->judged_anew = false;
	do
		rc = conf->unpack ? make_directory(step, ctx, memory, &attr, did, err)
				  : make_file(step, ctx, memory, &attr, did, err);
	while (rc == AGAIN);
	return rc;
}

static void end(const struct step *step, struct ctx *ctx)
{
	(void)ctx;
	if (step->prepared)
		download_forget(step->prepared);
}

static struct making making(const struct step *step)
{
	const struct download_conf *conf = step->draft;

	if (conf && conf->unpack)
		return (struct making){
			.how = MAKING_NEW, .type = S_IFDIR, .filled = true};
	return (struct making){.how = MAKING_ANEW, .type = S_IFREG, .alone = true};
}

static const char *also(const struct step *step, size_t i, struct arena *arena,
	const char **ret_key, struct making *ret)
{
	const struct download_conf *conf = step->draft;

	if (i > 0 || conf->unpack || !conf->minisign || !*conf->minisign || !conf->path)
		return NULL;
	*ret = making(step);
	*ret_key = "minisign";
	return download_signature_path(conf, arena);
}

const struct kind kind_download = {
	.name = "download",
	.elsewhere = "fetch url get",
	.summary = "a file that is fetched over HTTP or HTTPS, and verified",
	.example = "[download:model]\n"
		   "url = https://example.org/model.bin\n"
		   "path = data/model.bin\n"
		   "sha256 = "
		   "98ad61a25e3683b6adf2474b01bbe1c27de6aad2ce3a80ff4140fe473c14e691\n",
	.order = 18,
	.size = sizeof(struct download_conf),
	.fields = download_fields,
	.validate = download_validate,
	.prepare = download_prepare,
	.check = check,
	.apply = apply,
	.end = end,
	.making = making,
	.also = also,
};
