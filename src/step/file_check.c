/* SPDX-License-Identifier: MIT */
/* What a step of the kind `file` finds. */

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_keep.h"
#include "base/str.h"
#include "step/file_prune.h"
#include "step/file_text.h"
#include "step/file_track.h"
#include "step/file_work.h"
#include "step/mounted.h"
#include "step/parents.h"
#include "step/step.h"

/* Are the files of a directory in one, or could they be? */
static int check_directory(const struct file_work *work, struct err *err)
{
	const char *path = work->conf->path;
	struct stat st;
	int rc;

	if (!work->files.count || str_equal(work->files.list[0].path, path))
		return 0;
	rc = fs_lookup(&work->ctx->fs, path, FS_ANY, &st, err);
	if (rc != 0 || S_ISDIR(st.st_mode))
		return rc < 0 ? -1 : 0;
	return err_fail(err, "'%s' is a %s, not a directory; move it away", path,
		fs_type_name(st.st_mode));
}

int file_begin(const struct step *step, struct ctx *ctx, void *to, size_t *ret_count,
	struct err *err)
{
	struct file_work *work = to;

	*work = (struct file_work){.step = step,
		.ctx = ctx,
		.conf = step->conf,
		.entry = FS_ENTRY_INIT,
		.made = arena_alloc(ctx->arena, sizeof *work->made),
		.validates = arena_alloc(ctx->arena, sizeof *work->validates)};
	if (file_items(step, ctx, &work->files, err) < 0 ||
		check_directory(work, err) < 0)
		return -1;
	if (file_memory_read(work, err) < 0 ||
		(work->conf->prune && file_prune_find(work, err) < 0))
		return -1;
	if (!work->conf->validate.count)
		fs_flush_later(&ctx->fs);
	*ret_count = work->files.count + work->pruned_count;
	return owner_attr(step, ctx, &work->conf->access, &work->attr, err);
}

int file_end(void *user, struct err *err)
{
	return file_memory_write(user, err);
}

struct file_work file_work_on(const struct file_work *step, size_t i)
{
	struct file_work work = *step;

	work.item = &work.files.list[i];
	return work;
}

void file_work_release(struct file_work *work)
{
	fs_entry_release(&work->entry);
}

/* Does the file hold this text? Returns 1, 0 or -1. */
static int holds(const struct file_work *work, const struct buf *text, struct err *err)
{
	CLEANUP_FD int fd = -1;
	struct stat st;
	int rc = file_open_own(work, &fd, &st, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = fd_holds(fd, st.st_size, text->data, text->len);
	return rc < 0 ? err_sys(err, "read '%s'", work->item->path) : rc;
}

/* Would a new file have another text? What cannot be read does not matter. */
static bool is_other(struct file_work *work)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	DECLARE_ERR(ignored);
	size_t size;

	work->quiet = true; /* it goes nowhere */
	if (file_streams(work))
		return file_has_source(work, &size, &ignored) == 0;
	return (*work->item->from || work->conf->content) &&
		file_make_text(work, false, &text, &ignored) == 0 && !work->unknown &&
		holds(work, &text, &ignored) == 0;
}

/* An existing file under `create` is the user's; only that the texts differ is said. */
static int look_only(struct file_work *work, struct buf *why)
{
	if (is_other(work))
		buf_printf(why,
			"'%s' is left as it is (policy = create); a new one would have "
			"another text",
			work->item->path);
	return IN_PLACE;
}

/* The digest of the source, which is what a new file would hold. */
static int check_tracked_source(
	struct file_work *work, bool same, size_t size, struct buf *why, struct err *err)
{
	char digest[FILE_DIGEST_SIZE];

	if (file_digest_source(work, digest, err) < 0)
		return -1;
	return file_check_tracked(work, same, digest, size, why, err);
}

/* The same of a source that is not held in memory. */
static int check_source(struct file_work *work, struct buf *why, struct err *err)
{
	size_t size;
	int same = file_has_source(work, &size, err);

	if (same < 0 || (same == 0 && file_check_source(work, &size, err) < 0))
		return -1;
	if (file_is_tracked(work))
		return check_tracked_source(work, same, size, why, err);
	return same ? IN_PLACE : file_to_write(work, size, why);
}

static int check_tracked_text(struct file_work *work, bool same, const struct buf *text,
	struct buf *why, struct err *err)
{
	char digest[FILE_DIGEST_SIZE];

	file_memory_digest(text->data, text->len, digest);
	return file_check_tracked(work, same, digest, text->len, why, err);
}

int file_check_text(struct file_work *work, struct buf *why, struct err *err)
{
	struct buf *text = &work->ctx->room;
	bool edits = file_edits(work->conf);
	int rc;

	if (work->conf->policy == POLICY_CREATE && !edits)
		return file_judge_existing(work, err) < 0 ? -1 : look_only(work, why);
	if (file_streams(work))
		return check_source(work, why, err);
	buf_truncate(text, 0);
	if (file_make_text(work, true, text, err) < 0)
		return -1;
	if (work->unknown) {
		buf_printf(why,
			"whether '%s' changes is not known before its keys are made",
			work->item->path);
		return UNKNOWABLE;
	}
	rc = holds(work, text, err);
	if (rc < 0)
		return -1;
	if ((rc == 0 || edits) && file_judge(work, text, err) < 0)
		return -1;
	if (file_is_tracked(work))
		return check_tracked_text(work, rc, text, why, err);
	if (rc == 1)
		return IN_PLACE;
	if (!edits || !file_keeps_text(work->conf))
		return file_to_write(work, text->len, why);
	buf_printf(why, "change keys in '%s'", work->item->path);
	return TO_DO;
}

int file_may_create(const struct file_work *work, struct err *err)
{
	if (work->conf->policy != POLICY_EDIT)
		return 0;
	(void)parents_missing(work->ctx, work->item->path, err); /* -1 */
	return err_append(err, ", and policy = edit changes an existing file alone");
}

int file_judge_new(struct file_work *work, size_t *ret, struct err *err)
{
	CLEANUP_BUF struct buf text = BUF_INIT;

	if (file_streams(work))
		return file_check_source(work, ret, err);
	if (file_make_text(work, false, &text, err) < 0 ||
		file_judge(work, &text, err) < 0)
		return -1;
	*ret = text.len;
	return 0;
}

static int check_missing(struct file_work *work, struct buf *why, struct err *err)
{
	size_t size;

	if (file_may_create(work, err) < 0 || file_judge_new(work, &size, err) < 0 ||
		file_look_up_validator(work, err) < 0)
		return -1;
	step_change(work->ctx, CHANGE_MADE);
	buf_printf(why, "create '%s' (%04o%s)", work->item->path,
		(unsigned)work->attr.mode, size ? "" : ", empty");
	file_show_lines(work, NULL);
	return parents_check_new(work->ctx, "create", work->item->path, why, err);
}

static int check_file(
	const struct file_work *all, size_t i, struct buf *why, struct err *err)
{
	CLEANUP_BUF struct buf differs = BUF_INIT;
	CLEANUP_WORK struct file_work work = file_work_on(all, i);
	struct stat st;
	int found, rc;

	if (work.item->type != FILE_TEXT)
		return file_check_other(&work, why, err);
	rc = file_look_up(&work, &st, err);
	if (rc == 1)
		return check_missing(&work, why, err);
	if (rc < 0 || file_must_be(&work, &st, err) < 0)
		return -1;
	found = work.mounted
		? mounted_check(work.ctx, &work.entry, work.item->path, why, err)
		: IN_PLACE;
	if (found != IN_PLACE)
		return found;
	found = file_check_text(&work, why, err);
	file_keep_attributes(&work, &st);
	if (found == TO_DO && work.task != FILE_REMEMBER &&
		file_look_up_validator(&work, err) < 0)
		return -1;
	if (found == TO_DO) {
		step_change(work.ctx, CHANGE_CHANGED);
		file_show_lines(&work, &st);
		return parents_check(work.ctx, "create", work.item->path, err);
	}
	if (found == IN_PLACE && fs_attr_differs(&st, &work.attr, &differs)) {
		step_change(work.ctx, CHANGE_CHANGED);
		buf_separate(why, "; ");
		buf_printf(why, "fix '%s': %s", work.item->path, differs.data);
		return parents_check_fix(work.ctx, work.item->path, err);
	}
	if (found == IN_PLACE)
		owner_warn(work.ctx, &work.attr, work.item->path, &st, work.secret);
	return found;
}

/* Behind the files come those that are to go. */
int file_check(void *user, size_t i, struct buf *why, struct err *err)
{
	const struct file_work *all = user;
	bool said = *all->validates;
	int found = i < all->files.count
		? check_file(all, i, why, err)
		: file_prune_check(user, i - all->files.count, why, err);

	/* That of a directory is run for any change. */
	if (found == TO_DO && file_validates_dir(all->step->section) &&
		file_look_up_validator(all, err) < 0)
		return -1;
	if (found == TO_DO && *all->validates && !said)
		buf_puts(why, "; `validate` was not run");
	return found;
}
