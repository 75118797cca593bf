/* SPDX-License-Identifier: MIT */
/* Removing what a step has made and has no template for any more. */
#include "step/file_prune.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_remove_path.h"
#include "base/path.h"
#include "base/str.h"
#include "state/record.h"
#include "step/file_work.h"
#include "step/items.h"
#include "step/step.h"

enum pruned_type {
	PRUNED_FILE = 1,
	PRUNED_OFFER = 2,
	PRUNED_LINK = 4,
	PRUNED_DIRECTORY = 8,
};

struct file_pruned {
	const char *path;
	const char *target; /* of a link */
	unsigned types;     /* bits: what the record says that it may be */
	bool goes;
};

/* The words of the record in front of a path, and what that then is. */
static const struct {
	const char *word;
	enum pruned_type type;
} words[] = {
	{"file ", PRUNED_FILE},
	{"next ", PRUNED_FILE},
	{"new ", PRUNED_OFFER},
	{"next-new ", PRUNED_OFFER},
	{"link ", PRUNED_LINK},
	{"dir ", PRUNED_DIRECTORY},
};

int file_prune_intend(const struct file_work *work, const char *path, const char *target,
	struct err *err)
{
	struct ctx *ctx = work->ctx;
	struct stat st;
	int rc;

	if (!work->conf->prune)
		return 0;
	rc = fs_lookup(&ctx->fs, path, FS_ANY, &st, err);
	if (rc <= 0)
		return rc;
	record_set(work->record,
		arena_printf(ctx->arena, "%s%s", target ? "link " : "dir ", path),
		target ? target : "");
	return file_memory_write(work, err);
}

/* ---- what may go ---- */

/* The first path that the step still makes and that is not before this one, or "". */
static const char *made_from(const struct file_work *work, const char *path)
{
	const struct file_item *list = work->files.list; /* sorted */
	size_t low = 0, high = work->files.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(list[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < work->files.count ? list[low].path : "";
}

/* Is it, or does it lead to, what the step still makes? */
static bool is_made(const struct file_work *work, const char *path, bool directory)
{
	const char *inside;

	if (str_equal(made_from(work, path), path))
		return true;
	if (!directory)
		return false;
	inside = arena_printf(work->ctx->arena, "%s/", path);
	return str_starts(made_from(work, inside), inside);
}

/* May another step have made it by now? A directory that one makes is not in it. */
static bool is_anothers(const struct file_work *work, const char *path)
{
	const struct steps *steps = work->ctx->steps;

	for (size_t i = 0; i < steps->count; i++) {
		const struct step *step = &steps->list[i];
		const void *conf = step->conf ? step->conf : step->draft;
		const char *made;

		if (step == work->step || !conf)
			continue;
		for (size_t k = 0; (made = step_path(step, conf, k)); k++)
			if (str_equal(made, path) ||
				(*made && step->kind == work->step->kind &&
					path_is_below(path, made)))
				return true;
	}
	return false;
}

static void add(struct file_work *work, const char *path, enum pruned_type type,
	const char *value)
{
	struct arena *arena = work->ctx->arena;
	const char *base = path;

	if (type == PRUNED_OFFER)
		base = arena_memdup(arena, path, strlen(path) - strlen(".new"));
	size_t size = strlen(work->conf->path);

	if (strncmp(path, work->conf->path, size) != 0 || path[size] != '/' ||
		path_leads_up(path) || is_made(work, base, type == PRUNED_DIRECTORY) ||
		is_anothers(work, path))
		return;
	work->pruned = arena_array_grow(
		arena, work->pruned, work->pruned_count, sizeof *work->pruned);
	work->pruned[work->pruned_count++] = (struct file_pruned){
		.path = path,
		.types = type,
		.target = type == PRUNED_LINK ? value : NULL,
	};
}

static int contents_first(const void *a, const void *b)
{
	const struct file_pruned *left = a, *right = b;

	return strcmp(right->path, left->path);
}

/* Each path once: of a start that died the record may say two things. */
static void sort(struct file_work *work)
{
	struct file_pruned *list = work->pruned;
	size_t kept = 0;

	if (!work->pruned_count)
		return;
	qsort(list, work->pruned_count, sizeof *list, contents_first);
	for (size_t i = 1; i < work->pruned_count; i++) {
		if (!str_equal(list[i].path, list[kept].path)) {
			list[++kept] = list[i];
			continue;
		}
		list[kept].types |= list[i].types;
		if (list[i].target)
			list[kept].target = list[i].target;
	}
	work->pruned_count = kept + 1;
}

static int find(struct file_work *work)
{
	const struct record *record = work->record;

	for (size_t i = 0; i < record->count; i++) {
		const char *key = record->list[i].key;

		for (size_t k = 0; k < sizeof words / sizeof *words; k++)
			if (str_starts(key, words[k].word))
				add(work, key + strlen(words[k].word), words[k].type,
					record->list[i].value);
	}
	sort(work);
	return 0;
}

int file_prune_find(struct file_work *work, struct err *err)
{
	if (work->files.count == 1 &&
		str_equal(work->files.list[0].path, work->conf->path))
		(void)err_fail(err, "'%s' is a file, and this is for a directory of them",
			work->files.list[0].from);
	else if (path_leads_up(work->conf->path))
		(void)err_config(err, "write the path without '..'");
	else
		return find(work);
	return step_locate_key(work->step, "prune", err);
}

/* ---- what goes ---- */

/* Is every directory on the way, below the step's own, a real one? 1, 0 or -1. */
static int is_led_to(const struct file_work *work, const char *path, struct err *err)
{
	const char *slash = strchr(path + strlen(work->conf->path) + 1, '/');
	struct stat st;
	int rc = 0;

	for (; rc == 0 && slash; slash = strchr(slash + 1, '/')) {
		rc = fs_lookup(&work->ctx->fs,
			arena_memdup(work->ctx->arena, path, (size_t)(slash - path)),
			FS_ANY, &st, err);
		if (rc == 0 && !S_ISDIR(st.st_mode))
			rc = 1;
	}
	return rc < 0 ? -1 : rc == 0;
}

static int has_target(
	const struct file_work *work, const struct file_pruned *pruned, struct err *err)
{
	CLEANUP_ENTRY struct fs_entry entry = FS_ENTRY_INIT;
	char target[PATH_MAX];
	ssize_t size;
	int rc = fs_walk(&work->ctx->fs, pruned->path, &entry, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	size = readlinkat(entry.dirfd, entry.name, target, sizeof target);
	return size >= 0 && (size_t)size == strlen(pruned->target) &&
		memcmp(target, pruned->target, (size_t)size) == 0;
}

/* Will it go before its directory does? */
static bool goes(const struct file_work *work, const char *directory, const char *name)
{
	const struct file_pruned key = {
		.path = path_join(work->ctx->arena, directory, name)};
	const struct file_pruned *found = bsearch(&key, work->pruned, work->pruned_count,
		sizeof *work->pruned, contents_first);

	return found && found->goes;
}

static int is_emptied(const struct file_work *work, const char *path, struct err *err)
{
	CLEANUP_DIR DIR *dir = fs_open_dir(&work->ctx->fs, path, err);
	const struct dirent *entry;

	if (!dir)
		return -1;
	while ((entry = fd_next(dir)))
		if (!goes(work, path, entry->d_name))
			return 0;
	return errno ? err_sys(err, "read '%s'", path) : 1;
}

/* Is the file as the step has written it? Returns 1, 0 or -1. */
static int is_ours(
	struct file_work *work, const struct file_pruned *pruned, struct err *err)
{
	int rc = 0;

	if (pruned->types & PRUNED_FILE)
		rc = file_memory_is_ours(work, NOTE_FILE, pruned->path, err);
	if (rc == 0 && (pruned->types & PRUNED_OFFER))
		rc = file_memory_is_ours(work, NOTE_OFFER, pruned->path, err);
	return rc;
}

/* Does it go? Returns 1, 0 with `ret_exists`, or -1. */
static int judge(struct file_work *work, struct file_pruned *pruned, bool *ret_exists,
	struct err *err)
{
	struct stat st;
	int rc = is_led_to(work, pruned->path, err);

	*ret_exists = false;
	if (rc <= 0)
		return rc;
	rc = fs_lookup(&work->ctx->fs, pruned->path, FS_ANY, &st, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	*ret_exists = true;
	if (S_ISREG(st.st_mode))
		return is_ours(work, pruned, err);
	if (S_ISLNK(st.st_mode) && (pruned->types & PRUNED_LINK))
		return has_target(work, pruned, err);
	if (S_ISDIR(st.st_mode) && (pruned->types & PRUNED_DIRECTORY))
		return is_emptied(work, pruned->path, err);
	return 0;
}

const char *file_prune_path(const struct file_work *work, size_t i)
{
	return work->pruned[i].path;
}

int file_prune_check(struct file_work *work, size_t i, struct buf *why, struct err *err)
{
	struct file_pruned *pruned = &work->pruned[i];
	bool exists;
	int rc = judge(work, pruned, &exists, err);

	pruned->goes = rc == 1;
	if (rc == 1) {
		step_change(work->ctx, CHANGE_REMOVED);
		buf_printf(
			why, "remove '%s', which has no template any more", pruned->path);
	} else if (rc == 0 && exists && (pruned->types & PRUNED_FILE))
		buf_printf(why,
			"'%s' has no template any more, and was changed: it is left",
			pruned->path);
	return rc < 0 ? -1 : rc == 1 ? TO_DO : ITEM_NONE;
}

static void forget(struct file_work *work, const char *path)
{
	for (size_t k = 0; k < sizeof words / sizeof *words; k++)
		record_set(work->record,
			arena_printf(work->ctx->arena, "%s%s", words[k].word, path),
			NULL);
}

int file_prune_apply(struct file_work *work, size_t i, struct buf *did, struct err *err)
{
	struct file_pruned *pruned = &work->pruned[i];
	struct ctx *ctx = work->ctx;
	bool exists;
	size_t count;
	int rc = judge(work, pruned, &exists, err);

	if (rc < 0)
		return -1;
	if (!exists)
		forget(work, pruned->path);
	if (rc == 0)
		return 0;
	if (fs_remove_path(&ctx->fs, pruned->path, false, true, ctx->stop, &count, err) <
		0)
		return -1;
	pruned->goes = true;
	forget(work, pruned->path);
	step_change(ctx, CHANGE_REMOVED);
	buf_printf(did, "removed '%s'", pruned->path);
	return 1;
}
