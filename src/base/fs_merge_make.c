/* SPDX-License-Identifier: MIT */
/* Merging: copies aside, and publishing them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_merge_work.h"
#include "base/fs_remove_path.h"
#include "base/path.h"
#include "base/stop.h"

int merge_fail(const struct merging *merging, const char *what, struct err *err)
{
	return err_sys(err, "%s '%s%s'", what, merging->how->source, merging->at.data);
}

const char *merge_path(struct merging *merging)
{
	buf_truncate(&merging->path, 0);
	buf_puts(&merging->path, merging->how->path);
	buf_puts(&merging->path, merging->at.data);
	return merging->path.data;
}

/* ---- aside ---- */

static int make_private(struct merging *merging, struct err *err)
{
	struct stat st;

	if (merging->private >= 0)
		return 0;
	fs_sweep(merging->fs, merging->target);
	if (fstat(merging->target, &st) == 0)
		merging->private = fs_private_make(
			merging->target, &st, "private", merging->private_name);
	if (merging->private >= 0)
		return 0;
	return fs_raise(err, merging->target, "make a directory in", merging->how->path);
}

static int stage(struct merging *merging, const struct merge_change *change, int from,
	const char *name, struct err *err)
{
	struct merge_change *noted =
		arena_memdup(&merging->arena, change, sizeof *change);
	struct fs_copy copy = merging->copy;

	copy.count = &noted->count;
	noted->path = arena_strdup(&merging->arena, merge_path(merging));
	*merging->last = noted;
	merging->last = &noted->next;
	if (change->what != MERGE_COPY)
		return 0;
	if (make_private(merging, err) < 0)
		return -1;
	noted->temp = arena_alloc(&merging->arena, 256);
	fs_temp_name(name, FS_TEMP_PLAIN, noted->temp);
	return fs_copy_object(
		from, name, merging->private, noted->temp, merging->at.data, &copy, err);
}

void merge_release(struct merging *merging)
{
	bool own = merging->private != merging->target;

	for (const struct merge_change *at = merging->changes; at; at = at->next)
		if (at->temp && merging->private >= 0)
			fs_remove_all(merging->private, at->temp, FS_INHERIT);
	if (merging->private >= 0 && own) {
		/* Else it is swept later. */
		(void)unlinkat(merging->target, merging->private_name, AT_REMOVEDIR);
		close_fd(&merging->private);
	}
	close_fd(&merging->target);
	arena_release(&merging->arena);
	buf_release(&merging->at);
	buf_release(&merging->path);
}

/* ---- a difference ---- */

static int list_removal(struct merging *merging, struct err *err)
{
	struct buf *text = &merging->ret->removals;
	const char *path = merge_path(merging);
	size_t count;

	if (fs_remove_path(
		    merging->fs, path, true, false, merging->how->stop, &count, err) < 0)
		return -1;
	merging->ret->removed += count;
	buf_separate(text, ", ");
	buf_printf(text, "'%s'", path);
	if (count > 1)
		buf_printf(text, " (%zu objects)", count);
	return 0;
}

/* Notes what a plan would announce, and the directory that it is in refuse. */
static void note_refused(struct merging *merging)
{
	struct buf *refused = &merging->ret->refused;
	const char *path = merge_path(merging);

	if (merging->use != FS_MERGE_LIST || refused->len || geteuid() == 0 ||
		faccessat(AT_FDCWD, path_dir(&merging->arena, path), W_OK | X_OK,
			AT_EACCESS) == 0)
		return;
	buf_puts(refused, path);
}

int merge_found(struct merging *merging, struct merge_change change, int from,
	const char *name, struct err *err)
{
	struct fs_merged *ret = merging->ret;

	if (change.what == MERGE_REMOVE && merging->how->may_remove &&
		merging->how->may_remove(merging->how->user, merge_path(merging), err) <
			0)
		return -1;
	if (change.what != MERGE_MODE)
		note_refused(merging);
	if (merging->use == FS_MERGE_MAKE)
		return stage(merging, &change, from, name, err);
	if (merging->use == FS_MERGE_LIST && change.what == MERGE_REMOVE)
		return list_removal(merging, err);
	ret->removed += change.what == MERGE_REMOVE;
	ret->copied += change.what != MERGE_REMOVE;
	if (ret->copied <= FS_MERGED_FIRST && change.what != MERGE_REMOVE) {
		buf_separate(&ret->first, ", ");
		buf_printf(&ret->first, "'%s'", merging->at.data + 1);
	}
	return merging->use == FS_MERGE_FIND;
}

/* ---- publishing ---- */

int merge_may_replace(const struct merging *merging, const struct fs_entry *entry,
	const char *path, struct err *err)
{
	struct stat st;

	if (fstatat(entry->dirfd, entry->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : fs_raise(err, entry->dirfd, "look at", path);
	if (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode))
		return err_set(err, ERR_TEMPORARY,
			"'%s' is being changed by another process", path);
	return fs_check_ours(merging->fs, entry, &st, path, err);
}

static int publish_copy(struct merging *merging, const struct merge_change *change,
	const struct fs_entry *entry, struct err *err)
{
	int rc;

	if (change->replace && merge_may_replace(merging, entry, change->path, err) < 0)
		return -1;
	if (change->replace)
		rc = renameat(merging->private, change->temp, entry->dirfd, entry->name);
	else /* one that exists by now is complete, too: another process made it */
		rc = fs_rename_new(
			merging->private, change->temp, entry->dirfd, entry->name);
	if (rc < 0)
		return fs_raise(err, entry->dirfd, "create", change->path);
	if (rc == 0)
		merging->ret->copied += change->count;
	return 0;
}

static int remove_one(
	struct merging *merging, const struct merge_change *change, struct err *err)
{
	size_t count;

	if (fs_remove_path(merging->fs, change->path, true, true, merging->how->stop,
		    &count, err) < 0)
		return -1;
	merging->ret->removed += count;
	return 0;
}

static int publish_one(
	struct merging *merging, const struct merge_change *change, struct err *err)
{
	const struct fs_attr attr = {.mode = change->mode, .fix_mode = true};
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	enum fs_outcome outcome;
	int rc;

	if (stop_check(merging->how->stop, err) < 0)
		return -1;
	if (change->what == MERGE_REMOVE)
		return remove_one(merging, change, err);
	rc = fs_walk(merging->fs, change->path, &entry, err);
	if (rc == 1)
		return err_set(err, ERR_TEMPORARY,
			"the directory of '%s' is being changed by another process",
			change->path);
	if (rc < 0)
		return -1;
	if (change->what == MERGE_COPY)
		return publish_copy(merging, change, &entry, err);
	merging->ret->copied++;
	return fs_fix_entry(
		merging->fs, &entry, S_IFDIR, &attr, change->path, &outcome, err);
}

static bool is_gone(const struct merging *merging)
{
	const char *name = merging->how->unless_gone;
	struct stat st;

	return name && fstatat(merging->target, name, &st, AT_SYMLINK_NOFOLLOW) < 0 &&
		errno == ENOENT;
}

static int flush(const struct merging *merging, struct err *err)
{
	return syncfs(merging->target) < 0
		? fs_raise(err, merging->target, "flush", merging->how->path)
		: 0;
}

int merge_publish(struct merging *merging, struct err *err)
{
	const struct merge_change *change = merging->changes;

	if (!change)
		return 0;
	if (flush(merging, err) < 0)
		return -1;
	for (; change && !is_gone(merging); change = change->next)
		if (publish_one(merging, change, err) < 0)
			return -1;
	return flush(merging, err);
}
