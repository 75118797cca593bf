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
#include "base/json.h"
#include "base/path.h"
#include "base/str.h"
#include "step/parents.h"
#include "step/step.h"

#define DEPTH_MAX 16
#define ITEMS_MAX 4096
#define KEPT_MAX  ((size_t)1024 * 1024) /* of a step's templates until its turn */

/* ---- which files ---- */

struct lister {
	struct ctx *ctx;
	struct file_items *items;
	const char *top; /* the directory of templates */
};

static int add_item(
	struct lister *lister, const char *path, const char *from, struct err *err)
{
	struct file_items *items = lister->items;

	if (items->count == ITEMS_MAX)
		return err_fail(
			err, "'%s' holds more than %d files", lister->top, ITEMS_MAX);
	items->list = arena_array_grow(
		lister->ctx->arena, items->list, items->count, sizeof *items->list);
	items->list[items->count++] = (struct file_item){.path = path, .from = from};
	return 0;
}

static int list_directory(struct lister *lister, const char *path, const char *from,
	int depth, struct err *err);

static int list_one(struct lister *lister, const char *path, const char *from, int depth,
	struct err *err)
{
	struct stat st;

	if (stat(from, &st) < 0)
		return errno == ENOENT ? parents_missing(lister->ctx, from, err)
				       : err_sys(err, "stat '%s'", from);
	if (S_ISDIR(st.st_mode))
		return list_directory(lister, path, from, depth + 1, err);
	return add_item(lister, path, from, err);
}

static int list_directory(struct lister *lister, const char *path, const char *from,
	int depth, struct err *err)
{
	CLEANUP_DIR DIR *dir = fs_open_dir(&lister->ctx->fs, from, err);
	const struct dirent *entry;
	int rc = 0;

	if (!dir)
		return -1;
	if (depth > DEPTH_MAX)
		rc = err_fail(err, "'%s' is deeper than %d directories", lister->top,
			DEPTH_MAX);
	/* Hidden names are passed over: "..data" of a Kubernetes mount is one. */
	for (errno = 0; rc == 0 && (entry = readdir(dir)); errno = 0)
		if (entry->d_name[0] != '.' && !str_ends(entry->d_name, "~"))
			rc = list_one(lister,
				path_join(lister->ctx->arena, path, entry->d_name),
				path_join(lister->ctx->arena, from, entry->d_name), depth,
				err);
	if (rc == 0 && errno)
		rc = err_sys(err, "read '%s'", from);
	return rc;
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
	const char *key = *conf->template ? "template" : "source";
	const struct setting *setting = section_get(step->section, key);

	if (setting && !strchr("/$", *setting->value->flat))
		err_append(err, " (it starts at the directory of the drop-in)");
	return step_locate_key(step, key, err);
}

static int find_items(
	const struct step *step, struct ctx *ctx, struct file_items *ret, struct err *err)
{
	const struct file_conf *conf = step->conf;
	const char *from = *conf->template ? conf->template : conf->source;
	struct file_items found = {0};
	struct lister lister = {.ctx = ctx, .items = &found, .top = from};
	int rc = *from ? list_one(&lister, conf->path, from, 0, err)
		       : add_item(&lister, conf->path, "", err);

	if (rc == 0 && found.count == 0)
		rc = err_fail(err, "the directory '%s' holds no template", from);
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

/* ---- their texts ---- */

/* A text, and where its first line is. */
struct text {
	const char *data;
	struct place at;
};

static int escape_of(const struct step *step, const struct file_item *item)
{
	const struct file_conf *conf = step->conf;
	bool chosen = section_get(step->section, "escape");

	return chosen ? conf->escape : escape_for_path(item->path);
}

/* The step's expander, for the text of an item. */
static struct expander for_item(struct expander expander, const struct step *step,
	const struct file_item *item, bool warn)
{
	const struct file_conf *conf = step->conf;

	expander.allow = conf->vars.count ? &conf->vars : NULL;
	expander.escape = escape_of(step, item);
	if (!warn)
		expander.bare = NULL;
	return expander;
}

static int render(const struct step *step, const struct file_item *item, struct ctx *ctx,
	const struct text *text, bool warn, struct buf *ret, struct expand_result *result,
	struct err *err)
{
	struct expander expander = for_item(step_expander(ctx), step, item, warn);
	const struct file_conf *conf = step->conf;

	/* The place of a template says enough. */
	if (conf->content)
		expander.prefix = arena_printf(ctx->arena, "[%s] content", step->id);
	/* A plan comes before the keys: what is not made yet is put in as made up. */
	if (ctx->planning)
		expander.placeholder = "unknown";
	return expand(&expander, text->data, text->at, ret, result, err);
}

static int read_source(
	struct ctx *ctx, const char *path, struct buf *ret, struct err *err)
{
	int rc = fs_read(&ctx->fs, path, FS_ANY, FILE_TEXT_MAX, ret, err);

	return rc == 1 ? parents_missing(ctx, path, err) : rc;
}

/* The template of one, read into `room` if it is in a file. `data` NULL: it has none. */
static int find_text(const struct step *step, const struct file_item *item,
	struct ctx *ctx, struct buf *room, struct text *ret, struct err *err)
{
	const struct file_conf *conf = step->conf;

	if (conf->content) {
		ret->data = conf->content->text;
		ret->at = conf->content->text_at;
	} else if (*conf->template) {
		if (!item->template && read_source(ctx, item->from, room, err) < 0)
			return -1;
		if (memchr(room->data, '\0', room->len))
			return err_fail(err,
				"the template '%s' holds a NUL byte; `source` copies a "
				"file as it is",
				item->from);
		ret->data = item->template ? item->template : room->data;
		ret->at = (struct place){.file = item->from, .line = 1, .column = 1};
	}
	return 0;
}

int file_text(const struct step *step, const struct file_item *item, struct ctx *ctx,
	bool warn, struct buf *ret, struct expand_result *result, struct err *err)
{
	const struct file_conf *conf = step->conf;
	CLEANUP_BUF struct buf template = BUF_INIT;
	struct text text = {0};

	*result = (struct expand_result){0};
	if (item->text) {
		result->secret = item->secret;
		buf_puts(ret, item->text);
		return 0;
	}
	if (*conf->source)
		return read_source(ctx, item->from, ret, err);
	if (find_text(step, item, ctx, &template, &text, err) < 0)
		return -1;
	return text.data ? render(step, item, ctx, &text, warn, ret, result, err) : 0;
}

int file_check_json(const struct step *step, const struct file_item *item,
	const struct buf *text, struct err *err)
{
	const struct file_conf *conf = step->conf;
	CLEANUP_JSON struct json json = JSON_INIT;

	if ((!conf->content && !*conf->template) || !str_ends(item->path, ".json") ||
		!str_equal(escape_names[escape_of(step, item)], "json") ||
		json_read(&json, item->path, text->data, text->len, err) == 0)
		return 0;
	err_prefix(err, "the new text is not JSON");
	return err_append(err, "; `escape = none` lets any text pass");
}

/* ---- before the first step ---- */

struct preparation {
	struct step *step;
	struct ctx *ctx;
	struct problems *problems;
	size_t room; /* for what is kept */
};

/* An existing file under `create` needs no text, and so no name in it. */
static bool is_needed(
	const struct step *step, const struct ctx *ctx, const struct file_item *item)
{
	const struct file_conf *conf = step->conf;
	struct stat st;
	DECLARE_ERR(ignored); /* what cannot be read is needed */

	return conf->policy != POLICY_CREATE ||
		fs_lookup(&ctx->fs, item->path, FS_ANY, &st, &ignored) != 0;
}

static const char *keep(struct preparation *preparation, const struct buf *text)
{
	if (text->len > preparation->room)
		return NULL;
	preparation->room -= text->len;
	return arena_memdup(preparation->ctx->arena, text->data, text->len);
}

/* Keeps the text where all of it is known; false where it is to be rendered again. */
static bool judge_text(
	struct preparation *preparation, struct file_item *item, const struct text *text)
{
	struct step *step = preparation->step;
	const struct file_conf *conf = step->conf;
	struct problems *problems = preparation->problems;
	struct expander expander =
		for_item(step_early_expander(preparation->ctx), step, item, false);
	struct expand_result result = {0};
	size_t before = problems->count;
	CLEANUP_BUF struct buf rendered = BUF_INIT;
	DECLARE_ERR(err);

	expander.prefix = arena_printf(preparation->ctx->arena, "[%s] %s", step->id,
		conf->content ? "content" : "template");
	if (expand_collect(&expander, text->data, text->at, problems, &rendered, &result,
		    &err) < 0)
		problems_add_err(problems, &err);
	if (problems->count != before && !is_needed(step, preparation->ctx, item))
		problems_truncate(problems, before);
	/* A bare $NAME is reported when the text is made. */
	if (err.kind || result.later || result.unset || result.bare)
		return false;
	item->secret = result.secret;
	item->text = keep(preparation, &rendered);
	return item->text;
}

/* Judges the text of one file, and keeps it; -1: it is for its turn to read. */
static int prepare_item(struct preparation *preparation, struct file_item *item)
{
	CLEANUP_BUF struct buf template = BUF_INIT;
	struct text text = {0};
	DECLARE_ERR(later); /* it may be there, or another one, in time */

	if (find_text(preparation->step, item, preparation->ctx, &template, &text,
		    &later) < 0)
		return -1;
	if (!judge_text(preparation, item, &text) && template.len)
		item->template = keep(preparation, &template);
	return 0;
}

void file_prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct file_conf *conf = step->conf;
	struct preparation preparation = {
		.step = step, .ctx = ctx, .problems = problems, .room = KEPT_MAX};
	struct file_items *items = arena_alloc(ctx->arena, sizeof *items);
	size_t n = 0;
	DECLARE_ERR(later);

	if (!conf->content && !*conf->template)
		return;
	if (*conf->template && !step_may_read(ctx, conf->template))
		return;
	if (find_items(step, ctx, items, &later) < 0)
		return;
	while (n < items->count && prepare_item(&preparation, &items->list[n]) == 0)
		n++;
	if (n == items->count)
		step->prepared = items;
}
