/* SPDX-License-Identifier: MIT */
/* The variables that commands set. */
#include "step/exports.h"

#include <fnmatch.h>
#include <string.h>

#include "base/env.h"
#include "base/err.h"
#include "base/problems.h"
#include "base/secrets.h"
#include "base/str.h"
#include "conf/words.h"
#include "step/step.h"

static void add(struct list *list, const char *text, struct arena *arena)
{
	list_add(list, arena, text, strlen(text));
}

/* As far as they are known; NULL: it has none. */
static const struct list *names_of(const struct step *step)
{
	const void *conf = step->conf ? step->conf : step->draft;

	return conf && step->kind->exports ? step->kind->exports(conf) : NULL;
}

/* ---- which there may be ---- */

int exports_check_name(const char *name, struct err *err)
{
	return str_starts(name, "GROUNDWORK_")
		? err_config(err, "'%s' is groundwork's own", name)
		: 0;
}

void exports_prepare(
	const struct step *step, const struct ctx *ctx, struct problems *problems)
{
	const struct list *names = names_of(step);

	for (size_t i = 0; names && i < names->count; i++)
		if (list_has(&ctx->secret_env, names->items[i]))
			problems_add(problems, section_get(step->section, "export")->at,
				"[%s] export: %s has its value by `env_from_file`, [env] "
				"or the `env` of a step already, and that is a secret",
				step->id, names->items[i]);
}

bool exports_may_set(const struct steps *steps, const char *name)
{
	for (size_t i = 0; i < steps->count; i++) {
		const struct list *names = names_of(&steps->list[i]);

		if (names && list_has(names, name))
			return true;
	}
	return false;
}

const char *exports_setter(const struct steps *steps, const char *name)
{
	size_t size = strlen(name);

	for (size_t i = 0; i < steps->count; i++) {
		const struct step *step = &steps->list[i];
		const struct setting *names =
			step->kind->exports ? section_get(step->section, "export") : NULL;
		const char *at = names && names->value ? names->value->flat : "";

		/* As they are written: its keys may not be filled yet. */
		for (; *at; at += strspn(at, WORDS_SPACE)) {
			size_t word = strcspn(at, WORDS_SPACE);

			if (word == size && memcmp(at, name, size) == 0)
				return step->id;
			at += word;
		}
	}
	return NULL;
}

/* ---- before they have their values ---- */

void exports_expect(struct ctx *ctx, const struct step *step)
{
	struct exports *exports = ctx->exports;
	const struct list *names = names_of(step);

	for (size_t i = 0; names && i < names->count; i++) {
		add(&exports->pending, names->items[i], ctx->arena);
		add(&exports->by, step->id, ctx->arena);
	}
}

void exports_forget(struct ctx *ctx)
{
	ctx->exports->pending.count = ctx->exports->by.count = 0;
}

const char *exports_pending(const struct ctx *ctx, const char *glob)
{
	const struct exports *exports = ctx->exports;

	for (size_t i = 0; i < exports->pending.count; i++)
		if (fnmatch(glob, exports->pending.items[i], 0) == 0)
			return exports->by.items[i];
	return NULL;
}

/* ---- when they have them ---- */

void exports_set(struct ctx *ctx, const char *name, const char *value, bool secret)
{
	struct exports *exports = ctx->exports;

	if (secret)
		secrets_add(ctx->secrets, value);
	if (secret && !list_has(&ctx->secret_env, name))
		add(&ctx->secret_env, name, ctx->arena);
	if (!list_has(&exports->set, name))
		add(&exports->set, name, ctx->arena);
	if (*value)
		env_set(ctx->env, name, value);
	else
		env_unset(ctx->env, name);
}

void exports_add(const struct ctx *ctx, struct env *env)
{
	const struct list *set = &ctx->exports->set;

	for (size_t i = 0; i < set->count; i++) {
		const char *value = env_get(ctx->env, set->items[i]);

		if (value)
			env_set(env, set->items[i], value);
		else
			env_unset(env, set->items[i]);
	}
}
