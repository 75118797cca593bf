/* SPDX-License-Identifier: MIT */
/* Merging: what differs between a source and a directory. */
#include "base/fs_merge.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_merge_work.h"
#include "base/fs_passes.h"
#include "base/fs_remove_path.h"
#include "base/stop.h"

#define DEPTH_MAX        256
#define IN_THE_WAY_SHOWN 512 /* bytes, after which no more are listed */

void fs_merged_release(struct fs_merged *merged)
{
	buf_release(&merged->first);
	buf_release(&merged->removals);
	buf_release(&merged->refused);
	buf_release(&merged->in_the_way);
}

/* ---- an object of the source ---- */

static int merge_dir(
	struct merging *merging, int from, const char *name, struct err *err);

static bool is_plain(mode_t mode)
{
	return S_ISREG(mode) || S_ISLNK(mode);
}

static int raise_in_the_way(
	struct merging *merging, mode_t mode, mode_t wanted, struct err *err)
{
	return err_fail(err, "'%s' is a %s, and a %s in '%s': move it away",
		merge_path(merging), fs_type_name(mode), fs_type_name(wanted),
		merging->how->source);
}

/* It exists as another type. */
static int change_type(struct merging *merging, int from, const char *name,
	const struct stat *st, const struct fs_entry *entry, const struct fs_look *look,
	struct err *err)
{
	bool plain = is_plain(st->st_mode) && is_plain(look->mode);
	struct merge_change copy = {.what = MERGE_COPY, .replace = plain};
	int rc;

	/* So that a plan says it, and nothing else is published. */
	if (plain && merge_may_replace(merging, entry, merging->path.data, err) < 0)
		return -1;
	if (plain)
		return merge_found(merging, copy, from, name, err);
	if (!merging->how->remove)
		return raise_in_the_way(merging, look->mode, st->st_mode, err);
	rc = merge_holds_excluded(merging, entry->dirfd, entry->name, err);
	if (rc > 0)
		(void)raise_in_the_way(merging, look->mode, st->st_mode, err); /* -1 */
	if (rc > 0)
		return err_append(err, ", with what `exclude` leaves alone in it");
	if (rc < 0)
		return -1;
	rc = merge_found(
		merging, (struct merge_change){.what = MERGE_REMOVE}, from, name, err);
	return rc == 0 ? merge_found(merging, copy, from, name, err) : rc;
}

static int merge_existing(struct merging *merging, int from, const char *name,
	const struct stat *st, const struct fs_entry *entry, const struct fs_look *look,
	struct err *err)
{
	struct merge_change change = {
		.what = MERGE_COPY, .replace = true, .mode = st->st_mode & 01777};
	bool replace = merging->how->replace;
	int same = merge_same_mode(st, look);

	if (S_ISDIR(st->st_mode) && S_ISDIR(look->mode)) {
		change.what = MERGE_MODE;
		if (replace && !same &&
			merge_found(merging, change, from, name, err) != 0)
			return 1; /* noting it cannot fail */
		return merge_dir(merging, from, name, err);
	}
	if (!replace && S_ISDIR(st->st_mode) && S_ISREG(look->mode) &&
		merging->ret->in_the_way.len < IN_THE_WAY_SHOWN) {
		buf_separate(&merging->ret->in_the_way, ", ");
		buf_printf(&merging->ret->in_the_way, "'%s'", merge_path(merging));
	}
	if (!replace)
		return 0;
	if ((st->st_mode & S_IFMT) != (look->mode & S_IFMT))
		return change_type(merging, from, name, st, entry, look, err);
	if (same)
		same = S_ISLNK(st->st_mode)
			? merge_same_link(merging, from, name, entry, err)
			: merge_same_file(merging, from, name, entry, err);
	if (same != 0)
		return same < 0 ? -1 : 0;
	if (merge_may_replace(merging, entry, merging->path.data, err) < 0)
		return -1;
	return merge_found(merging, change, from, name, err);
}

static int merge_object(
	struct merging *merging, int from, const char *name, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	const struct merge_change copy = {.what = MERGE_COPY};
	struct fs_look look = {0};
	struct stat st;
	int rc;

	if (stop_check(merging->how->stop, err) < 0)
		return -1;
	if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return merge_fail(merging, "look at", err);
	if (fs_copy_judge(&merging->copy, from, name, -1, &st, merging->at.data, err) < 0)
		return -1;
	rc = fs_walk(merging->fs, merge_path(merging), &entry, err);
	if (rc < 0)
		return -1;
	if (rc == 0 && fs_look_at(entry.dirfd, entry.name, &look) < 0) {
		if (errno != ENOENT)
			return fs_raise(err, entry.dirfd, "look at", merging->path.data);
		rc = 1;
	}
	if (rc == 1)
		return merge_found(merging, copy, from, name, err);
	if (!fs_look_beside(&look, &merging->top))
		return 0;
	return merge_existing(merging, from, name, &st, &entry, &look, err);
}

/* ---- a directory of both ---- */

static int take_from_source(
	struct merging *merging, int dirfd, const char *name, int other, struct err *err)
{
	(void)other;
	merging->source_holds = true;
	return merge_object(merging, dirfd, name, err);
}

static int merge_dir(struct merging *merging, int from, const char *name, struct err *err)
{
	const struct fs_copy copy = merging->copy;
	CLEANUP_DIR DIR *dir = fd_list(from, name);
	struct stat st;
	int rc;

	if (!dir || fstat(dirfd(dir), &st) < 0)
		return merge_fail(merging, "open", err);
	if (fs_copy_judge(&copy, from, name, dirfd(dir), &st, merging->at.data, err) < 0)
		return -1;
	if (++merging->depth > DEPTH_MAX)
		return err_fail(err, "'%s' is deeper than %d directories",
			merging->how->source, DEPTH_MAX);
	fs_copy_enter(&merging->copy, &st);
	rc = merge_each(merging, dir, -1, take_from_source, err);
	if (rc == 0)
		rc = merge_remove_others(merging, dirfd(dir), err);
	merging->copy = copy;
	merging->depth--;
	return rc;
}

/* ---- all of it ---- */

static int open_target(struct merging *merging, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	const char *path = merging->how->path;
	struct stat st;
	int rc = fs_walk(merging->fs, path, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : err_fail(err, "'%s' is missing", path);
	merging->target = openat(
		entry.dirfd, entry.name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (merging->target < 0 || fstat(merging->target, &st) < 0 ||
		fs_look_at(merging->target, "", &merging->top) < 0)
		return fs_raise_open(err, entry.dirfd, entry.name, path);
	if (fs_may_change(merging->fs, &entry, merging->target, &st, path, err) < 0)
		return -1;
	if (fs_resolve_owner(merging->target, &merging->attr) < 0)
		return fs_raise(err, entry.dirfd, "look at", path);
	return 0;
}

/* Behind a link or a mount that others control, the rules of reading are stricter. */
static int merge_source(struct merging *merging, struct err *err)
{
	const char *source = merging->how->source;
	struct fs_copy *copy = &merging->copy;
	CLEANUP_WALK struct walk walk;
	int rc = walk_begin(&walk, merging->fs, NULL, WALK_READ, source, err);

	if (rc == 0)
		rc = walk_into_last(&walk, err);
	if (rc != 0)
		return rc < 0 ? -1 : err_code(err, ENOENT, "'%s' is missing", source);
	if (walk.at.hold.by != FS_NOBODY && walk.at.hold.passed) {
		copy->whose =
			walk.at.hold.by == FS_SOMEBODY ? FS_COPY_USER : FS_COPY_OPEN;
		copy->uid = walk.at.hold.uid;
	}
	return merge_dir(merging, walk.at.dirfd, ".", err);
}

int fs_merge(struct fs *fs, const struct fs_merge *how, enum fs_merge_use use,
	struct fs_merged *ret, struct err *err)
{
	struct merging merging = {
		.fs = fs,
		.how = how,
		.use = use,
		.ret = ret,
		.attr = *how->attr,
		.target = -1,
		.private = -1,
		.at = BUF_INIT,
		.path = BUF_INIT,
	};
	int rc = 0;

	merging.last = &merging.changes;
	merging.copy = (struct fs_copy){
		.path = how->source,
		.reading = fs,
		.give = &merging.attr,
		.exclude = how->exclude,
		.stop = how->stop,
	};
	if (fs_passes(how->source, how->path) || fs_passes(how->path, how->source))
		rc = err_config(err,
			"'%s' cannot be copied into '%s': one of them is in the other",
			how->source, how->path);
	if (rc == 0)
		rc = open_target(&merging, err);
	if (rc == 0)
		rc = merge_source(&merging, err);
	if (rc == 0 && use == FS_MERGE_MAKE)
		rc = merge_publish(&merging, err);
	merge_release(&merging);
	return rc < 0 ? -1 : 0;
}
