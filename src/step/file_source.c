/* SPDX-License-Identifier: MIT */
/* Sources that are copied and compared block by block, and may be of any size. */
#include "base/err.h"
#include "base/fd.h"
#include "base/stop.h"
#include "step/file_memory.h"
#include "step/file_work.h"
#include "step/parents.h"
#include "step/step.h"

bool file_streams(const struct file_work *work)
{
	const struct file_conf *conf = work->conf;

	return *conf->source && !file_edits(conf) && !conf->must_have.count &&
		!conf->validate.count && !section_get(work->step->section, "format");
}

static int open_source(
	const struct file_work *work, int *ret, struct stat *ret_st, struct err *err)
{
	struct ctx *ctx = work->ctx;
	const char *path = work->item->from;
	int rc = fs_reader_open(&ctx->reader, &ctx->fs, path, ret, ret_st, err);

	return rc == 1 ? parents_missing(ctx, path, err) : rc;
}

int file_has_source(const struct file_work *work, size_t *ret_size, struct err *err)
{
	CLEANUP_FD int source = -1, own = -1;
	struct stat st, own_st;
	int rc;

	if (open_source(work, &source, &st, err) < 0)
		return -1;
	*ret_size = (size_t)st.st_size;
	rc = file_open_own(work, &own, &own_st, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = fd_same(source, st.st_size, own, own_st.st_size, work->ctx->stop);
	if (rc < 0 && stop_check(work->ctx->stop, err) < 0)
		return -1;
	return rc < 0 ? err_sys(err, "compare '%s' with '%s'", work->item->path,
				work->item->from)
		      : rc;
}

int file_check_source(struct file_work *work, size_t *ret_size, struct err *err)
{
	CLEANUP_FD int source = -1;
	struct stat st;

	if (open_source(work, &source, &st, err) < 0)
		return -1;
	file_choose_mode(work);
	*ret_size = (size_t)st.st_size;
	return file_judge_digest(work, source, err);
}

int file_digest_source(
	const struct file_work *work, char ret[FILE_DIGEST_SIZE], struct err *err)
{
	CLEANUP_FD int source = -1;
	struct stat st;

	if (open_source(work, &source, &st, err) < 0)
		return -1;
	return file_memory_digest_of(work, source, work->item->from, ret, err);
}

int file_copy_source(
	const struct file_work *work, struct fs_stage *stage, struct err *err)
{
	CLEANUP_FD int source = -1;
	struct stat st;

	if (open_source(work, &source, &st, err) < 0 ||
		fs_stage_copy(stage, source, work->ctx->stop, err) < 0)
		return -1;
	/* Of the copy: the source may be changing. */
	return file_judge_digest(work, stage->fd, err);
}
