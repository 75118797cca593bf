/* SPDX-License-Identifier: MIT */
/* The file that a step makes: its mode, its text, what it must be, and opening it. */
#include "base/err.h"
#include "base/fs_in_place.h"
#include "step/file_text.h"
#include "step/file_work.h"
#include "step/step.h"

/* What its owner may do, and of the rest no more than its source lets others do. */
static mode_t no_wider(mode_t mode, mode_t source)
{
	return mode & (source | S_IRWXU);
}

void file_choose_mode(struct file_work *work)
{
	if (section_get(work->step->section, "mode"))
		return;
	if (work->secret)
		work->attr.mode = 0600;
	else if (*work->conf->source)
		work->attr.mode =
			no_wider(work->attr.mode | (work->item->mode & 0111 ? 0111 : 0),
				work->item->mode);
	else
		work->attr.mode = no_wider(work->attr.mode, work->from);
}

void file_choose_offer_mode(struct file_work *work)
{
	if (work->attr.fix_mode)
		return;
	if (work->secret)
		work->attr.mode &= S_IRWXU;
	else if (*work->conf->source)
		work->attr.mode = no_wider(work->attr.mode, work->item->mode);
	else
		work->attr.mode = no_wider(work->attr.mode, work->from);
}

void file_keep_attributes(struct file_work *work, const struct stat *st)
{
	/* Set-id bits were the former owner's to give, for the former text. */
	if (!work->attr.fix_mode)
		work->attr.mode = st->st_mode & 01777;
	if (!work->attr.fix_uid)
		work->attr.uid = st->st_uid;
	if (!work->attr.fix_gid)
		work->attr.gid = st->st_gid;
}

int file_must_be(const struct file_work *work, const struct stat *st, struct err *err)
{
	if (S_ISREG(st->st_mode))
		return 0;
	return err_fail(err, "'%s' is a %s, not a file; move it away", work->item->path,
		fs_type_name(st->st_mode));
}

int file_look_up(struct file_work *work, struct stat *ret, struct err *err)
{
	const struct fs *fs = &work->ctx->fs;
	const char *path = work->item->path;
	int rc;

	fs_entry_release(&work->entry);
	rc = fs_walk(fs, path, &work->entry, err);
	return rc == 0
		? fs_in_place_stat(fs, &work->entry, path, ret, &work->mounted, err)
		: rc;
}

int file_open_own(
	const struct file_work *work, int *ret, struct stat *ret_st, struct err *err)
{
	return fs_open_entry(
		&work->ctx->fs, &work->entry, work->item->path, ret, ret_st, err);
}

int file_is_being_changed(const char *path, struct err *err)
{
	return err_set(
		err, ERR_TEMPORARY, "'%s' is being changed by another process", path);
}

/* The text of an existing file, of which the new one will keep all but some keys. */
static int read_own(struct file_work *work, struct buf *ret, struct err *err)
{
	size_t before = ret->len;
	int rc = fs_read(
		&work->ctx->fs, work->item->path, FS_TARGET, FILE_TEXT_MAX, ret, err);

	if (rc != 0)
		return rc < 0 ? -1 : file_is_being_changed(work->item->path, err);
	file_memory_digest(ret->data + before, ret->len - before, work->kept);
	return 0;
}

int file_make_text(struct file_work *work, bool exists, struct buf *ret, struct err *err)
{
	struct expand_result result = {0};
	mode_t from = FILE_ANY_MODE;
	int rc = exists && file_keeps_text(work->conf)
		? read_own(work, ret, err)
		: file_text(work->step, work->item, work->ctx, !work->quiet, ret, &result,
			  &from, err);

	if (rc < 0)
		return -1;
	work->from = from;
	work->unknown = result.placeholder;
	work->secret = result.secret;
	work->keyed = result.keyed;
	if (file_edit(work, ret, err) < 0)
		return -1;
	file_choose_mode(work);
	return 0;
}
