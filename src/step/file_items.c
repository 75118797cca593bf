/* SPDX-License-Identifier: MIT */
/* Which files a step of the kind `file` makes: listing templates and sources. */
#include "step/file_items.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/fs_error.h"
#include "base/fs_reader.h"
#include "base/path.h"
#include "base/stop.h"
#include "base/str.h"
#include "step/parents.h"
#include "step/source.h"
#include "step/step.h"

#define DEPTH_MAX  16
#define STOP_EVERY 64 /* entries: a look costs a system call */
#define ITEMS_MAX  100000

int file_check_suffix(const char *text, struct err *err)
{
	if (!*text || (!strpbrk(text, "/*?[ \t") && !str_is_alnum(*text)))
		return 0;
	if (str_is_alnum(*text))
		return err_config(err, "'%s' has no dot in front: write .%s", text, text);
	return err_config(err, "'%s' is not the end of a name, as in .template", text);
}

struct lister {
	struct ctx *ctx;
	struct file_items *items;
	const char *top; /* the directory of templates or sources */
	const char *suffix;
	bool as_it_is; /* a `source`: links and empty directories, too */
	size_t seen;   /* entries of directories */
	struct fs_reader reader;
};

static int add_item(struct lister *lister, const struct file_item *item, struct err *err)
{
	struct file_items *items = lister->items;

	if (items->count == ITEMS_MAX)
		return err_fail(
			err, "'%s' holds more than %d files", lister->top, ITEMS_MAX);
	items->list = arena_array_grow(
		lister->ctx->arena, items->list, items->count, sizeof *items->list);
	items->list[items->count++] = *item;
	return 0;
}

/* ---- links ---- */

/* What Kubernetes exchanges ("..data"), backups of editors, and what we left behind. */
static bool is_passed_over(const char *name)
{
	return str_starts(name, "..") || str_ends(name, "~") || fs_is_temporary(name);
}

/* Does the relative `target` of a link, so deep below the top, lead to what is copied? */
static bool stays_inside(struct arena *arena, const char *target, int depth)
{
	while (*target) {
		size_t size = strcspn(target, "/");
		const char *name = arena_memdup(arena, target, size);

		if (str_equal(name, ".."))
			depth--;
		else if (is_passed_over(name))
			return false;
		else if (*name && !str_equal(name, "."))
			depth++;
		if (depth < 0)
			return false;
		target += size;
		target += strspn(target, "/");
	}
	return true;
}

/* The target of the link in the arena, or NULL where it cannot be read. */
static const char *link_target(struct arena *arena, const char *path)
{
	char target[PATH_MAX];
	ssize_t size = readlink(path, target, sizeof target);

	return size > 0 ? arena_memdup(arena, target, (size_t)size) : NULL;
}

/* Is it a link that is made as it is? Then its target is in the item. 1, 0, or -1. */
static int is_kept_link(
	struct lister *lister, struct file_item *item, int depth, struct err *err)
{
	struct ctx *ctx = lister->ctx;
	char target[PATH_MAX];
	int rc;

	if (!lister->as_it_is || depth == 0)
		return 0;
	rc = fs_reader_link(
		&lister->reader, &ctx->fs, item->from, target, &item->chooser, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	item->target = arena_strdup(ctx->arena, target);
	return *target == '/' || stays_inside(ctx->arena, target, depth - 1);
}

static int raise_missing(struct lister *lister, const char *from, struct err *err)
{
	const char *target = link_target(lister->ctx->arena, from);

	(void)parents_missing(lister->ctx, from, err); /* -1 */
	if (target)
		err_fail(err, "'%s' is a link to '%s', which is missing", from, target);
	return -1;
}

/* ---- listing ---- */

static int list_directory(
	struct lister *lister, struct file_item *item, int depth, struct err *err);

/* A file in a directory: its name loses the suffix, or it is none of ours. */
static int list_file(
	struct lister *lister, struct file_item *item, int depth, struct err *err)
{
	size_t suffix = strlen(lister->suffix);

	if (suffix && depth == 0)
		return err_fail(err,
			"'%s' is a file, and `suffix` is for a directory of templates",
			item->from);
	if (suffix &&
		(!str_ends(item->from, lister->suffix) ||
			strlen(path_base(item->from)) == suffix))
		return 0;
	item->path =
		arena_memdup(lister->ctx->arena, item->path, strlen(item->path) - suffix);
	return add_item(lister, item, err);
}

static int list_target(
	struct lister *lister, struct file_item *item, int depth, struct err *err)
{
	struct stat st;

	if (stat(item->from, &st) < 0)
		return errno == ENOENT ? raise_missing(lister, item->from, err)
				       : fs_raise_path(err, "look at", item->from);
	if (S_ISDIR(st.st_mode))
		return list_directory(lister, item, depth + 1, err);
	if (lister->as_it_is)
		item->mode = st.st_mode & 0777;
	return list_file(lister, item, depth, err);
}

static int list_one(
	struct lister *lister, struct file_item *item, int depth, struct err *err)
{
	int kept = is_kept_link(lister, item, depth, err);

	if (kept < 0)
		return -1;
	if (kept == 0) {
		fs_note_path(&lister->ctx->fs, item->from);
		return list_target(lister, item, depth, err);
	}
	item->type = FILE_LINK;
	return add_item(lister, item, err);
}

static int list_below(struct lister *lister, const struct file_item *directory,
	const struct dirent *entry, int depth, struct err *err)
{
	struct arena *arena = lister->ctx->arena;
	struct file_item item = {
		.path = path_join(arena, directory->path, entry->d_name),
		.from = path_join(arena, directory->from, entry->d_name),
	};

	if (entry->d_type != DT_REG)
		return list_one(lister, &item, depth, err);
	/* Of a template there is nothing more to be known. */
	return lister->as_it_is ? list_target(lister, &item, depth, err)
				: list_file(lister, &item, depth, err);
}

static int list_directory(
	struct lister *lister, struct file_item *item, int depth, struct err *err)
{
	CLEANUP_DIR DIR *dir = fs_open_dir(&lister->ctx->fs, item->from, err);
	const struct dirent *entry;
	size_t before = lister->items->count;
	int rc = 0;

	if (!dir)
		return -1;
	if (depth > DEPTH_MAX)
		rc = err_fail(err, "'%s' is deeper than %d directories", lister->top,
			DEPTH_MAX);
	while (rc == 0 && (entry = fd_next(dir))) {
		if (lister->seen++ % STOP_EVERY == 0)
			rc = stop_check(lister->ctx->stop, err);
		if (rc == 0 && !is_passed_over(entry->d_name))
			rc = list_below(lister, item, entry, depth, err);
	}
	if (rc == 0 && errno)
		rc = err_sys(err, "read '%s'", item->from);
	if (rc < 0 || lister->items->count != before || !lister->as_it_is || depth == 1)
		return rc;
	item->type = FILE_DIRECTORY;
	return add_item(lister, item, err);
}

static int by_path(const void *a, const void *b)
{
	const struct file_item *left = a, *right = b;

	return strcmp(left->path, right->path);
}

/* Gives the error the key that names the templates, and where its path starts. */
static int locate(const struct step *step, struct err *err)
{
	const struct file_conf *conf = step->conf;

	return source_locate(step, *conf->template ? "template" : "source", err);
}

static int find_items(
	const struct step *step, struct ctx *ctx, struct file_items *ret, struct err *err)
{
	const struct file_conf *conf = step->conf;
	const char *from = *conf->template ? conf->template : conf->source;
	struct file_items found = {0};
	struct file_item first = {.path = conf->path, .from = from};
	struct lister lister = {
		.ctx = ctx,
		.items = &found,
		.top = from,
		.suffix = conf->suffix,
		.as_it_is = *conf->source,
		.reader = FS_READER_INIT,
	};
	int rc = *from ? list_one(&lister, &first, 0, err)
		       : add_item(&lister, &first, err);

	fs_reader_release(&lister.reader);
	if (rc == 0 && found.count == 0)
		rc = err_fail(err, "the directory '%s' holds no %s%s%s", from,
			*conf->template ? "template" : "file",
			*conf->suffix ? " that ends in " : "", conf->suffix);
	if (rc != 0)
		return locate(step, err);
	qsort(found.list, found.count, sizeof *found.list, by_path);
	*ret = found;
	return 0;
}

int file_items(
	const struct step *step, struct ctx *ctx, struct file_items *ret, struct err *err)
{
	const struct file_items *prepared = step_prepared(step, ctx);

	if (!prepared)
		return find_items(step, ctx, ret, err);
	*ret = *prepared;
	return 0;
}
