/* SPDX-License-Identifier: MIT */
/* The file that a step makes: its mode, what it must be, and opening it. */
#include "base/err.h"
#include "step/file_work.h"
#include "step/step.h"

void file_choose_mode(struct file_work *work)
{
	if (section_get(work->step->section, "mode"))
		return;
	if (work->secret)
		work->attr.mode = 0600;
	else if (*work->conf->source && work->item->executable)
		work->attr.mode |= 0111;
}

int file_must_be(const struct file_work *work, const struct stat *st, struct err *err)
{
	if (S_ISREG(st->st_mode))
		return 0;
	return err_fail(err, "'%s' is a %s, not a file; move it away", work->item->path,
		fs_type_name(st->st_mode));
}

int file_open_own(const struct file_work *work, int *ret, struct err *err)
{
	struct stat ignored;

	return fs_open_file(
		&work->ctx->fs, work->item->path, FS_TARGET, ret, &ignored, err);
}
