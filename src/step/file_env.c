/* SPDX-License-Identifier: MIT */
/* Keys of a file that variables set: `from_env`. */
#include <string.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/secrets.h"
#include "base/str.h"
#include "conf/document_assign.h"
#include "conf/env_key.h"
#include "conf/escape_value.h"
#include "step/file_cut.h"
#include "step/file_text.h"
#include "step/file_work.h"
#include "step/from_file.h"
#include "step/step.h"
#include "step/variable.h"

struct values {
	struct arena arena;
	struct document_value *list;
	size_t count;
	bool secret; /* one is */
};

/*
 * Does the variable hold the path of another one's value, which could not be read before
 * the first step? Returns 1 if so, 0, or -1: then that value would be missing.
 */
static int is_holder(const struct ctx *ctx, const struct list *lines, const char *name,
	struct arena *arena, struct err *err)
{
	for (size_t i = 0; i < ctx->from_file_count; i++) {
		const struct from_file *from = &ctx->from_file[i];
		struct env_key ignored;

		if (!str_equal(from->holder, name))
			continue;
		if (ctx->tolerant || !env_key_find(lines, from->name, arena, &ignored))
			return 1;
		return err_fail(err, "%s has no value before the first step: %s",
			from->name,
			from->wrong ? from->wrong
				    : arena_printf(arena, "%s could not be read", name));
	}
	return 0;
}

/* What looks as if it were to name a file is taken for what it is. */
static void warn_of_file(const struct step *step, const struct ctx *ctx, const char *name)
{
	if (str_ends(name, "__FILE"))
		log_warn(ctx->log,
			"[%s] from_env: %s becomes a key of that name; for the value to "
			"come from the file that it names, write it into `env_from_file` "
			"of [app]",
			step->id, name);
}

/* Its key in `set` would be set again by it, unless a line with "!" leaves it out. */
static void warn_of_cut(const struct step *step, struct ctx *ctx, const char *path,
	const struct document_value *value)
{
	const struct file_cut cut = {
		.step = step, .ctx = ctx, .by = "from_env", .path = path};
	const char *name = value->from, *key = value->key;
	const struct file_cut_value of = {
		.key = key,
		.name = name,
		.how = escape_ini_misread(value->value, false),
		.quoted = arena_printf(ctx->arena,
			"!%s here, and in `set` %s = `${%s}` or %s = \"${%s}\"", name,
			key, name, key, name),
		.meant = arena_printf(ctx->arena, "!%s here, and in `set` %s = ${%s|ini}",
			name, key, name),
	};

	if (of.how)
		file_warn_cut(&cut, section_get(step->section, "from_env")->at, &of);
}

/* What is not set may be set in another container: it is for a plan to say. */
static void note_none(const struct step *step, struct ctx *ctx)
{
	struct log_event event = {.level = ctx->planning ? LOG_INFO : LOG_DEBUG,
		.at = section_get(step->section, "from_env")->at};

	event.message = arena_printf(ctx->arena,
		"[%s] from_env: no variable that is set and not empty fits", step->id);
	log_event(ctx->log, &event);
}

static int add_value(const struct step *step, struct ctx *ctx, const char *entry,
	bool warn, struct values *values, struct err *err)
{
	const struct list *lines = &((const struct file_conf *)step->conf)->from_env;
	size_t size = strcspn(entry, "=");
	const char *name = arena_memdup(&values->arena, entry, size);
	struct expander expander = step_expander(ctx);
	struct document_value value = {.value = entry + size + 1, .from = name};
	struct env_key key;
	int rc;

	if (!*value.value || !env_key_find(lines, name, &values->arena, &key))
		return 0;
	rc = is_holder(ctx, lines, name, &values->arena, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (warn)
		warn_of_file(step, ctx, name);
	value.section = key.section;
	value.key = key.key;
	if (expander.secret(expander.user, name, value.value)) {
		values->secret = true;
		if (ctx->mask && strlen(value.value) < SECRET_SHORTEST)
			value.value = ctx->mask;
	}
	values->list = arena_array_grow(
		&values->arena, values->list, values->count, sizeof *values->list);
	values->list[values->count++] = value;
	return 0;
}

static int check_withheld(
	const struct step *step, struct ctx *ctx, struct values *values, struct err *err)
{
	const struct list *lines = &((const struct file_conf *)step->conf)->from_env;
	struct env_key ignored;

	for (size_t i = 0; ctx->apps && i < ctx->apps->count; i++) {
		const char *entry = ctx->apps->list[i];
		const char *name =
			arena_memdup(&values->arena, entry, strcspn(entry, "="));

		if (env_key_find(lines, name, &values->arena, &ignored) &&
			variable_withheld(ctx, name, NULL, err) < 0)
			return -1;
	}
	return 0;
}

static int edit(const struct step *step, struct ctx *ctx, const char *path,
	enum document_format format, bool warn, struct buf *text, struct values *values,
	struct err *err)
{
	CLEANUP_BUF struct buf edited = BUF_INIT;
	const struct env *env = ctx->env;

	if (check_withheld(step, ctx, values, err) < 0)
		return -1;
	for (size_t i = 0; i < env->count; i++)
		if (add_value(step, ctx, env->list[i], warn, values, err) < 0)
			return -1;
	if (warn && !values->count)
		note_none(step, ctx);
	for (size_t i = 0; warn && format == DOCUMENT_INI && i < values->count; i++)
		warn_of_cut(step, ctx, path, &values->list[i]);
	if (document_assign(format, path, text->data, text->len, values->list,
		    values->count, &values->arena, &edited, err) < 0)
		return -1;
	buf_truncate(text, 0);
	buf_add(text, edited.data, edited.len);
	return 0;
}

int file_env_edit(const struct step *step, struct ctx *ctx, const char *path,
	enum document_format format, bool warn, struct buf *text, bool *ret_secret,
	struct err *err)
{
	struct values values = {0};
	int rc = edit(step, ctx, path, format, warn, text, &values, err);

	*ret_secret = values.secret;
	arena_release(&values.arena);
	return rc;
}

void file_env_prepare(struct step *step, struct ctx *ctx, enum document_format format,
	struct problems *problems)
{
	const struct file_conf *conf = step->conf;
	CLEANUP_BUF struct buf text = BUF_INIT;
	bool ignored;
	DECLARE_ERR(err);

	if (!conf->from_env.count || format == DOCUMENT_NONE || format == DOCUMENT_LINES)
		return;
	/* The file itself is for its turn. */
	buf_puts(&text, format == DOCUMENT_JSON ? "{}" : "");
	if (file_env_edit(step, ctx, conf->path, format, false, &text, &ignored, &err) ==
		0)
		return;
	err.kind = ERR_CONFIG;
	(void)step_locate_key(step, "from_env", &err); /* always -1 */
	problems_add_err(problems, &err);
}
