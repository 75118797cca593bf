/* SPDX-License-Identifier: MIT */
/* Merging: what is left out of both, and the removal of what the source does not have. */
#include <errno.h>
#include <fcntl.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_exclude.h"
#include "base/fs_merge_work.h"
#include "base/stop.h"
#include "base/str.h"

static bool is_left_out(const struct merging *merging, const char *name)
{
	const char *const kept = merging->how->unless_gone;

	return fs_is_temporary(name) || (kept && str_equal(name, kept)) ||
		(merging->depth == 1 && str_equal(name, "lost+found")) ||
		fs_is_excluded(merging->how->exclude, merging->at.data + 1);
}

int merge_each(struct merging *merging, DIR *dir, int other, merge_each_fn *each,
	struct err *err)
{
	size_t here = merging->at.len;
	const struct dirent *entry;
	int rc = 0;

	while (rc == 0 && (entry = fd_next(dir))) {
		buf_printf(&merging->at, "/%s", entry->d_name);
		if (!is_left_out(merging, entry->d_name))
			rc = each(merging, dirfd(dir), entry->d_name, other, err);
		buf_truncate(&merging->at, here);
	}
	return rc == 0 && errno ? merge_fail(merging, "read", err) : rc;
}

/* ---- what is left alone in what goes ---- */

int merge_holds_excluded(
	struct merging *merging, int from, const char *name, struct err *err)
{
	CLEANUP_DIR DIR *dir = NULL;
	size_t here = merging->at.len;
	const struct dirent *entry;
	struct fs_look look;
	int rc = 0;

	if (!merging->how->exclude || !*merging->how->exclude ||
		fs_look_at(from, name, &look) < 0 || !S_ISDIR(look.mode) ||
		!fs_look_beside(&look, &merging->top))
		return 0;
	dir = fd_list(from, name);
	if (!dir || stop_check(merging->how->stop, err) < 0)
		return dir ? -1 : merge_fail(merging, "open", err);
	while (rc == 0 && (entry = fd_next(dir))) {
		buf_printf(&merging->at, "/%s", entry->d_name);
		rc = fs_is_excluded(merging->how->exclude, merging->at.data + 1)
			? 1
			: merge_holds_excluded(merging, dirfd(dir), entry->d_name, err);
		buf_truncate(&merging->at, here);
	}
	return rc == 0 && errno ? merge_fail(merging, "read", err) : rc;
}

/* What the source does not have goes, but for what is left out, and what leads to it. */
static int take_gone(
	struct merging *merging, int from, const char *name, int other, struct err *err)
{
	CLEANUP_DIR DIR *dir = NULL;
	struct fs_look look;
	int rc;

	(void)other;
	if (fs_look_at(from, name, &look) < 0 || !fs_look_beside(&look, &merging->top))
		return 0;
	/* As a volume is that is not mounted. */
	if (!merging->source_holds)
		return err_fail(err,
			"'%s' is empty, and all that is in '%s' would be removed, '%s' "
			"first; mount or fill it, or put a file into it if that is meant",
			merging->how->source, merging->how->path, merge_path(merging));
	rc = merge_holds_excluded(merging, from, name, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return merge_found(merging, (struct merge_change){.what = MERGE_REMOVE},
			-1, name, err);
	dir = fd_list(from, name);
	if (!dir)
		return merge_fail(merging, "open", err);
	merging->depth++;
	rc = merge_each(merging, dir, -1, take_gone, err);
	merging->depth--;
	return rc;
}

/* `other` is the source's directory. */
static int take_from_target(
	struct merging *merging, int dirfd, const char *name, int other, struct err *err)
{
	struct stat st;

	if (fstatat(other, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return 0;
	if (errno != ENOENT)
		return merge_fail(merging, "look at", err);
	return take_gone(merging, dirfd, name, -1, err);
}

int merge_remove_others(struct merging *merging, int source, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	CLEANUP_DIR DIR *dir = NULL;

	if (!merging->how->remove)
		return 0;
	if (fs_walk(merging->fs, merge_path(merging), &entry, err) != 0)
		return -1;
	dir = fd_list(entry.dirfd, entry.name);
	if (!dir)
		return fs_raise(err, entry.dirfd, "open", merging->path.data);
	return merge_each(merging, dir, source, take_from_target, err);
}
