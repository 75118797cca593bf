/* SPDX-License-Identifier: MIT */
/* The texts of the kind `file`: reading templates, rendering them. */
#include "step/file_text.h"

#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/log.h"
#include "base/path.h"
#include "base/stop.h"
#include "base/str.h"
#include "step/file_cut.h"
#include "step/file_raw.h"
#include "step/parents.h"
#include "step/step.h"
#include "step/when.h"

#define ROOM     256 /* by which most texts are longer than their template, at most */
#define KEPT_MAX ((size_t)16 * 1024 * 1024) /* of all texts until their steps' turns */

/* A text, and where its first line is. */
struct text {
	const char *data;
	size_t size;
	struct place at;
};

int file_escape(const struct step *step, const struct file_item *item)
{
	const struct file_conf *conf = step->conf;
	bool chosen = section_get(step->section, "escape");

	return chosen ? conf->escape : escape_for_path(item->path);
}

/* The step's expander, for the text of an item. */
static struct expander for_item(struct expander expander, const struct step *step,
	const struct file_item *item, struct ctx *ctx, bool warn)
{
	const struct file_conf *conf = step->conf;

	expander.allow = conf->vars.count ? &conf->vars : NULL;
	expander.escape = file_escape(step, item);
	expander.formless = expander.escape == 0 && !section_get(step->section, "escape");
	expander.missing = (enum expand_missing)conf->missing;
	expander.dir =
		conf->content ? conf->content->dir : path_dir(ctx->arena, item->from);
	if (!warn)
		expander.bare = NULL;
	return expander;
}

static int render(const struct step *step, const struct file_item *item, struct ctx *ctx,
	const struct text *text, bool warn, struct buf *ret, struct expand_result *result,
	struct err *err)
{
	struct expander expander = for_item(step_expander(ctx), step, item, ctx, warn);
	const struct file_conf *conf = step->conf;
	struct file_cut cut = {.step = step,
		.ctx = ctx,
		.by = conf->content ? "content" : "template",
		.path = item->path};
	struct file_raw raw = {
		.step = step, .ctx = ctx, .by = cut.by, .path = item->path};

	/* The place of a template says enough. */
	if (conf->content)
		expander.prefix = arena_printf(ctx->arena, "[%s] content", step->id);
	if (warn) {
		expander.cut = file_note_cut;
		expander.cut_user = &cut;
		expander.raw = file_note_raw;
		expander.raw_user = &raw;
	}
	buf_reserve(ret, text->size + ROOM);
	/* A plan comes before the keys: what is not made yet is put in as made up. */
	if (ctx->planning)
		expander.placeholder = "unknown";
	if (expand(&expander, text->data, text->at, ret, result, err) < 0)
		return -1;
	if (result->raw && warn)
		file_warn_raw(&raw);
	return 0;
}

static int read_source(
	struct ctx *ctx, const char *path, struct buf *ret, struct err *err)
{
	int rc = fs_reader_read(&ctx->reader, &ctx->fs, path, FILE_TEXT_MAX, ret, err);

	return rc == 1 ? parents_missing(ctx, path, err) : rc;
}

/* The template of one, read into `room` if it is in a file. `data` NULL: it has none. */
static int find_text(const struct step *step, const struct file_item *item,
	struct ctx *ctx, struct buf *room, struct text *ret, struct err *err)
{
	const struct file_conf *conf = step->conf;

	if (conf->content) {
		ret->data = conf->content->text;
		ret->size = strlen(ret->data);
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
		ret->size = item->template ? strlen(item->template) : room->len;
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
		buf_add(ret, item->text, item->text_size);
		return 0;
	}
	if (*conf->source)
		return read_source(ctx, item->from, ret, err);
	if (find_text(step, item, ctx, &template, &text, err) < 0)
		return -1;
	return text.data ? render(step, item, ctx, &text, warn, ret, result, err) : 0;
}

/* The step's expander, for `set`. */
static struct expander for_set(struct expander expander, const struct step *step,
	enum document_format format, struct ctx *ctx)
{
	const struct file_conf *conf = step->conf;
	bool chosen = section_get(step->section, "escape");

	expander.allow = conf->vars.count ? &conf->vars : NULL;
	expander.escape = chosen ? conf->escape : escape_find(document_formats[format]);
	expander.missing = (enum expand_missing)conf->missing;
	expander.prefix = arena_printf(ctx->arena, "[%s] set", step->id);
	return expander;
}

int file_set_text(const struct step *step, struct ctx *ctx, enum document_format format,
	bool warn, struct buf *ret, struct expand_result *result, struct err *err)
{
	const struct file_conf *conf = step->conf;
	struct expander expander = for_set(step_expander(ctx), step, format, ctx);

	struct file_cut cut = {.step = step, .ctx = ctx, .by = "set", .path = conf->path};

	*result = (struct expand_result){0};
	if (warn) {
		expander.cut = file_note_cut;
		expander.cut_user = &cut;
	} else {
		expander.bare = NULL;
	}
	if (ctx->planning)
		expander.placeholder = "unknown";
	return expand(&expander, conf->set->text, conf->set->text_at, ret, result, err);
}

/* ---- before the first step ---- */

struct preparation {
	struct step *step;
	struct ctx *ctx;
	struct problems *problems;
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

static const char *keep(struct ctx *ctx, const struct buf *text)
{
	if (text->len > KEPT_MAX - ctx->kept)
		return NULL;
	ctx->kept += text->len;
	return arena_memdup(ctx->arena, text->data, text->len);
}

/* Keeps the text where all of it is known; false where it is to be rendered again. */
static bool judge_text(
	struct preparation *preparation, struct file_item *item, const struct text *text)
{
	struct step *step = preparation->step;
	const struct file_conf *conf = step->conf;
	struct problems *problems = preparation->problems;
	struct expander expander = for_item(step_early_expander(preparation->ctx), step,
		item, preparation->ctx, false);
	struct expand_result result = {0};
	size_t before = problems->count;
	CLEANUP_BUF struct buf rendered = BUF_INIT;
	DECLARE_ERR(err);

	buf_reserve(&rendered, text->size + ROOM);
	expander.prefix = arena_printf(preparation->ctx->arena, "[%s] %s", step->id,
		conf->content ? "content" : "template");
	if (expand_collect(&expander, text->data, text->at, problems, &rendered, &result,
		    &err) < 0)
		problems_add_err(problems, &err);
	if (problems->count != before && !is_needed(step, preparation->ctx, item))
		problems_truncate(problems, before);
	/* What is to be warned of is when the text is made. */
	if (err.kind || result.later || result.unset || result.bare || result.cut ||
		result.raw)
		return false;
	item->secret = result.secret;
	item->text = keep(preparation->ctx, &rendered);
	item->text_size = rendered.len;
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
		item->template = keep(preparation->ctx, &template);
	return 0;
}

/* Warns where names would keep what seems to be no part of them. */
static void propose_suffix(
	const struct step *step, const struct ctx *ctx, const struct file_items *items)
{
	static const char *const endings[] = {".template", ".tmpl", ".tpl", ".j2"};
	const struct file_conf *conf = step->conf;

	for (size_t i = 0; !*conf->suffix && i < items->count; i++)
		for (size_t k = 0; k < sizeof endings / sizeof *endings; k++) {
			const char *path = items->list[i].path;

			if (str_equal(path, conf->path) || !str_ends(path, endings[k]))
				continue;
			log_warn(ctx->log,
				"[%s] template: '%s' keeps its ending %s; `suffix = %s` "
				"would drop it, and take such files alone",
				step->id, path, endings[k], endings[k]);
			return;
		}
}

/* Is the path known, where `check` passes over variables that are not set? */
static bool knows_path(const struct step *step, const struct ctx *ctx)
{
	return !ctx->tolerant || !section_has_text(step->section, "path", "$");
}

/* What needs a format, where there is none; a key of lines. */
static void prepare_format(const struct step *step, const struct ctx *ctx,
	enum document_format format, struct problems *problems)
{
	static const char *const keys[] = {"set", "unset", "from_env", "must_have"};
	const struct file_conf *conf = step->conf;
	/* must_have alone may be of a directory, where each file has its own ending. */
	size_t count = *conf->template || *conf->source ? 3 : 4;

	if (format == DOCUMENT_LINES && conf->from_env.count)
		problems_add(problems, section_get(step->section, "from_env")->at,
			"[%s] from_env: a text of lines has no keys; write another "
			"`format`",
			step->id);
	for (size_t i = 0; format == DOCUMENT_NONE && i < count; i++) {
		const struct setting *key = section_get(step->section, keys[i]);

		if (!key || !knows_path(step, ctx))
			continue;
		problems_add(problems, key->at,
			"[%s] %s: the ending of '%s' does not say its format; write "
			"`format`",
			step->id, keys[i], conf->path);
		return; /* once is enough */
	}
}

/* What is wrong with the values of keys is listed before the first step. */
static void prepare_keys(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct file_conf *conf = step->conf;
	enum document_format format = section_get(step->section, "format")
		? (enum document_format)conf->format
		: document_format_of(conf->path);
	struct expander expander = for_set(step_early_expander(ctx), step, format, ctx);
	CLEANUP_BUF struct buf ignored = BUF_INIT;
	DECLARE_ERR(err);

	prepare_format(step, ctx, format, problems);
	file_env_prepare(step, ctx, format, problems);
	expander.bare = NULL;
	if (conf->set &&
		expand_collect(&expander, conf->set->text, conf->set->text_at, problems,
			&ignored, NULL, &err) < 0)
		problems_add_err(problems, &err);
}

/*
 * For `check`, which has no values: the form of the templates beside the drop-in. With
 * `vars`, what is none of ours may have any.
 */
static void check_templates(
	const struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct file_conf *conf = step->conf;
	struct file_items items = {0};
	DECLARE_ERR(ignored); /* what cannot be read, `plan` says */

	if (!ctx->tolerant || ctx->files_change || conf->vars.count ||
		!step_reads_beside(step, "template") ||
		steps_make(ctx->steps, conf->template) ||
		file_items(step, ctx, &items, &ignored) < 0)
		return;
	for (size_t i = 0; i < items.count; i++) {
		CLEANUP_BUF struct buf text = BUF_INIT;
		struct place at = {.file = items.list[i].from, .line = 1, .column = 1};

		if (fs_reader_read(&ctx->reader, &ctx->fs, at.file, FILE_TEXT_MAX, &text,
			    &ignored) == 0)
			(void)expand_check(text.data, ctx->conf->words, when_conditions,
				at, arena_printf(ctx->arena, "[%s] template: ", step->id),
				problems); /* it has listed what is wrong */
		err_init(&ignored);
	}
	fs_reader_release(&ctx->reader);
}

void file_prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct file_conf *conf = step->conf;
	struct preparation preparation = {.step = step, .ctx = ctx, .problems = problems};
	struct file_items *items = arena_alloc(ctx->arena, sizeof *items);
	size_t n = 0;
	DECLARE_ERR(later);

	prepare_keys(step, ctx, problems);
	if (!conf->content && !*conf->template)
		return;
	if (*conf->template && !step_may_read(ctx, conf->template)) {
		check_templates(step, ctx, problems);
		return;
	}
	if (file_items(step, ctx, items, &later) < 0)
		return;
	if (*conf->template)
		propose_suffix(step, ctx, items);
	while (n < items->count && (n == 0 || stop_check(ctx->stop, &later) == 0) &&
		prepare_item(&preparation, &items->list[n]) == 0)
		n++;
	fs_reader_release(&ctx->reader);
	if (n == items->count)
		step->prepared = items;
}
