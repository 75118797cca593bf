/* SPDX-License-Identifier: MIT */
/* The command `validate` of the kind `file`. */
#include "base/err.h"
#include "base/fs_scratch.h"
#include "step/file_work.h"
#include "step/helper.h"
#include "step/step.h"

bool file_validates_dir(const struct section *section)
{
	return section_has_text(section, "validate", "{dir}");
}

int file_look_up_validator(const struct file_work *work, struct err *err)
{
	const struct file_conf *conf = work->conf;
	struct helper helper = {.argv = &conf->validate};
	bool dir = file_validates_dir(work->step->section);
	struct fs_scratch_user user = {.use = dir ? FS_SCRATCH_TREE : FS_SCRATCH_LOOK};

	if (!work->ctx->planning || !conf->validate.count)
		return 0;
	if (helper_look_up(&helper, conf->path, work->ctx, err) == 0 &&
		helper_scratch_user(&helper, work->step, work->ctx, &user, err) == 0 &&
		fs_scratch_check(&work->ctx->fs, dir ? conf->path : work->item->path,
			&user, err) == 0)
		return 0;
	return step_locate_key(work->step, "validate", err);
}
