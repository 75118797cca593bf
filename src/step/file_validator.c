/* SPDX-License-Identifier: MIT */
/* The command `validate` of the kind `file`. */
#include <unistd.h>

#include "base/err.h"
#include "base/fs_scratch.h"
#include "step/file_work.h"
#include "step/helper.h"
#include "step/step.h"

bool file_validates_dir(const struct section *section)
{
	return section_has_text(section, "validate", "{dir}");
}

bool file_run_as(const struct file_work *work, struct helper *helper)
{
	struct ctx *ctx = work->ctx;
	const struct fs_attr *attr = &work->attr;
	const struct stat st = {
		.st_mode = attr->mode, .st_uid = attr->uid, .st_gid = attr->gid};
	struct identity reader = ctx->app;
	struct field_name *owner;
	DECLARE_ERR(ignored); /* it is a number, which needs no entry */

	if (geteuid() != 0 || !reader.set)
		return false;
	if (helper->user && helper_identity(helper, ctx, &reader, &ignored) < 0)
		return false;
	if (reader.uid == 0 || owner_may(&reader, &st, R_OK))
		return false;
	owner = arena_alloc(ctx->arena, sizeof *owner);
	owner->name = helper->user ? "0" : arena_printf(ctx->arena, "%u", attr->uid);
	helper->user = owner;
	return true;
}

int file_look_up_validator(const struct file_work *work, struct err *err)
{
	const struct file_conf *conf = work->conf;
	struct helper helper = {.argv = &conf->validate};
	bool dir = file_validates_dir(work->step->section);
	struct fs_scratch_user user = {.use = dir ? FS_SCRATCH_TREE : FS_SCRATCH_LOOK};

	if (!work->ctx->planning || !conf->validate.count)
		return 0;
	*work->validates = true;
	(void)file_run_as(work, &helper); /* whoever that is */
	if (helper_look_up(&helper, conf->path, work->ctx, err) == 0 &&
		helper_scratch_user(&helper, work->step, work->ctx, &user, err) == 0 &&
		fs_scratch_check(&work->ctx->fs, dir ? conf->path : work->item->path,
			&user, err) == 0)
		return 0;
	return step_locate_key(work->step, "validate", err);
}
