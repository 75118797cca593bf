/* SPDX-License-Identifier: MIT */
/* Validating and publishing the texts of the kind `file`. */
#include "step/file_publish.h"

#include <string.h>

#include "base/err.h"
#include "base/fs_scratch.h"
#include "step/helper.h"
#include "step/step.h"

/* The command sees a copy, which its user alone can exchange. */
static int validate(const struct step *step, const struct file_item *item,
	struct ctx *ctx, const struct fs_attr *attr, const struct buf *text,
	struct err *err)
{
	const struct file_conf *conf = step->conf;
	CLEANUP_HELPER_RESULT struct helper_result result = HELPER_RESULT_INIT;
	CLEANUP_SCRATCH struct fs_scratch scratch = FS_SCRATCH_INIT;
	struct fs_scratch_user user = {.use = FS_SCRATCH_LOOK};
	struct helper helper = {.argv = &conf->validate, .file = scratch.path};

	if (!conf->validate.count)
		return 0;
	if (helper_scratch_user(&helper, ctx, &user, err) < 0 ||
		fs_scratch_open(&ctx->fs, &scratch, item->path, &user, err) < 0 ||
		fs_scratch_fill(&scratch, text->data, text->len, attr, err) < 0)
		return -1;
	if (helper_run(&helper, step, ctx, &result, err) < 0)
		return err_prefix(err, "validate");
	if (result.status == 0)
		return 0;
	(void)helper_failed(&result, err); /* always -1 */
	return err_prefix(err, "validate: the new text of '%s' was refused", item->path);
}

/* Those of an item from the step's own `path` down: of a directory of templates. */
static int make_directories(const struct step *step, const struct file_item *item,
	struct ctx *ctx, const struct fs_attr *attr, struct err *err)
{
	const struct file_conf *conf = step->conf;
	struct fs_attr directory = {.mode = 0755, .uid = attr->uid, .gid = attr->gid};
	const char *slash = item->path + strlen(conf->path);
	struct arena arena = {0};
	enum fs_outcome outcome;
	int rc = 0;

	for (; rc == 0 && *slash == '/'; slash += strcspn(slash, "/")) {
		size_t size = (size_t)(slash - item->path);

		rc = fs_make_dir(&ctx->fs, arena_memdup(&arena, item->path, size),
			&directory, &outcome, err);
		slash++;
	}
	arena_release(&arena);
	return rc;
}

int file_publish(const struct step *step, const struct file_item *item, struct ctx *ctx,
	const struct fs_attr *attr, const struct buf *text, bool replace,
	enum fs_outcome *ret_outcome, struct err *err)
{
	CLEANUP_STAGE struct fs_stage stage = FS_STAGE_INIT;

	if (make_directories(step, item, ctx, attr, err) < 0 ||
		validate(step, item, ctx, attr, text, err) < 0 ||
		fs_stage_open(&ctx->fs, &stage, item->path, attr, err) < 0 ||
		fs_stage_write(&stage, text->data, text->len, err) < 0)
		return -1;
	return fs_stage_publish(&stage, replace, ret_outcome, err);
}
