/* SPDX-License-Identifier: MIT */
/* Files that something is mounted on. */
#include "step/mounted.h"

#include "base/fs_in_place.h"
#include "base/log.h"
#include "step/step.h"

int mounted_check(const struct ctx *ctx, const struct fs_entry *entry, const char *path,
	struct buf *why, struct err *err)
{
	int rc = fs_in_place_look(&ctx->fs, entry, path, err);

	if (rc <= FS_FINISHED)
		return rc < 0 ? -1 : IN_PLACE;
	step_change(ctx, CHANGE_CHANGED);
	if (rc == FS_CUT_SHORT)
		buf_printf(why, "finish '%s', which a start was writing in place", path);
	else
		buf_printf(why,
			"remove the text that a start has left beside '%s', which was "
			"changed since",
			path);
	return TO_DO;
}

int mounted_finish(
	const struct ctx *ctx, const char *path, struct buf *did, struct err *err)
{
	int rc = fs_in_place_finish(&ctx->fs, path, err);

	if (rc <= FS_FINISHED)
		return rc < 0 ? -1 : 0;
	step_change(ctx, CHANGE_CHANGED);
	if (rc == FS_CUT_SHORT)
		buf_printf(
			did, "finished '%s', which a start was writing in place", path);
	else
		buf_printf(did,
			"removed the text that a start had left beside '%s', which was "
			"changed since",
			path);
	return 1;
}

void mounted_warn(const struct ctx *ctx, const char *path)
{
	log_warn(ctx->log,
		"'%s' is mounted and was written in place, which is not atomic", path);
}
