/* SPDX-License-Identifier: MIT */
/* What shows of the texts of the kind `file` before the first step. */
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/str.h"
#include "step/file_text.h"
#include "step/file_work.h"
#include "step/remember.h"
#include "step/step.h"
#include "step/when.h"

#define KEPT_MAX ((size_t)16 * 1024 * 1024) /* of all texts until their steps' turns */

struct preparation {
	struct step *step;
	struct ctx *ctx;
	struct problems *problems;
	bool set_known; /* and no `from_env` is to come */
	bool draft;     /* of the keys, its owner's may not be known */
	/* Of one file after the other: musl would map memory for each, and unmap it. */
	struct buf template, rendered;
};

/* Does it say the same whatever is set? `check` knows of no other text. */
static bool is_known(const struct ctx *ctx, const char *text)
{
	return !ctx->tolerant || !expand_needed(text);
}

/* Is the path known, where `check` passes over variables that are not set? */
static bool knows_path(const struct step *step, const struct ctx *ctx)
{
	return !ctx->tolerant || !section_has_text(step->section, "path", "$");
}

/* Judges the text that a new file would have, as its turn does. */
static void judge_new(struct preparation *preparation, const struct file_item *item)
{
	struct step *step = preparation->step;
	struct file_work work = {.step = step,
		.ctx = preparation->ctx,
		.conf = step->conf,
		.item = item,
		.entry = FS_ENTRY_INIT,
		.quiet = true};
	bool as_it_is = item->text && !file_edits(work.conf);
	size_t ignored;
	DECLARE_ERR(err);

	if ((as_it_is && !file_is_judged(&work)) || !preparation->set_known ||
		!knows_path(step, preparation->ctx) ||
		file_judge_new(&work, &ignored, &err) == 0)
		return;
	err.kind = ERR_CONFIG;
	(void)step_locate(step, &err); /* always -1 */
	problems_add_err(preparation->problems, &err);
}

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
static bool judge_text(struct preparation *preparation, struct file_item *item,
	const struct file_template *text)
{
	struct step *step = preparation->step;
	const struct file_conf *conf = step->conf;
	struct problems *problems = preparation->problems;
	struct expander expander =
		file_item_expander(step_early_expander(preparation->ctx), step, item,
			preparation->ctx, false);
	struct expand_result result = {0};
	struct buf *rendered = &preparation->rendered;
	size_t before = problems->count;
	DECLARE_ERR(err);

	buf_truncate(rendered, 0);
	buf_reserve(rendered, text->size + FILE_TEXT_ROOM);
	expander.prefix = arena_printf(preparation->ctx->arena, "[%s] %s", step->id,
		conf->content ? "content" : "template");
	fs_read_for(&preparation->ctx->fs, &text->writer);
	if (file_may_expand_early(
		    step, preparation->ctx, preparation->draft, text, &err) < 0 ||
		expand_collect(&expander, text->data, text->at, problems, rendered,
			&result, &err) < 0)
		problems_add_err(problems, &err);
	fs_read_for(&preparation->ctx->fs, &(struct fs_writer){.by = FS_NOBODY});
	if (problems->count != before && !is_needed(step, preparation->ctx, item))
		problems_truncate(problems, before);
	/* What is to be warned of is when the text is made. */
	if (err.kind || result.later || result.unset || result.bare || result.cut ||
		result.raw)
		return false;
	item->secret = result.secret;
	item->keyed = result.keyed;
	item->text = keep(preparation->ctx, rendered);
	item->text_size = rendered->len;
	return item->text;
}

/* What a template asks that is in a file; of `content`, all keys are looked at. */
static void check_first_run(const struct preparation *preparation,
	const struct file_template *text, struct place at)
{
	DECLARE_ERR(err);

	if (remember_check_text(text->data, text->size, preparation->ctx, &err) < 0)
		problems_add(preparation->problems, at, "[%s] template: %s",
			preparation->step->id, err.text);
}

/* Judges the text of one file, and keeps it; -1: it is for its turn to read. */
static int prepare_item(struct preparation *preparation, struct file_item *item)
{
	struct buf *template = &preparation->template;
	struct file_template text = {0};
	DECLARE_ERR(later); /* it may be there, or another one, in time */

	buf_truncate(template, 0);
	if (file_find_template(preparation->step, item, preparation->ctx, template, &text,
		    &later) < 0)
		return -1;
	item->mode = text.mode;
	file_warn_of_foreign(preparation->step, preparation->ctx, &text);
	if (*item->from)
		check_first_run(preparation, &text, text.at);
	if (judge_text(preparation, item, &text)) {
		if (is_known(preparation->ctx, text.data) &&
			is_needed(preparation->step, preparation->ctx, item))
			judge_new(preparation, item);
	} else if (template->len) {
		item->template = keep(preparation->ctx, template);
		item->writer = text.writer;
	}
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
		problems_add(problems, key->at, "[%s] %s: %s", step->id, keys[i],
			document_no_format(conf->path, ctx->arena));
		return; /* once is enough */
	}
}

/* A name that no key can have would be in place, or missing, for ever. */
static void check_names(const struct step *step, const struct ctx *ctx,
	enum document_format format, const char *key, const struct list *names,
	struct problems *problems)
{
	const struct setting *setting = section_get(step->section, key);
	DECLARE_ERR(err);

	if (!setting || section_has_text(step->section, key, "$") ||
		(!section_get(step->section, "format") && !knows_path(step, ctx)))
		return;
	for (size_t i = 0; i < names->count; i++)
		if (document_check_key(format, names->items[i], &err) < 0)
			problems_add(problems, setting->at, "[%s] %s: %s", step->id, key,
				err.text);
}

/* Judges the text of `set`; returns whether all of it is known. */
static bool prepare_set(struct step *step, struct ctx *ctx, enum document_format format,
	struct problems *problems)
{
	const struct value *set = ((const struct file_conf *)step->conf)->set;
	struct expander expander =
		file_set_expander(step_early_expander(ctx), step, format, ctx);
	struct expand_result result = {0};
	CLEANUP_BUF struct buf text = BUF_INIT;
	size_t before = problems_total(problems);
	DECLARE_ERR(err);

	expander.bare = NULL;
	if (expand_collect(&expander, set->text, set->text_at, problems, &text, &result,
		    &err) < 0)
		problems_add_err(problems, &err);
	if (problems_total(problems) != before || result.later || result.unset ||
		format == DOCUMENT_NONE || !is_known(ctx, set->text))
		return false;
	if (file_check_set(step, format, &text, &err) == 0)
		return true;
	err.kind = ERR_CONFIG;
	problems_add_err(problems, &err);
	return false;
}

/* What is wrong with the values of keys is listed before the first step. */
static bool prepare_keys(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct file_conf *conf = step->conf;
	enum document_format format = section_get(step->section, "format")
		? (enum document_format)conf->format
		: document_format_of(conf->path);

	prepare_format(step, ctx, format, problems);
	check_names(step, ctx, format, "unset", &conf->unset, problems);
	check_names(step, ctx, format, "must_have", &conf->must_have, problems);
	file_env_prepare(step, ctx, format, problems);
	return (!conf->set || prepare_set(step, ctx, format, problems)) &&
		!conf->from_env.count;
}

/* The text of one, if it is what the file will have. */
static void check_template(struct preparation *preparation, struct file_item *item,
	struct buf *text, bool form)
{
	struct ctx *ctx = preparation->ctx;
	struct place at = {.file = item->from, .line = 1, .column = 1};
	const struct file_template template = {.data = text->data,
		.size = text->len,
		.at = at,
		.writer = ctx->reader.writer};

	file_warn_of_stranger(preparation->step, ctx, preparation->draft, &template);
	if (!form)
		return;
	file_warn_of_foreign(preparation->step, ctx, &template);
	check_first_run(preparation, &template, at);
	if (expand_needed(text->data))
		(void)expand_check(text->data, ctx->conf->words, when_conditions, at,
			arena_printf(
				ctx->arena, "[%s] template: ", preparation->step->id),
			preparation->problems); /* it has listed what is wrong */
	else
		judge_new(preparation, item);
}

/*
 * For `check`, which has no values: who can change the templates, and, `beside` the
 * drop-in, their form, and what is copied. With `vars`, what is none of ours may have
 * any.
 */
static void check_files(struct preparation *preparation, bool beside)
{
	const struct step *step = preparation->step;
	const struct file_conf *conf = step->conf;
	struct ctx *ctx = preparation->ctx;
	bool form = beside && !(*conf->template && conf->vars.count);
	bool guarded = *conf->template && ctx->fs.guarded && !ctx->files_change &&
		!steps_make(ctx->steps, conf->template);
	struct file_items items = {0};
	DECLARE_ERR(ignored); /* what cannot be read, `plan` says */

	if ((!form && !guarded) || file_items(step, ctx, &items, &ignored) < 0)
		return;
	for (size_t i = 0; i < items.count; i++) {
		struct file_item *item = &items.list[i];
		struct buf *text = &preparation->template;

		buf_truncate(text, 0);
		if (item->type == FILE_TEXT && *conf->source)
			judge_new(preparation, item);
		else if (item->type == FILE_TEXT &&
			fs_reader_read(&ctx->reader, &ctx->fs, item->from, FILE_TEXT_MAX,
				text, &ignored) == 0)
			check_template(preparation, item, text, form);
		err_init(&ignored);
	}
	fs_reader_release(&ctx->reader);
}

/* Judges the texts that may be read now; those whose text is known are in the items. */
static void read_texts(struct preparation *preparation)
{
	struct step *step = preparation->step;
	const struct file_conf *conf = step->conf;
	struct ctx *ctx = preparation->ctx;
	struct file_items *items = arena_alloc(ctx->arena, sizeof *items);
	const char *key = *conf->template ? "template" : "source";
	const char *from = *conf->template ? conf->template : conf->source;
	bool may_read = !*from || step_may_read(ctx, step->section, key, from);
	size_t n = 0;
	DECLARE_ERR(later);

	if (*from && ctx->tolerant)
		check_files(preparation, may_read);
	if (!may_read || (*from && ctx->tolerant) || (!conf->content && !*conf->template))
		return;
	if (file_items(step, ctx, items, &later) < 0)
		return;
	if (*conf->template)
		propose_suffix(step, ctx, items);
	while (n < items->count && (n == 0 || stop_check(ctx->stop, &later) == 0) &&
		prepare_item(preparation, &items->list[n]) == 0)
		n++;
	fs_reader_release(&ctx->reader);
	if (n == items->count)
		step->prepared = items;
}

static void prepare_texts(struct preparation *preparation)
{
	read_texts(preparation);
	buf_release(&preparation->template);
	buf_release(&preparation->rendered);
}

void file_prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	struct preparation preparation = {.step = step,
		.ctx = ctx,
		.problems = problems,
		.template = BUF_INIT,
		.rendered = BUF_INIT};

	preparation.set_known = prepare_keys(step, ctx, problems);
	prepare_texts(&preparation);
}

void file_prepare_draft(struct step *step, struct ctx *ctx, struct problems *problems)
{
	struct step draft = *step;
	struct preparation preparation = {.step = &draft,
		.ctx = ctx,
		.problems = problems,
		.draft = true,
		.template = BUF_INIT,
		.rendered = BUF_INIT};

	/* Which names matter may be what is not known. */
	if (section_has_text(step->section, "vars", "$") ||
		section_has_text(step->section, "missing", "$"))
		return;
	draft.conf = step->draft;
	if (((const struct file_conf *)draft.conf)->set)
		(void)prepare_set(&draft, ctx, DOCUMENT_NONE, problems); /* unknown */
	prepare_texts(&preparation);
}
