/* SPDX-License-Identifier: MIT */
/* What is to be done with an existing file that is remembered. */
#include "step/file_track.h"

#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "step/file_work.h"
#include "step/step.h"

bool file_is_tracked(const struct file_work *work)
{
	return work->record && !file_keeps_text(work->conf);
}

int file_to_write(const struct file_work *work, size_t size, struct buf *why)
{
	buf_printf(why, "write '%s' anew: its text differs (%zu bytes)", work->item->path,
		size);
	return TO_DO;
}

const char *file_offer_path(const struct file_work *work)
{
	return arena_printf(work->ctx->arena, "%s.new", work->item->path);
}

/* Returns 1, or 0 with what keeps the new text from being written there, or -1. */
static int may_offer(struct file_work *work, const char **ret_why_not, struct err *err)
{
	const char *path = file_offer_path(work);
	DECLARE_ERR(why);
	struct stat st;
	int rc;

	for (size_t i = 0; i < work->files.count; i++)
		if (str_equal(work->files.list[i].path, path))
			return err_fail(err,
				"'%s' is a file of this step, and would be the new text "
				"of '%s', too",
				path, work->item->path);
	rc = fs_lookup(&work->ctx->fs, path, FS_OURS, &st, &why);
	if (rc < 0 && why.code == ENAMETOOLONG) {
		*ret_why_not = "would be too long a name";
		return 0;
	}
	if (rc < 0)
		*err = why;
	if (rc != 0)
		return rc < 0 ? -1 : 1;
	*ret_why_not = "is not as it was written, either: move that away";
	return S_ISREG(st.st_mode) ? file_memory_is_ours(work, NOTE_OFFER, path, err) : 0;
}

/* The file is another's by now. */
static int check_offer(
	struct file_work *work, const char *digest, struct buf *why, struct err *err)
{
	const char *path = work->item->path;
	const char *new = file_offer_path(work);
	const char *why_not;
	int rc;

	if (file_judge_existing(work, err) < 0)
		return -1;
	if (file_memory_has(work, NOTE_FILE, path, digest) ||
		file_memory_has(work, NOTE_OFFER, new, digest)) {
		buf_printf(why, "'%s' was changed, and is left as it is", path);
		return IN_PLACE;
	}
	rc = may_offer(work, &why_not, err);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		log_warn(work->ctx->log,
			"'%s' was changed, and is left as it is; its new text was not "
			"written, since '%s' %s",
			path, new, why_not);
		return IN_PLACE;
	}
	work->task = FILE_OFFER;
	buf_printf(why, "leave '%s', which was changed, and write its new text to '%s'",
		path, new);
	return TO_DO;
}

int file_check_tracked(struct file_work *work, bool same, const char *digest, size_t size,
	struct buf *why, struct err *err)
{
	const char *path = work->item->path;
	int ours = 1;

	if (same && file_memory_has(work, NOTE_FILE, path, digest))
		return IN_PLACE;
	if (same) {
		work->task = FILE_REMEMBER;
		memcpy(work->digest, digest, sizeof work->digest);
		buf_printf(why, "remember '%s', which is as it would be written", path);
		return TO_DO;
	}
	if (work->conf->policy == POLICY_TRACK)
		ours = file_memory_is_ours(work, NOTE_FILE, path, err);
	if (ours < 0)
		return -1;
	return ours ? file_to_write(work, size, why)
		    : check_offer(work, digest, why, err);
}
