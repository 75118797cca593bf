/* SPDX-License-Identifier: MIT */
/* The commands of a step, and the variables that they get, before it runs. */
#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "base/log.h"
#include "base/problems.h"
#include "base/str.h"
#include "conf/reference.h"
#include "step/exports.h"
#include "step/from_file.h"
#include "step/helper.h"
#include "step/step.h"
#include "step/variable.h"

/* Is the first word of a command in it empty? */
static bool begins_empty(const struct field *field, const void *member)
{
	const struct list *argv = member;
	const struct file_commands *commands = member;

	if (field->type == FIELD_COMMAND)
		return argv->count && !*argv->items[0];
	if (field->type != FIELD_COMMANDS)
		return false;
	for (size_t i = 0; i < commands->count; i++)
		if (!*commands->list[i].argv.items[0])
			return true;
	return false;
}

/* What is in place runs no command, and its variables may be gone by now. */
static bool is_there(struct step *step, struct ctx *ctx)
{
	CLEANUP_BUF struct buf why = BUF_INIT;
	DECLARE_ERR(ignored);

	return step_there(step, ctx, &why, &ignored) == IN_PLACE;
}

/* ---- a bare NAME in `env` ---- */

/* Has the variable no value, as far as is known, and does no step make it? */
static bool is_unset(const struct ctx *ctx, const char *name)
{
	const struct from_file *from = from_file_get(ctx, name);

	if (ctx->tolerant || env_get(ctx->env, name) || exports_may_set(ctx->steps, name))
		return false;
	return from ? !from_file_path(from, ctx->env) : !list_has(&ctx->secret_env, name);
}

static void check_handed_on(struct step *step, const struct field *field, struct ctx *ctx,
	struct problems *problems)
{
	const void *member = (const char *)step->conf + field->offset;
	const struct list *lines = member;

	for (size_t i = 0; i < lines->count; i++) {
		const char *name = lines->items[i];
		DECLARE_ERR(err);

		if (strchr(name, '=') || exports_may_set(ctx->steps, name))
			continue;
		if (variable_withheld(ctx, name, NULL, &err) < 0) {
			(void)step_locate_key(step, field->name, &err); /* always -1 */
			problems_add_err(problems, &err);
		} else if (is_unset(ctx, name) && !is_there(step, ctx)) {
			log_warn_at(ctx->log, section_place(step->section, field->name),
				"[%s] %s: %s is not set, and the command runs without "
				"it; where it may be, write %s=${%s:-}",
				step->id, field->name, name, name, name);
		}
	}
}

/* ---- $NAME of a secret in a command ---- */

/* Do the lines set the variable, or hand it on? */
static bool has_line(const struct step *step, const char *name)
{
	const struct field *field = step->kind->fields;
	size_t size = strlen(name);

	for (; field->name; field++) {
		const void *member = (const char *)step->conf + field->offset;
		const struct list *lines = member;

		for (size_t i = 0; field->type == FIELD_ENV && i < lines->count; i++)
			if (strncmp(lines->items[i], name, size) == 0 &&
				strchr("=", lines->items[i][size]))
				return true;
	}
	return false;
}

/* May the step hand one on? */
static bool has_env(const struct step *step)
{
	const struct field *field = step->kind->fields;

	while (field->name && !field->bare)
		field++;
	return field->name;
}

/* Is it one that commands would see, were it no secret? */
static bool is_kept_back(const struct ctx *ctx, const char *name)
{
	return list_has(&ctx->secret_env, name) &&
		(ctx->tolerant || !from_file_get(ctx, name) || env_get(ctx->env, name));
}

/* Of "$NAME", or of what a shell is to expand, "$${NAME". */
static const char *name_of(struct arena *arena, const struct token *token)
{
	const char *name = token->text + (token->type == TOKEN_LITERAL ? 3 : 1);
	size_t size = 0;

	while (str_is_alnum(name[size]) || name[size] == '_')
		size++;
	return arena_memdup(arena, name, size);
}

/* Says it once a value. */
static void check_names(struct step *step, const struct field *field, struct ctx *ctx,
	const struct value *value)
{
	CLEANUP_TOKENS struct tokens tokens = tokens_of(value->flat, strlen(value->flat));
	struct token token;

	while ((token = token_next(&tokens)).type != TOKEN_END) {
		const char *name;

		if (token.type != TOKEN_BARE && token.type != TOKEN_LITERAL)
			continue;
		name = name_of(ctx->arena, &token);
		if (!is_kept_back(ctx, name) || has_line(step, name) ||
			is_there(step, ctx))
			continue;
		log_warn_at(ctx->log, value_place(value, token.text),
			"[%s] %s: the command does not get %s, which is a secret; %s",
			step->id, field->name, name,
			has_env(step) ? "`env` hands it on, by its bare name"
				      : "an exec step can hand it on, by `env`");
		return;
	}
}

void helper_prepare(struct step *step, struct ctx *ctx, struct problems *problems)
{
	const struct field *field = step->kind->fields;

	for (; field->name; field++) {
		const struct setting *setting = section_get(step->section, field->name);
		const struct value *value = setting ? setting->value : NULL;

		if (setting &&
			begins_empty(field, (const char *)step->conf + field->offset))
			problems_add(problems, setting->at,
				"[%s] %s: its first word, the program, is empty",
				step->id, field->name);
		if (field->type == FIELD_ENV && field->bare)
			check_handed_on(step, field, ctx, problems);
		if (field->type != FIELD_COMMAND && field->type != FIELD_COMMANDS)
			continue;
		for (; value; value = value->next)
			check_names(step, field, ctx, value);
	}
}
