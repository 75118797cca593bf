/* SPDX-License-Identifier: MIT */
/* The texts of the kind `file`: reading templates, rendering them. */
#include "step/file_text.h"

#include <string.h>

#include "base/err.h"
#include "base/path.h"
#include "step/file_cut.h"
#include "step/file_raw.h"
#include "step/parents.h"
#include "step/step.h"

int file_escape(const struct step *step, const struct file_item *item)
{
	const struct file_conf *conf = step->conf;
	bool chosen = section_get(step->section, "escape");

	return chosen ? conf->escape : escape_for_path(item->path);
}

struct expander file_item_expander(struct expander expander, const struct step *step,
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

static int may_expand(const struct step *step, const struct ctx *ctx,
	const struct file_template *text, struct err *err)
{
	const char *first = strstr(text->data, "${");
	CLEANUP_BUF struct buf who = BUF_INIT;
	struct place at = text->at;

	if (!first || fs_writer_is_known(&ctx->fs, &text->writer))
		return 0;
	at.column = 0;
	for (const char *c = text->data; c < first; c++)
		at.line += *c == '\n';
	fs_writer_text(&text->writer, &who);
	(void)err_fail(err,
		"[%s] template: this text can be changed by %s, and what it names would "
		"be theirs to know: %s, or mount it read-only",
		step->id, who.data,
		fs_writer_advice(&text->writer,
			"give it and its directory to root, to the application's user or "
			"to the step's `owner`, and let nobody else write them"));
	return err_at(err, at);
}

int file_may_expand_early(const struct step *step, const struct ctx *ctx, bool draft,
	const struct file_template *text, struct err *err)
{
	const struct file_conf *conf = step->conf;
	struct ctx early = *ctx;
	struct fs_attr attr;

	if (draft &&
		(conf->policy == POLICY_CREATE ||
			section_has_text(step->section, "owner", "$")))
		return 0;
	if (owner_attr(step, &early, &conf->access, &attr, err) < 0)
		return -1;
	if (may_expand(step, &early, text, err) == 0)
		return 0;
	if (!steps_give(ctx->steps, text->at.file))
		return -1;
	err_init(err);
	return 0;
}

static int render(const struct step *step, const struct file_item *item, struct ctx *ctx,
	const struct file_template *text, bool warn, struct buf *ret,
	struct expand_result *result, struct err *err)
{
	struct expander expander =
		file_item_expander(step_expander(ctx), step, item, ctx, warn);
	const struct file_conf *conf = step->conf;
	struct file_cut cut = {.step = step,
		.ctx = ctx,
		.by = conf->content ? "content" : "template",
		.path = item->path,
		.format = escape_names[expander.escape]};
	struct file_raw raw = {
		.step = step, .ctx = ctx, .by = cut.by, .path = item->path};
	int rc;

	/* The place of a template says enough. */
	if (conf->content)
		expander.prefix = arena_printf(ctx->arena, "[%s] content", step->id);
	if (warn) {
		expander.cut = file_note_cut;
		expander.cut_user = &cut;
		expander.raw = file_note_raw;
		expander.raw_user = &raw;
	}
	buf_reserve(ret, text->size + FILE_TEXT_ROOM);
	/* A plan comes before the keys: what is not made yet is put in as made up. */
	if (ctx->planning)
		expander.placeholder = "unknown";
	if (may_expand(step, ctx, text, err) < 0)
		return -1;
	fs_read_for(&ctx->fs, &text->writer);
	rc = expand(&expander, text->data, text->at, ret, result, err);
	fs_read_for(&ctx->fs, &(struct fs_writer){.by = FS_NOBODY});
	if (rc == 0 && result->raw && warn)
		file_warn_raw(&raw);
	return rc;
}

static int read_source(
	struct ctx *ctx, const char *path, struct buf *ret, struct err *err)
{
	int rc = fs_reader_read(&ctx->reader, &ctx->fs, path, FILE_TEXT_MAX, ret, err);

	return rc == 1 ? parents_missing(ctx, path, err) : rc;
}

int file_find_template(const struct step *step, const struct file_item *item,
	struct ctx *ctx, struct buf *room, struct file_template *ret, struct err *err)
{
	const struct file_conf *conf = step->conf;

	ret->mode = FILE_ANY_MODE;
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
		ret->writer = item->template ? item->writer : ctx->reader.writer;
		ret->mode = item->template ? item->mode : ctx->reader.mode & 0666;
	}
	return 0;
}

int file_text(const struct step *step, const struct file_item *item, struct ctx *ctx,
	bool warn, struct buf *ret, struct expand_result *result, mode_t *ret_mode,
	struct err *err)
{
	const struct file_conf *conf = step->conf;
	CLEANUP_BUF struct buf template = BUF_INIT;
	struct file_template text = {0};

	*result = (struct expand_result){0};
	*ret_mode = FILE_ANY_MODE;
	if (item->text && !(item->secret && ctx->mask)) {
		result->secret = item->secret;
		result->keyed = item->keyed;
		buf_add(ret, item->text, item->text_size);
		*ret_mode = item->mode;
		return 0;
	}
	if (*conf->source)
		return read_source(ctx, item->from, ret, err);
	if (file_find_template(step, item, ctx, &template, &text, err) < 0)
		return -1;
	*ret_mode = text.mode;
	return text.data ? render(step, item, ctx, &text, warn, ret, result, err) : 0;
}

struct expander file_set_expander(struct expander expander, const struct step *step,
	enum document_format format, struct ctx *ctx)
{
	const struct file_conf *conf = step->conf;
	bool chosen = section_get(step->section, "escape");

	expander.allow = conf->vars.count ? &conf->vars : NULL;
	expander.escape = chosen ? conf->escape : escape_find(document_formats[format]);
	expander.missing = (enum expand_missing)conf->missing;
	expander.prefix = arena_printf(ctx->arena, "[%s] set", step->id);
	expander.dir = conf->set->dir;
	return expander;
}

int file_set_text(const struct step *step, struct ctx *ctx, enum document_format format,
	bool warn, struct buf *ret, struct expand_result *result, struct err *err)
{
	const struct file_conf *conf = step->conf;
	struct expander expander =
		file_set_expander(step_expander(ctx), step, format, ctx);

	struct file_cut cut = {.step = step,
		.ctx = ctx,
		.by = "set",
		.path = conf->path,
		.format = escape_names[expander.escape]};

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
