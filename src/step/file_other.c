/* SPDX-License-Identifier: MIT */
/* What a directory of sources makes besides files: links and directories. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_error.h"
#include "base/path.h"
#include "step/file_prune.h"
#include "step/file_work.h"
#include "step/parents.h"
#include "step/step.h"

/* Has the link at the item's path its target? Returns 1, 0, or -1. */
static int points_there(const struct file_work *work, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	const struct file_item *item = work->item;
	char target[PATH_MAX];
	ssize_t size;
	int rc = fs_walk(&work->ctx->fs, item->path, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	size = readlinkat(entry.dirfd, entry.name, target, sizeof target);
	if (size < 0)
		return fs_raise(err, entry.dirfd, "read the link", item->path);
	return (size_t)size == strlen(item->target) &&
		memcmp(target, item->target, (size_t)size) == 0;
}

/* Of an object that exists. But for `manage`, what is no directory is the user's. */
static int check_link(const struct file_work *work, const struct stat *st,
	struct buf *why, struct err *err)
{
	const struct file_item *item = work->item;
	int rc;

	if (work->conf->policy != POLICY_MANAGE && !S_ISDIR(st->st_mode))
		return IN_PLACE;
	if (!S_ISLNK(st->st_mode))
		return err_fail(err,
			"'%s' is a %s, and '%s' a link to '%s'; move it away", item->path,
			fs_type_name(st->st_mode), item->from, item->target);
	rc = points_there(work, err);
	if (rc != 0)
		return rc < 0 ? -1 : IN_PLACE;
	buf_printf(why, "point '%s' to '%s'", item->path, item->target);
	return parents_check(work->ctx, "create the link", item->path, err);
}

int file_check_other(const struct file_work *work, struct buf *why, struct err *err)
{
	const struct file_item *item = work->item;
	bool is_link = item->type == FILE_LINK;
	struct stat st;
	int rc = fs_lookup(&work->ctx->fs, item->path, FS_OURS, &st, err);

	if (rc < 0)
		return -1;
	if (rc == 0 && is_link)
		return check_link(work, &st, why, err);
	if (rc == 0 && !S_ISDIR(st.st_mode))
		return err_fail(err, "'%s' is a %s, not a directory; move it away",
			item->path, fs_type_name(st.st_mode));
	if (rc == 0)
		return IN_PLACE;
	step_change(work->ctx, CHANGE_MADE);
	if (is_link)
		buf_printf(why, "create the link '%s' to '%s'", item->path, item->target);
	else
		buf_printf(why, "create the directory '%s'", item->path);
	if (parents_check_new(work->ctx,
		    is_link ? "create the link" : "create the directory", item->path, why,
		    err) < 0)
		return -1;
	if (!is_link)
		parents_note(work->ctx, item->path, NULL);
	return TO_DO;
}

/* Is it in the same directory as the path before it, whose directories were made? */
static bool were_made(const struct file_work *work, const char *path)
{
	const char *before = *work->made;
	size_t size = (size_t)(path_base(path) - path);

	return before && strncmp(before, path, size) == 0 && !strchr(before + size, '/');
}

int file_make_directories(const struct file_work *work, const char *path, struct err *err)
{
	const char *slash = path + strlen(work->conf->path);
	struct fs_attr attr = {
		.mode = 0755, .uid = work->attr.uid, .gid = work->attr.gid};
	enum fs_outcome outcome;
	int rc = 0;

	if (were_made(work, path))
		return 0;
	for (; rc == 0 && *slash == '/'; slash += strcspn(slash, "/")) {
		const char *dir =
			arena_memdup(work->ctx->arena, path, (size_t)(slash - path));

		rc = file_prune_intend(work, dir, NULL, err);
		if (rc == 0)
			rc = fs_make_dir(&work->ctx->fs, dir, &attr, &outcome, err);
		slash++;
	}
	if (rc == 0)
		*work->made = path;
	return rc;
}

/* What a user has chosen as its target stays that user's: root's would be followed. */
static int make_link(const struct file_work *work, struct buf *did, struct err *err)
{
	const struct file_item *item = work->item;
	bool ours = fs_is_trusted(&work->ctx->fs, item->chooser);
	enum fs_outcome outcome;

	if (file_make_directories(work, item->path, err) < 0 ||
		file_prune_intend(work, item->path, item->target, err) < 0 ||
		fs_make_link(&work->ctx->fs, item->path, item->target,
			work->conf->policy == POLICY_MANAGE,
			ours ? work->attr.uid : item->chooser, work->attr.gid, &outcome,
			err) < 0)
		return -1;
	if (outcome != FS_MADE)
		return 0;
	step_change(work->ctx, CHANGE_MADE);
	buf_printf(did, "'%s' points to '%s'", item->path, item->target);
	return 1;
}

int file_apply_other(const struct file_work *work, struct buf *did, struct err *err)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	const char *path = work->item->path;
	int found = file_check_other(work, &why, err);

	if (found != TO_DO)
		return found;
	if (work->item->type == FILE_LINK)
		return make_link(work, did, err);
	if (file_make_directories(
		    work, arena_printf(work->ctx->arena, "%s/", path), err) < 0)
		return -1;
	step_change(work->ctx, CHANGE_MADE);
	buf_printf(did, "created the directory '%s'", path);
	return 1;
}
