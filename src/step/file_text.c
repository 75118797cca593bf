/* SPDX-License-Identifier: MIT */
/* The texts of the kind `file`: listing templates, rendering them. */
#include "step/file_text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/str.h"
#include "step/step.h"

#define DEPTH_MAX 16
#define ITEMS_MAX 4096

/* ---- which files ---- */

struct lister {
	struct ctx *ctx;
	struct file_items *items;
	const char *top; /* the folder of templates */
};

static int add_item(
	struct lister *lister, const char *path, const char *from, struct err *err)
{
	struct file_items *items = lister->items;

	if (items->count == ITEMS_MAX)
		return err_fail(
			err, "'%s' holds more than %d files", lister->top, ITEMS_MAX);
	items->list = mem_resize(items->list, items->count + 1, sizeof *items->list);
	items->list[items->count++] = (struct file_item){.path = path, .from = from};
	return 0;
}

static int list_folder(struct lister *lister, const char *path, const char *from,
	int depth, struct err *err);

static int list_one(struct lister *lister, const char *path, const char *from, int depth,
	struct err *err)
{
	struct stat st;

	if (stat(from, &st) < 0)
		return err_sys(err, "look at '%s'", from);
	if (S_ISDIR(st.st_mode))
		return list_folder(lister, path, from, depth + 1, err);
	return add_item(lister, path, from, err);
}

static int list_folder(struct lister *lister, const char *path, const char *from,
	int depth, struct err *err)
{
	int fd = fs_open_dir(&lister->ctx->fs, from, err);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *one;
	int rc = 0;

	if (fd < 0)
		return -1;
	if (!dir) {
		close_fd(&fd);
		return err_sys(err, "open '%s'", from);
	}
	if (depth > DEPTH_MAX)
		rc = err_fail(
			err, "'%s' is deeper than %d folders", lister->top, DEPTH_MAX);
	/* Hidden names are passed over: "..data" of a Kubernetes mount is one. */
	for (errno = 0; rc == 0 && (one = readdir(dir)); errno = 0)
		if (one->d_name[0] != '.' && !str_ends(one->d_name, "~"))
			rc = list_one(lister,
				path_join(lister->ctx->arena, path, one->d_name),
				path_join(lister->ctx->arena, from, one->d_name), depth,
				err);
	if (rc == 0 && errno)
		rc = err_sys(err, "read '%s'", from);
	(void)closedir(dir); /* opened for reading: nothing to lose */
	return rc;
}

static int by_path(const void *a, const void *b)
{
	const struct file_item *left = a, *right = b;

	return strcmp(left->path, right->path);
}

int file_items(
	const struct step *step, struct ctx *ctx, struct file_items *ret, struct err *err)
{
	const struct file_conf *conf = step->conf;
	const char *from = *conf->template ? conf->template : conf->source;
	struct file_items found = {0};
	struct lister lister = {.ctx = ctx, .items = &found, .top = from};
	int rc = *from ? list_one(&lister, conf->path, from, 0, err)
		       : add_item(&lister, conf->path, "", err);

	if (rc == 0 && found.count == 0)
		rc = err_fail(err, "the folder '%s' holds no template", from);
	if (rc == 0) {
		qsort(found.list, found.count, sizeof *found.list, by_path);
		/* Into the arena, like everything that lives as long as the run. */
		ret->list = arena_alloc(ctx->arena, found.count * sizeof *found.list);
		memcpy(ret->list, found.list, found.count * sizeof *found.list);
		ret->count = found.count;
	}
	free(found.list);
	return rc;
}

int file_folders(const struct step *step, const struct file_item *item, struct ctx *ctx,
	const struct fs_attr *attr, struct err *err)
{
	const struct file_conf *conf = step->conf;
	struct fs_attr folder = {.mode = 0755, .uid = attr->uid, .gid = attr->gid};
	const char *slash = item->path + strlen(conf->path);
	struct arena arena = ARENA_INIT;
	enum fs_outcome outcome;
	int rc = 0;

	for (; rc == 0 && *slash == '/'; slash += strcspn(slash, "/")) {
		size_t size = (size_t)(slash - item->path);

		rc = fs_make_dir(&ctx->fs, arena_memdup(&arena, item->path, size),
			&folder, &outcome, err);
		slash++;
	}
	arena_release(&arena);
	return rc;
}

/* ---- their texts ---- */

struct renderer {
	struct expander step; /* how the step's own keys are expanded */
	bool planning;
	bool unknown;
};

static const char *lookup(void *user, const char *name)
{
	struct renderer *renderer = user;

	return renderer->step.lookup(renderer->step.user, name);
}

/* A plan stands before the keys: what is not made yet is put in as made up, and noted. */
static int reference(void *user, enum expand_scheme scheme, const char *name,
	struct buf *ret, struct err *err)
{
	struct renderer *renderer = user;
	int rc = renderer->step.reference(renderer->step.user, scheme, name, ret, err);

	if (rc == 1 && renderer->planning && scheme != EXPAND_FILE) {
		renderer->unknown = true;
		buf_puts(ret, "unknown");
		return 0;
	}
	return rc;
}

static void bare(void *user, struct place at, const char *name)
{
	struct renderer *renderer = user;

	renderer->step.bare(renderer->step.user, at, name);
}

static enum escape escape_of(const struct step *step, const struct file_item *item)
{
	const struct file_conf *conf = step->conf;

	if (section_get(step->section, "escape"))
		return (enum escape)conf->escape;
	return escape_for_path(item->path);
}

/* One text and what is known of it. */
struct text {
	const char *data;
	struct place at;
	bool warn;
};

static int render(const struct step *step, const struct file_item *item, struct ctx *ctx,
	const struct text *text, struct buf *ret, struct file_traits *traits,
	struct err *err)
{
	const struct file_conf *conf = step->conf;
	struct renderer renderer = {
		.step = step_expander(ctx), .planning = ctx->planning};
	struct expander expander = {
		.lookup = lookup,
		.reference = reference,
		.bare = text->warn ? bare : NULL,
		.user = &renderer,
		.allow = conf->vars.count ? &conf->vars : NULL,
		.escape = escape_of(step, item),
	};
	struct expand_result result = {0};

	if (expand(&expander, text->data, text->at, ret, &result, err) < 0)
		return -1;
	traits->secret = result.secret;
	traits->unknown = renderer.unknown;
	return 0;
}

static int read_source(
	const struct ctx *ctx, const char *path, struct buf *ret, struct err *err)
{
	int rc = fs_read(&ctx->fs, path, FILE_TEXT_MAX, ret, NULL, err);

	return rc == 1 ? err_fail(err, "'%s' is not there", path) : rc;
}

static int read_template(
	const struct ctx *ctx, const char *path, struct buf *ret, struct err *err)
{
	if (read_source(ctx, path, ret, err) < 0)
		return -1;
	if (memchr(ret->data, '\0', ret->len))
		return err_fail(err,
			"the template '%s' holds a NUL byte; `source` copies a file as "
			"it is",
			path);
	return 0;
}

int file_text(const struct step *step, const struct file_item *item, struct ctx *ctx,
	bool warn, struct buf *ret, struct file_traits *traits, struct err *err)
{
	const struct file_conf *conf = step->conf;
	CLEANUP_BUF struct buf template = BUF_INIT;
	struct text text = {.warn = warn};

	*traits = (struct file_traits){0};
	if (*conf->source)
		return read_source(ctx, item->from, ret, err);
	if (conf->content) {
		text.data = conf->content->text;
		text.at = conf->content->text_at;
	} else if (*conf->template) {
		if (read_template(ctx, item->from, &template, err) < 0)
			return -1;
		text.data = template.data;
		text.at = (struct place){.file = item->from, .line = 1};
	} else {
		return 0;
	}
	return render(step, item, ctx, &text, ret, traits, err);
}
