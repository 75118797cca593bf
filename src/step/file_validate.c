/* SPDX-License-Identifier: MIT */
/* Validating a directory of the kind `file` as a whole, before any of it is written. */
#include <string.h>

#include "base/err.h"
#include "base/fs_check.h"
#include "base/fs_scratch.h"
#include "base/stop.h"
#include "step/file_prune.h"
#include "step/file_work.h"
#include "step/helper.h"
#include "step/step.h"

/* The text that is to be written; returns 1, 0 where the file stays as it is, or -1. */
static int make_text(struct file_work *work, struct buf *ret, struct err *err)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct stat st;
	int missing = file_look_up(work, &st, err);
	int found = TO_DO;

	work->quiet = true;
	if (missing == 0)
		found = file_must_be(work, &st, err) < 0
			? -1
			: file_check_text(work, &why, err);
	if (missing < 0 || found < 0)
		return -1;
	if (found == IN_PLACE || work->task != FILE_WRITE)
		return 0;
	if (file_make_text(work, missing == 0, ret, err) < 0 ||
		file_judge(work, ret, err) < 0)
		return -1;
	if (missing == 0)
		file_keep_attributes(work, &st);
	buf_reserve(ret, 1); /* an empty file is one, too */
	return 1;
}

/*
 * Writes the item as it is to be; one that stays as it is is left to be linked to.
 * Returns 0, 1 where the command is to run as another user, or -1.
 */
static int put(const struct file_work *all, size_t i, struct helper *helper,
	struct fs_scratch *scratch, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	CLEANUP_WORK struct file_work work = file_work_on(all, i);
	const struct file_item *item = work.item;
	struct fs_scratch_object object = {
		.name = item->path + strlen(all->conf->path) + 1,
		.target = item->target,
		.executable = item->mode & 0111,
	};
	int rc = item->type == FILE_TEXT ? make_text(&work, &text, err)
					 : file_check_other(&work, &text, err);

	if (rc <= 0)
		return rc;
	if (item->type == FILE_TEXT) {
		if (file_run_as(&work, helper))
			return 1;
		object.data = text.data;
		object.size = text.len;
	}
	return fs_scratch_put(scratch, &object, err);
}

/* The name in the directory of what is to go, or NULL where it stays. */
static const char *gone_name(struct file_work *work, size_t i)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	DECLARE_ERR(ignored); /* where it is removed, it is raised */

	return file_prune_check(work, i, &why, &ignored) == TO_DO
		? file_prune_path(work, i) + strlen(work->conf->path) + 1
		: NULL;
}

/* Makes the directories that what goes is in, so that they are not links. */
static int put_around(const struct file_work *work, const char *name,
	struct fs_scratch *scratch, struct err *err)
{
	const char *slash = strrchr(name, '/');
	struct fs_scratch_object object = {0};

	if (!slash)
		return 0;
	object.name = arena_memdup(work->ctx->arena, name, (size_t)(slash - name));
	return fs_scratch_put(scratch, &object, err);
}

/* Links to what stays. */
static int link_rest(struct file_work *work, struct fs_scratch *scratch, struct err *err)
{
	const char **gone =
		arena_alloc(work->ctx->arena, (work->pruned_count + 1) * sizeof *gone);
	size_t count = 0;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < work->pruned_count; i++) {
		rc = stop_check(work->ctx->stop, err);
		gone[count] = rc == 0 ? gone_name(work, i) : NULL;
		if (gone[count])
			rc = put_around(work, gone[count++], scratch, err);
	}
	if (rc == 0)
		rc = fs_scratch_link_rest(scratch, err);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = fs_scratch_drop(scratch, gone[i], err);
	return rc;
}

/* As put(), with all of them. */
static int fill(struct file_work *work, struct helper *helper, struct fs_scratch *scratch,
	struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < work->files.count; i++)
		rc = stop_check(work->ctx->stop, err) < 0
			? -1
			: put(work, i, helper, scratch, err);
	if (rc == 0)
		rc = link_rest(work, scratch, err);
	return rc == 0 ? fs_scratch_give(scratch, err) : rc;
}

/* No temporary can be made: with the error of a file that cannot be written either. */
static int raise_unwritable(const struct file_work *all, struct err *err)
{
	for (size_t i = 0; i < all->files.count; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		CLEANUP_WORK struct file_work work = file_work_on(all, i);
		DECLARE_ERR(would);

		if (work.item->type == FILE_TEXT && make_text(&work, &text, &would) > 0 &&
			fs_check_make(&work.ctx->fs, "create", work.item->path, &would) <
				0) {
			*err = would;
			return -1;
		}
	}
	return step_locate_key(all->step, "validate", err);
}

/* The directory for the command's user, and what it is to see there. As put(). */
static int make_dir(struct file_work *work, struct helper *helper,
	struct fs_scratch *scratch, struct err *err)
{
	struct ctx *ctx = work->ctx;
	struct fs_scratch_user user = {.use = FS_SCRATCH_TREE, .stop = ctx->stop};

	fs_scratch_release(scratch);
	*scratch = (struct fs_scratch)FS_SCRATCH_INIT;
	if (helper_scratch_user(helper, work->step, ctx, &user, err) < 0 ||
		helper_become(helper, work->step, ctx, err) < 0)
		return step_locate_key(work->step, "validate", err);
	if (fs_scratch_open(&ctx->fs, scratch, work->conf->path, &user, err) < 0)
		return raise_unwritable(work, err);
	return fill(work, helper, scratch, err);
}

int file_validate_dir(const struct step *step, struct ctx *ctx, struct err *err)
{
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	const struct file_conf *conf = step->conf;
	struct helper helper = {
		.argv = &conf->validate, .aside = scratch.path, .is_dir = true};
	struct file_work work;
	size_t count;
	int rc;

	if (file_begin(step, ctx, &work, &count, err) < 0)
		return -1;
	if (work.files.count == 1 && strcmp(work.files.list[0].path, conf->path) == 0) {
		(void)err_config(err,
			"{dir} is for a directory; '%s' is a file, whose new text is "
			"{file}",
			conf->path);
		return step_locate_key(step, "validate", err);
	}
	while ((rc = make_dir(&work, &helper, &scratch, err)) == 1)
		;
	/* As items_apply() does. */
	fs_reader_release(&ctx->reader);
	buf_release(&ctx->room);
	if (rc < 0)
		return -1;
	if (helper_run(&helper, step, ctx, &result, err) < 0)
		return step_locate_key(step, "validate", err);
	if (result.status == 0)
		return 0;
	(void)helper_failed(&result, err);                             /* always -1 */
	(void)err_prefix(err, "the new '%s' was refused", conf->path); /* the same */
	return step_locate_key(step, "validate", err);
}
