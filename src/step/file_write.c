/* SPDX-License-Identifier: MIT */
/* Writing the files of the kind `file`. */
#include <string.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_scratch.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/str.h"
#include "step/file_prune.h"
#include "step/file_text.h"
#include "step/file_track.h"
#include "step/file_work.h"
#include "step/helper.h"
#include "step/mounted.h"
#include "step/step.h"

/* The command sees a copy, which its user alone can exchange, with the file's owner. */
static int validate(const struct file_work *work, const struct buf *text, struct err *err)
{
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct fs_scratch_user user = {.use = FS_SCRATCH_LOOK};
	struct helper helper = {.argv = &work->conf->validate, .aside = scratch.path};
	const char *path = work->item->path;

	if (!helper.argv->count || file_validates_dir(work->step->section))
		return 0;
	(void)file_run_as(work, &helper); /* whoever that is */
	if (helper_scratch_user(&helper, work->step, work->ctx, &user, err) < 0 ||
		helper_become(&helper, work->step, work->ctx, err) < 0 ||
		fs_scratch_open(&work->ctx->fs, &scratch, path, &user, err) < 0)
		return step_locate_key(work->step, "validate", err);
	if (fs_scratch_fill(&scratch, text->data, text->len, &work->attr, err) < 0)
		return -1;
	if (helper_run(&helper, work->step, work->ctx, &result, err) < 0)
		return step_locate_key(work->step, "validate", err);
	if (result.status == 0)
		return 0;
	(void)helper_failed(&result, err);                               /* always -1 */
	(void)err_prefix(err, "the new text of '%s' was refused", path); /* the same */
	return step_locate_key(work->step, "validate", err);
}

/* Writes the text, or where that is NULL, copies the source. */
static int fill(struct file_work *work, const struct buf *text, struct fs_stage *stage,
	struct err *err)
{
	return text ? fs_stage_write(stage, text->data, text->len, err)
		    : file_copy_source(work, stage, err);
}

/* Where a new text goes. */
struct target {
	const char *path;
	enum file_note note;
	bool replace;
	bool remembered;
};

/* Has the existing file still the text that is kept in the new one? */
static int is_as_read(const struct file_work *work, const char *path, struct err *err)
{
	CLEANUP_FD int fd = -1;
	char digest[FILE_DIGEST_SIZE];
	struct stat st;
	int rc = fs_open_file(&work->ctx->fs, path, FS_TARGET, &fd, &st, err);

	if (rc == 0)
		rc = file_memory_digest_of(work, fd, path, digest, err);
	return rc == 0 ? str_equal(digest, work->kept) : rc < 0 ? -1 : 0;
}

/* Just before the exchange: is what it replaces as it was, or still ours? */
static int check_target(
	struct file_work *work, const struct target *target, struct err *err)
{
	int rc = 1;

	if (target->replace && *work->kept)
		rc = is_as_read(work, target->path, err);
	else if (target->replace && target->remembered &&
		work->conf->policy == POLICY_TRACK)
		rc = file_memory_is_ours(work, target->note, target->path, err);
	return rc == 0 ? file_is_being_changed(target->path, err) : rc;
}

/* Publishes what the stage holds. */
static int exchange(struct file_work *work, const struct target *target,
	struct fs_stage *stage, enum fs_outcome *ret, struct err *err)
{
	char digest[FILE_DIGEST_SIZE];

	if (target->remembered &&
		(file_memory_digest_of(work, stage->fd, target->path, digest, err) < 0 ||
			file_memory_intend(
				work, target->note, target->path, digest, err) < 0))
		return -1;
	/* Flushing takes time, in which another process can write the file. */
	if (fs_stage_settle(stage, err) < 0 || check_target(work, target, err) < 0)
		return -1;
	if (fs_stage_publish(stage, target->replace, ret, err) < 0)
		return -1;
	if (target->remembered && *ret != FS_THERE)
		file_memory_settle(work, target->note, target->path, digest);
	return 0;
}

static int publish(struct file_work *work, const struct target *target,
	const struct buf *text, enum fs_outcome *ret, size_t *ret_size, struct err *err)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;
	struct stat st;

	if ((text && file_judge(work, text, err) < 0) ||
		file_make_directories(work, target->path, err) < 0 ||
		(text && validate(work, text, err) < 0) ||
		fs_stage_open(&work->ctx->fs, &stage, target->path, &work->attr, err) <
			0 ||
		fill(work, text, &stage, err) < 0)
		return -1;
	if (fstat(stage.fd, &st) < 0)
		return err_sys(err, "look at the new text of '%s'", target->path);
	*ret_size = (size_t)st.st_size;
	return exchange(work, target, &stage, ret, err);
}

static void warn_written(const struct file_work *work, enum fs_outcome outcome)
{
	if (outcome == FS_NOT_ATOMIC)
		mounted_warn(work->ctx, work->item->path);
	if (work->secret && !work->attr.fix_mode && (work->attr.mode & 077))
		log_warn(work->ctx->log,
			"'%s' now holds a secret, and its mode is %04o, as it was; write "
			"`mode` into the step to change that",
			work->item->path, (unsigned)work->attr.mode);
}

/* The new text, unless it streams. */
static int make_text(
	struct file_work *work, bool exists, struct buf *ret, struct err *err)
{
	work->quiet = true;
	if (!file_streams(work))
		return file_make_text(work, exists, ret, err);
	file_choose_mode(work);
	return 0;
}

/*
 * Returns 1, or 0 where nothing was to be replaced and another process has made the file
 * meanwhile, or -1.
 */
static int write_file(
	struct file_work *work, bool replace, struct buf *did, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct target target = {
		.path = work->item->path,
		.replace = replace,
		.remembered = work->record && (!replace || file_is_tracked(work)),
	};
	bool streams = file_streams(work);
	enum fs_outcome outcome;
	struct stat st;
	size_t size;
	int missing;

	if (make_text(work, replace, &text, err) < 0)
		return -1;
	missing = replace ? fs_lookup(&work->ctx->fs, work->item->path, FS_OURS, &st, err)
			  : 1;
	if (missing < 0)
		return -1;
	if (!missing)
		file_keep_attributes(work, &st);
	if (publish(work, &target, streams ? NULL : &text, &outcome, &size, err) < 0)
		return -1;
	if (outcome == FS_THERE)
		return 0;
	warn_written(work, outcome);
	owner_warn(work->ctx, &work->attr, work->item->path, NULL, work->secret);
	step_change(work->ctx, missing ? CHANGE_MADE : CHANGE_CHANGED);
	buf_separate(did, "; ");
	buf_printf(did, "%s '%s' (%zu bytes)", missing ? "created" : "wrote",
		work->item->path, size);
	return 1;
}

/*
 * Writes the new text beside the file. Returns 1, 0 where another process has changed
 * something meanwhile and all is to be looked at again, or -1.
 */
static int offer(struct file_work *work, struct buf *did, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct target target = {
		.path = file_offer_path(work), .note = NOTE_OFFER, .remembered = true};
	const char *path = work->item->path;
	enum fs_outcome outcome;
	struct stat st;
	size_t size;
	int rc = fs_lookup(&work->ctx->fs, target.path, FS_OURS, &st, err);

	if (rc < 0 || make_text(work, true, &text, err) < 0)
		return -1;
	target.replace = rc == 0;
	rc = fs_lookup(&work->ctx->fs, path, FS_OURS, &st, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	file_keep_attributes(work, &st);
	file_choose_offer_mode(work);
	if (publish(work, &target, file_streams(work) ? NULL : &text, &outcome, &size,
		    err) < 0)
		return -1;
	if (outcome == FS_THERE)
		return 0;
	step_change(work->ctx, CHANGE_CHANGED);
	buf_separate(did, "; ");
	buf_printf(did, "left '%s', which was changed, and wrote its new text to '%s'",
		path, target.path);
	return 1;
}

/* Must the text be written? -1 where that is not known. */
enum must { MUST_NOT, MUST_CREATE, MUST_REPLACE, MUST_OFFER };

static int must_write(struct file_work *work, struct err *err)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct stat st;
	int found = file_look_up(work, &st, err);

	if (found < 0 || (found == 1 && file_may_create(work, err) < 0))
		return -1;
	if (found == 1)
		return MUST_CREATE;
	if (file_must_be(work, &st, err) < 0) /* --force: there was no check */
		return -1;
	if (work->conf->policy == POLICY_CREATE && !file_edits(work->conf))
		return file_judge_existing(work, err) < 0 ? -1 : MUST_NOT;
	found = file_check_text(work, &why, err);
	if (found < 0)
		return -1;
	if (found != IN_PLACE && work->task == FILE_REMEMBER) {
		file_memory_settle(work, NOTE_FILE, work->item->path, work->digest);
		return MUST_NOT;
	}
	if (found != IN_PLACE && work->task == FILE_OFFER)
		return MUST_OFFER;
	return found == IN_PLACE ? MUST_NOT : MUST_REPLACE;
}

/* Prepares one of many files that are remembered. */
static int intend_one(const struct file_work *all, size_t i, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct file_work work = file_work_on(all, i);
	const char *path = work.item->path;
	char digest[FILE_DIGEST_SIZE];
	struct stat st;
	int rc;

	if (work.item->type != FILE_TEXT)
		return 0;
	rc = fs_lookup(&work.ctx->fs, path, FS_ANY, &st, err);
	if (rc < 0 || (rc == 0 && !file_is_tracked(&work)))
		return rc;
	if (file_streams(&work))
		rc = file_digest_source(&work, digest, err);
	else
		rc = make_text(&work, false, &text, err);
	if (rc < 0)
		return -1;
	if (!file_streams(&work))
		file_memory_digest(text.data, text.len, digest);
	return file_memory_prepare(&work, path, digest, err);
}

/*
 * Before the first text is written: what is about to be written to all of them, so that
 * the record is not written for each. Who finds another text later says so again.
 */
static int intend_all(struct file_work *all, struct err *err)
{
	if (!all->record || all->intended || all->files.count == 1)
		return 0;
	all->intended = true;
	for (size_t i = 0; i < all->files.count; i++)
		if (stop_check(all->ctx->stop, err) < 0 || intend_one(all, i, err) < 0)
			return -1;
	return file_memory_write(all, err);
}

static int apply_text(
	struct file_work *all, struct file_work *work, struct buf *did, struct err *err)
{
	enum fs_outcome outcome;
	struct stat st;
	int rc;
	DECLARE_ERR(ignored); /* it was just there */

	/* What another process made meanwhile is treated as what existed before. */
	while ((rc = must_write(work, err)) > 0) {
		if (intend_all(all, err) < 0)
			return -1;
		rc = rc == MUST_OFFER ? offer(work, did, err)
				      : write_file(work, rc == MUST_REPLACE, did, err);
		if (rc != 0)
			return rc;
	}
	if (rc < 0)
		return -1;
	if (fs_fix(&work->ctx->fs, work->item->path, S_IFREG, &work->attr, &outcome,
		    err) < 0)
		return -1;
	if (outcome != FS_FIXED) {
		(void)owner_warn_kept(work->ctx, &work->attr, work->item->path, NULL);
		return 0;
	}
	if (fs_lookup(&work->ctx->fs, work->item->path, FS_ANY, &st, &ignored) == 0)
		owner_warn(work->ctx, &work->attr, work->item->path, &st, false);
	step_change(work->ctx, CHANGE_CHANGED);
	buf_separate(did, "; ");
	buf_printf(did, "fixed mode and owner of '%s'", work->item->path);
	return 1;
}

static int apply_file(struct file_work *all, size_t i, struct buf *did, struct err *err)
{
	CLEANUP_WORK struct file_work work = file_work_on(all, i);
	int finished, rc;

	if (work.item->type != FILE_TEXT)
		return file_apply_other(&work, did, err);
	finished = mounted_finish(work.ctx, work.item->path, did, err);
	if (finished < 0)
		return -1;
	rc = apply_text(all, &work, did, err);
	return rc == 0 ? finished : rc;
}

int file_apply(void *user, size_t i, struct buf *did, struct err *err)
{
	struct file_work *all = user;

	return i < all->files.count
		? apply_file(all, i, did, err)
		: file_prune_apply(user, i - all->files.count, did, err);
}
