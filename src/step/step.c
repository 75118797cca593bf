/* SPDX-License-Identifier: MIT */
/* What all steps share: their common keys, filling them, values that they hand on. */
#include "step/step.h"

#include <string.h>

#include "base/cpus.h"
#include "base/err.h"
#include "base/log.h"
#include "base/secrets.h"
#include "base/str.h"
#include "step/exports.h"
#include "step/from_file.h"
#include "step/parents.h"
#include "step/url_secrets.h"
#include "step/variable.h"
#include "step/when.h"

#define FILE_VALUE_MAX ((size_t)1024 * 1024)

/* Does it begin with "[kind:name]", as one that has a key does? */
static bool is_located(const struct step *step, const struct err *err)
{
	size_t size = strlen(step->id);

	return err->at.file && err->text[0] == '[' &&
		strncmp(err->text + 1, step->id, size) == 0 && err->text[size + 1] == ']';
}

int step_locate(const struct step *step, struct err *err)
{
	struct place at = step->section->at;

	/* A key may stand in another file than the header. */
	if (is_located(step, err) || (err->at.file && str_equal(err->at.file, at.file)))
		return -1;
	err_prefix(err, "[%s]", step->id);
	return err_at(err, at);
}

int step_locate_key(const struct step *step, const char *key, struct err *err)
{
	err_prefix(err, "[%s] %s", step->id, key);
	return err_at(err, section_place(step->section, key));
}

/* ---- what ${…} stands for ---- */

static bool pending(void *user, const char *glob)
{
	struct ctx *ctx = user;
	const char *by = exports_pending(ctx, glob);

	if (by)
		ctx->known_after = by;
	return by != NULL;
}

static const char *lookup(void *user, const char *name)
{
	struct ctx *ctx = user;
	const char *value = env_get(ctx->env, name);

	if (str_equal(name, "GROUNDWORK_BASE"))
		return ctx->base;
	if (!value && str_equal(name, "GROUNDWORK_CPUS"))
		value = arena_printf(ctx->arena, "%u", cpus_available(""));
	return value;
}

void step_drop_newline(struct buf *value)
{
	size_t len = value->len;

	if (len == 0 || value->data[len - 1] != '\n')
		return;
	buf_truncate(value, len - (len > 1 && value->data[len - 2] == '\r' ? 2 : 1));
}

static int read_value(struct ctx *ctx, const char *path, struct buf *ret, struct err *err)
{
	CLEANUP_READER struct fs_reader reader = FS_READER_INIT;
	CLEANUP_BUF struct buf text = BUF_INIT;
	int rc = fs_reader_read(&reader, &ctx->fs, path, FILE_VALUE_MAX, &text, err);

	if (rc != 0)
		return rc;
	if (memchr(text.data, '\0', text.len))
		return err_fail(err, "'%s' holds a NUL byte, which no value can", path);
	step_drop_newline(&text);
	if (reader.writer.by != FS_NOBODY)
		list_add(&ctx->others, ctx->arena, text.data, text.len);
	buf_add(ret, text.data, text.len);
	return 0;
}

int step_file_value(struct ctx *ctx, const char *path, struct buf *ret, struct err *err)
{
	size_t before = ret->len;
	int rc = read_value(ctx, path, ret, err);

	if (rc == 0)
		url_secrets_add_value(ret->data + before, ctx->secrets);
	return rc;
}

int step_path_value(struct ctx *ctx, const char *word, const char *path, struct buf *ret,
	struct err *err)
{
	return str_equal(word, EXPAND_FILE) ? step_file_value(ctx, path, ret, err)
					    : read_value(ctx, path, ret, err);
}

struct step *step_with_value(
	struct ctx *ctx, const char *word, const char *name, struct err *err)
{
	const char *id = arena_printf(ctx->arena, "%s:%s", word, name);
	struct step *step = steps_find(ctx->steps, ctx->module, id);

	if (step && step->kind->value)
		return step;
	(void)err_config(err, "there is no step '%s' that has a value", id); /* -1 */
	return NULL;
}

/*
 * Of a step that is not the one at work, whose owner stays. Nor is the other's turn taken
 * from it: what was not known of it before may be another thing by then. Where its value
 * is `exported`, `ret_name` gets the variable, and 1 is returned if there is none.
 */
static int value_of(struct step *step, struct ctx *ctx, const struct field *exported,
	const char **ret_name, struct buf *ret, struct err *err)
{
	struct step before = *step;
	const struct ctx at_work = *ctx;
	int rc;

	/* Its keys are the configuration's, its value is for who asks. */
	ctx->fs.named_by.by = FS_NOBODY;
	rc = step_fill(step, ctx, err);
	ctx->fs.named_by = at_work.fs.named_by;
	if (rc == 0 && exported) {
		const void *member = (const char *)step->conf + exported->offset;
		const char *const *name = member;

		*ret_name = *name;
		rc = **name ? 0 : 1;
	}
	if (rc == 0)
		rc = step->kind->value(step, ctx, ret, err);
	ctx->fs.owner = at_work.fs.owner;
	ctx->fs.owner_key = at_work.fs.owner_key;
	ctx->asked = at_work.asked;
	ctx->module = at_work.module;
	*step = before;
	return rc;
}

int step_export(struct step *step, struct ctx *ctx, const char **ret_name,
	struct buf *ret, struct err *err)
{
	const struct field *exported = field_exported(step->kind->fields);

	if (!exported || !step->keys.enabled)
		return 1;
	return value_of(step, ctx, exported, ret_name, ret, err);
}

static int reference(
	void *user, const char *word, const char *name, struct buf *ret, struct err *err)
{
	struct ctx *ctx = user;
	struct step *step;

	if (expand_is_path(word)) {
		int rc = step_path_value(ctx, word, name, ret, err);

		return rc == 1 && parents_maker(ctx, name)
			? parents_missing(ctx, name, err)
			: rc;
	}
	step = step_with_value(ctx, word, name, err);
	return step ? value_of(step, ctx, NULL, NULL, ret, err) : -1;
}

static bool secret(void *user, const char *name, const char *value)
{
	const struct ctx *ctx = user;

	if (str_equal(name, "GROUNDWORK_BASE"))
		return false;
	return list_has(&ctx->secret_env, name) || secrets_in(ctx->secrets, value);
}

static void bare(void *user, struct place at, const char *name)
{
	const struct ctx *ctx = user;

	log_warn_at(ctx->log, at, "$%s is left as it is; ${%s} would be expanded", name,
		name);
}

static void joined(void *user, struct place at, const char *word)
{
	const struct ctx *ctx = user;

	log_warn_at(ctx->log, at,
		"%s seems to hold several options, and is one argument: "
		"${words:%s is its words",
		word, word + strlen("${"));
}

static void doubtful(void *user, struct place at, const char *name)
{
	const struct ctx *ctx = user;

	log_warn_at(ctx->log, at,
		"${if %s} holds, since the variable is not empty, though it says "
		"no; ${if on:%s} asks for yes, true, on or 1",
		name, name);
}

static const char *why_unset(void *user, const char *name)
{
	const struct ctx *ctx = user;
	const char *setter;

	for (size_t i = 0; i < ctx->from_file_count; i++)
		if (str_equal(ctx->from_file[i].name, name) && ctx->from_file[i].wrong)
			return ctx->from_file[i].wrong;
	setter = exports_setter(ctx->steps, name);
	return setter ? arena_printf(ctx->arena,
				"%s sets it where it runs before: write requires = %s",
				setter, setter)
		      : NULL;
}

struct expander step_expander(struct ctx *ctx)
{
	return (struct expander){
		.lookup = lookup,
		.pending = pending,
		.reference = reference,
		.words = ctx->conf->words,
		.conditions = when_conditions,
		.environment = ctx->env->list,
		.doubtful = doubtful,
		.secret = secret,
		.withheld = variable_withheld,
		.why_unset = why_unset,
		.bare = bare,
		.joined = joined,
		.user = ctx,
		.tolerant = ctx->tolerant,
		.mask = ctx->mask,
	};
}

/* ---- filling ---- */

/* While planning, the value of a step that is still to make it comes later. */
static int planned_reference(
	void *user, const char *word, const char *name, struct buf *ret, struct err *err)
{
	struct ctx *ctx = user;
	const struct step *step;
	int rc = reference(user, word, name, ret, err);

	if (rc != 1 || expand_is_path(word))
		return rc;
	step = step_with_value(ctx, word, name, err);
	if (!step || step->changed == CONDITION_NO)
		return step ? rc : -1;
	ctx->known_after = step->id;
	return err_fail(err, "%s has no value yet", step->id);
}

static int fill(const struct field *fields, enum field_which which, struct step *step,
	struct ctx *ctx, void *target, struct err *err)
{
	struct expander expander = step_expander(ctx);
	struct field_context context = {
		.arena = ctx->arena, .base = ctx->base, .expander = &expander};

	if (ctx->planning)
		expander.reference = planned_reference;
	return fields_fill(fields, which, step->section, &context, target, err);
}

int step_fill_early(struct step *step, struct ctx *ctx, struct err *err)
{
	int rc = fill(step_fields, FIELDS_EARLY, step, ctx, &step->keys, err);

	/* Only a `no` that could be read makes less of a failure. */
	if (rc < 0 || ctx->tolerant)
		step->keys.critical = true;
	if (rc == 0 && !section_get(step->section, "order"))
		step->keys.order = step->kind->order;
	return rc;
}

int step_when(struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	size_t before = why->len;
	int answer;

	ctx->module = step->section->module;
	if (!step->when_known &&
		fill(step_when_field, FIELDS_LATE, step, ctx, &step->keys, err) < 0)
		return -1;
	buf_puts(why, "when: ");
	ctx->asking = step;
	answer = when_holds(&step->keys.when, ctx, why, err);
	ctx->asking = NULL;
	if (answer == CONDITION_YES)
		buf_truncate(why, before);
	return answer < 0 ? step_locate_key(step, "when", err) : answer;
}

int step_fill(struct step *step, struct ctx *ctx, struct err *err)
{
	void *conf;

	step_enter(step, ctx);
	if (step->conf)
		return 0;
	conf = arena_alloc(ctx->arena, step->kind->size);
	if (fill(step_late_fields, FIELDS_LATE, step, ctx, &step->keys, err) < 0 ||
		fill(step->kind->fields, FIELDS_ALL, step, ctx, conf, err) < 0)
		return -1;
	step->conf = conf;
	return 0;
}

int step_there(struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	void *conf;

	step_enter(step, ctx);
	if (!step->kind->there || ctx->forced)
		return TO_DO;
	conf = arena_alloc(ctx->arena, step->kind->size);
	if (fill(step->kind->fields, FIELDS_FIRST, step, ctx, conf, err) < 0)
		return -1;
	return step->kind->there(step, conf, ctx, why, err);
}

int step_begin(struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	int found = step->conf ? TO_DO : step_there(step, ctx, why, err);

	if (found != TO_DO)
		return found;
	return step_fill(step, ctx, err) < 0 ? -1 : TO_DO;
}
