/* SPDX-License-Identifier: MIT */
/*
 * Copying a tree into a directory (base/fs_merge.h), each time or once.
 *
 * Once means while it is empty, and a copy that was interrupted has left something there.
 * A volume cannot be exchanged for a directory that was filled elsewhere, as what is
 * mounted cannot be renamed. So a file in the directory, FILLING, says that it is being
 * filled: it is created in the empty directory, and removed when all is there. While it
 * exists the next start copies what is missing, whatever else is there already. Whoever
 * copies has it locked.
 */
#include "step/directory_source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_content.h"
#include "base/fs_merge.h"
#include "base/fs_passes.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/version.h"
#include "step/needed.h"
#include "step/parents.h"
#include "step/source.h"
#include "step/step.h"

#define FILLING      "." PROGRAM "-filling"
#define LOCK_POLL_MS 20
#define LOCK_LOG_MS  10000

/* ---- what is not removed ---- */

/* What the configuration needs in the directory, by whatever path. */
struct guard {
	const struct step *step;
	struct ctx *ctx;
	const char *path;
	bool known; /* the list is */
	struct needed *list;
	size_t count;
};

static void find_needed(struct guard *guard)
{
	for (struct needed at = NEEDED_INIT; needed_next(guard->ctx, &at);) {
		if (!fs_passes(at.path, guard->path))
			continue;
		guard->list = arena_array_grow(guard->ctx->arena, guard->list,
			guard->count, sizeof *guard->list);
		guard->list[guard->count++] = at;
	}
	guard->known = true;
}

/* As they are written they were compared before; here, where they lead by now. */
static int may_remove(void *user, const char *path, struct err *err)
{
	struct guard *guard = user;

	if (!guard->known)
		find_needed(guard);
	for (size_t i = 0; i < guard->count; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;

		if (!fs_passes(guard->list[i].path, path))
			continue;
		needed_say(guard->ctx, &guard->list[i], path, &text);
		(void)err_fail(err,
			"mirror would remove '%s': %s; leave it out with `exclude`", path,
			text.data);
		return step_locate_key(guard->step, "merge", err);
	}
	return 0;
}

/* ---- a merge ---- */

static int merge(struct ctx *ctx, const struct directory_source *source, const char *path,
	enum fs_merge_use use, struct fs_merged *ret, struct err *err)
{
	struct guard guard = {.step = source->step, .ctx = ctx, .path = path};
	const struct fs_merge how = {
		.source = source->from,
		.path = path,
		.replace = source->merge >= DIRECTORY_ALWAYS,
		.remove = source->merge == DIRECTORY_MIRROR,
		.exclude = source->exclude,
		.attr = source->attr,
		.unless_gone = source->merge == DIRECTORY_EMPTY ? FILLING : NULL,
		.may_remove = may_remove,
		.user = &guard,
		.stop = ctx->stop,
	};

	if (fs_merge(&ctx->fs, &how, use, ret, err) < 0)
		return -1;
	if (ret->in_the_way.len)
		log_warn(ctx->log,
			"%s: a file there, and a directory in '%s': nothing of that is "
			"copied; move it away",
			ret->in_the_way.data, source->from);
	return 0;
}

/* Is it to be filled, from the beginning (1) or still (2)? Else returns 0, or -1. */
static int is_to_fill(struct ctx *ctx, const struct directory_source *source,
	const char *path, struct err *err)
{
	struct fs_content content;

	if (fs_content(&ctx->fs, path, FILLING, source->exclude, &content, err) < 0)
		return -1;
	return content.marked ? 2 : !content.other;
}

/* ---- checking ---- */

static int find_source(
	struct ctx *ctx, const struct directory_source *source, struct err *err)
{
	CLEANUP_DIR DIR *dir = fs_open_dir(&ctx->fs, source->from, err);

	if (dir)
		return 0;
	if (err->code != ENOENT)
		return step_locate_key(source->step, "source", err);
	(void)parents_missing(ctx, source->from, err); /* always -1 */
	return source_locate(source->step, "source", err);
}

static void describe(const struct directory_source *source, const char *path,
	const struct fs_merged *merged, struct buf *why)
{
	if (merged->copied) {
		buf_separate(why, "; ");
		buf_printf(why, "copy %s", merged->first.data);
		if (merged->copied > FS_MERGED_FIRST)
			buf_printf(
				why, " and %zu more", merged->copied - FS_MERGED_FIRST);
		buf_printf(why, " from '%s' into '%s'", source->from, path);
	}
	if (merged->removed) {
		buf_separate(why, "; ");
		buf_printf(why, "remove %s, not in '%s'",
			*merged->removals.data ? merged->removals.data : "what is",
			source->from);
	}
}

/* Could something be made in the directory, which is there? */
static int check_inside(struct ctx *ctx, const char *path, struct err *err)
{
	return parents_check(ctx, "copy into the directory of",
		arena_printf(ctx->arena, "%s/FILE", path), err);
}

static int check_merge(struct ctx *ctx, const struct directory_source *source,
	const char *path, struct buf *why, struct err *err)
{
	CLEANUP_MERGED struct fs_merged merged = FS_MERGED_INIT;
	enum fs_merge_use use = ctx->planning ? FS_MERGE_LIST : FS_MERGE_FIND;

	if (merge(ctx, source, path, use, &merged, err) < 0)
		return -1;
	if (!merged.copied && !merged.removed)
		return IN_PLACE;
	step_change(ctx, CHANGE_CHANGED);
	describe(source, path, &merged, why);
	if (merged.refused.len)
		return parents_check(
			ctx, "copy into the directory of", merged.refused.data, err);
	return check_inside(ctx, path, err);
}

/* In a directory that is empty, or missing: what an earlier step of a plan has made. */
static int check_planned(struct ctx *ctx, const struct directory_source *source,
	const char *path, struct buf *why)
{
	const char *inside, *by;

	switch (parents_put_in(ctx, path, source->exclude, &inside, &by)) {
	case CONDITION_YES:
		buf_separate(why, "; ");
		buf_printf(why,
			"'%s' is not empty by then ('%s'), and nothing is copied into it",
			path, inside);
		return IN_PLACE;
	case CONDITION_UNKNOWN:
		buf_separate(why, "; ");
		buf_printf(why, "not known before %s has made '%s'", by, inside);
		return UNKNOWABLE;
	default:
		return TO_DO;
	}
}

/* Of one that is filled while it is empty: TO_DO, or what else it comes to. */
static int check_empty(struct ctx *ctx, const struct directory_source *source,
	const char *path, bool missing, struct buf *why, struct err *err)
{
	int rc = missing ? 1 : is_to_fill(ctx, source, path, err);

	if (rc == 1)
		return check_planned(ctx, source, path, why);
	if (rc != 0)
		return rc < 0 ? -1 : TO_DO;
	buf_separate(why, "; ");
	buf_printf(why, "'%s' is not empty, and nothing is copied into it", path);
	return IN_PLACE;
}

int directory_source_check(struct ctx *ctx, const struct directory_source *source,
	const char *path, bool missing, struct buf *why, struct err *err)
{
	bool fill = missing || source->merge == DIRECTORY_EMPTY;

	if (!*source->from)
		return IN_PLACE;
	if (source->merge == DIRECTORY_EMPTY) {
		int found = check_empty(ctx, source, path, missing, why, err);

		if (found != TO_DO)
			return found;
	}
	if (find_source(ctx, source, err) < 0)
		return -1;
	if (!fill)
		return check_merge(ctx, source, path, why, err);
	step_change(ctx, CHANGE_CHANGED);
	buf_separate(why, "; ");
	buf_printf(why, "fill '%s' from '%s'", path, source->from);
	return missing ? TO_DO : check_inside(ctx, path, err);
}

/* ---- copying ---- */

static int copy(struct ctx *ctx, const struct directory_source *source, const char *path,
	struct buf *did, struct err *err)
{
	CLEANUP_MERGED struct fs_merged merged = FS_MERGED_INIT;

	if (merge(ctx, source, path, FS_MERGE_MAKE, &merged, err) < 0)
		return -1;
	if (!merged.copied && !merged.removed)
		return 0;
	step_change(ctx, CHANGE_CHANGED);
	buf_separate(did, "; ");
	if (merged.copied)
		buf_printf(did, "copied %zu object%s from '%s' into '%s'", merged.copied,
			merged.copied == 1 ? "" : "s", source->from, path);
	if (merged.removed)
		buf_printf(did, "%sremoved %zu from '%s'", merged.copied ? ", " : "",
			merged.removed, path);
	return 1;
}

/* The directory has no file FILLING any more. Returns 0, or -1. */
static int end_filling(struct ctx *ctx, const char *marker, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	int rc = fs_walk(&ctx->fs, marker, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (unlinkat(entry.dirfd, entry.name, 0) < 0 && errno != ENOENT)
		return err_sys(err, "remove '%s'", marker);
	if (fs_sync_dir(entry.dirfd) < 0)
		return err_sys(err, "flush the directory of '%s'", marker);
	return 0;
}

/*
 * Locks the file, so that of many processes one copies and the others wait; who cannot
 * lock goes on, since what is published first stays. Returns 0, 1 if it is gone by now,
 * or -1.
 */
static int lock(struct ctx *ctx, const char *marker, int *ret, struct err *err)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	for (int64_t waited = 0;; waited += LOCK_POLL_MS) {
		CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
		CLEANUP_FD int fd = -1;
		struct stat st;
		int rc = fs_walk(&ctx->fs, marker, &entry, err);

		if (rc != 0)
			return rc;
		fd = openat(entry.dirfd, entry.name,
			O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			return 1;
		if (fd < 0 || fstat(fd, &st) < 0)
			return err_sys(err, "open '%s'", marker);
		rc = fcntl(fd, F_OFD_SETLK, &whole);
		if (rc == 0 && fstat(fd, &st) == 0 && st.st_nlink == 0)
			continue;
		if (rc == 0 || (errno != EAGAIN && errno != EACCES)) {
			*ret = steal_fd(&fd);
			return 0;
		}
		if (waited && waited % LOCK_LOG_MS == 0)
			log_info(ctx->log, "waiting for the process that locked '%s'",
				marker);
		if (stop_sleep(ctx->stop, LOCK_POLL_MS, err) < 0)
			return -1;
	}
}

static int fill(struct ctx *ctx, const struct directory_source *source, const char *path,
	struct buf *did, struct err *err)
{
	static const struct fs_attr attr = {
		.mode = 0600, .uid = FS_INHERIT, .gid = (gid_t)FS_INHERIT};
	const char *marker = arena_printf(ctx->arena, "%s/%s", path, FILLING);
	enum fs_outcome outcome; /* it may be another's */
	CLEANUP_FD int fd = -1;
	int rc;

	rc = is_to_fill(ctx, source, path, err);
	if (rc <= 0)
		return rc;
	if (fs_write(&ctx->fs, marker, "", 0, &attr, false, &outcome, err) < 0)
		return -1;
	rc = lock(ctx, marker, &fd, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = copy(ctx, source, path, did, err);
	if (rc >= 0 && end_filling(ctx, marker, err) < 0)
		return -1;
	return rc;
}

int directory_source_apply(struct ctx *ctx, const struct directory_source *source,
	const char *path, struct buf *did, struct err *err)
{
	if (!*source->from)
		return 0;
	return source->merge == DIRECTORY_EMPTY ? fill(ctx, source, path, did, err)
						: copy(ctx, source, path, did, err);
}
