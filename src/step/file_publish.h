/* SPDX-License-Identifier: MIT */
/* Putting one text of the kind `file` in its place. */
#ifndef STEP_FILE_PUBLISH_H
#define STEP_FILE_PUBLISH_H

#include "base/fs.h"
#include "step/file_text.h"

/*
 * Makes the item's directories, runs the step's `validate` command on `text`, and
 * publishes it with the mode and owner of `attr`; `replace` as in fs_stage_publish().
 * Returns 0 with the outcome, or -1; then no file was changed.
 */
int file_publish(const struct step *step, const struct file_item *item, struct ctx *ctx,
	const struct fs_attr *attr, const struct buf *text, bool replace,
	enum fs_outcome *ret_outcome, struct err *err);

#endif
