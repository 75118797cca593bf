/* SPDX-License-Identifier: MIT */
/* Variables that come from files. */
#include "step/from_file.h"

#include <fnmatch.h>
#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "base/str.h"
#include "step/step.h"
#include "step/url_secrets.h"

#define PREFIX "FILE__"

/* The longer one first: X__FILE is for X. */
static const char *const suffixes[] = {"__FILE", "_FILE", NULL};

int from_file_check_word(const char *word, struct err *err)
{
	const char *at = word + (*word == '!');
	bool range = false; /* [A-Z], and no other '-' is in a name */

	if (*at && !str_is_digit(*at)) {
		for (; str_is_alnum(*at) || (*at && strchr("_*?[]-", *at)); at++) {
			range = *at == '[' || (range && *at != ']');
			if (*at == '-' && !range)
				break;
		}
		if (!*at)
			return 0;
	}
	return err_config(err, "'%s' is not the name of a variable, nor a glob", word);
}

/* The suffix that it ends in with something in front of it, or NULL. */
static const char *suffix_of(const char *text)
{
	size_t size = strlen(text);

	for (size_t i = 0; suffixes[i]; i++)
		if (size > strlen(suffixes[i]) && str_ends(text, suffixes[i]))
			return suffixes[i];
	return NULL;
}

static bool names_holder(const char *word)
{
	return suffix_of(word) || (str_starts(word, PREFIX) && word[strlen(PREFIX)]);
}

/* What the variable `holder` would hold the path for, or NULL. */
static const char *target_of(struct arena *arena, const char *holder)
{
	const char *suffix = suffix_of(holder);

	if (str_starts(holder, PREFIX) && holder[strlen(PREFIX)])
		return arena_strdup(arena, holder + strlen(PREFIX));
	return suffix ? arena_memdup(arena, holder, strlen(holder) - strlen(suffix))
		      : NULL;
}

const struct from_file *from_file_get(const struct ctx *ctx, const char *name)
{
	for (size_t i = 0; i < ctx->from_file_count; i++)
		if (str_equal(ctx->from_file[i].name, name))
			return &ctx->from_file[i];
	return NULL;
}

static bool is_left_out(const struct list *words, const char *name, const char *holder)
{
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i];

		if (*word == '!' &&
			(fnmatch(word + 1, name, 0) == 0 ||
				fnmatch(word + 1, holder, 0) == 0))
			return true;
	}
	return false;
}

static void add(struct ctx *ctx, const struct list *words, struct from_file from)
{
	if (from_file_get(ctx, from.name) || is_left_out(words, from.name, from.holder))
		return;
	ctx->from_file = arena_array_grow(
		ctx->arena, ctx->from_file, ctx->from_file_count, sizeof *ctx->from_file);
	ctx->from_file[ctx->from_file_count++] = from;
}

/* Every variable that holds a path, and that the word matches, or its target does. */
static void add_matches(struct ctx *ctx, const struct list *words, const char *word,
	const struct env *env)
{
	for (size_t i = 0; i < env->count; i++) {
		const char *entry = env->list[i];
		const char *holder = arena_memdup(ctx->arena, entry, strcspn(entry, "="));
		const char *name = target_of(ctx->arena, holder);
		const char *value = env_get(env, holder);

		if (!name || !*name || !value || !*value ||
			fnmatch(word, names_holder(word) ? holder : name, 0) != 0)
			continue;
		add(ctx, words, (struct from_file){name, holder, true, NULL});
	}
}

void from_file_find(struct ctx *ctx, const struct list *words, const struct env *env)
{
	ctx->from_file_count = 0;
	/* What is named by itself is so, whatever globs match it, too. */
	for (size_t i = 0; i < words->count; i++) {
		const char *word = words->items[i];
		const char *target = target_of(ctx->arena, word);

		if (*word == '!' || strpbrk(word, "*?["))
			continue;
		add(ctx, words,
			(struct from_file){target ? target : word,
				target ? word : arena_printf(ctx->arena, "%s_FILE", word),
				false, NULL});
	}
	for (size_t i = 0; i < words->count; i++)
		if (words->items[i][0] != '!' && strpbrk(words->items[i], "*?["))
			add_matches(ctx, words, words->items[i], env);
}

/* An empty value counts as none. */
static const char *get(const struct env *env, const char *name)
{
	const char *value = env_get(env, name);

	return value && *value ? value : NULL;
}

const char *from_file_path(const struct from_file *from, const struct env *env)
{
	return get(env, from->holder);
}

int from_file_check(const struct from_file *from, const struct env *env, struct err *err)
{
	if (from_file_path(from, env) && get(env, from->name))
		return err_config(err,
			"both %s and %s are set, and only one can be meant; unset one",
			from->name, from->holder);
	return 0;
}

int from_file_value(const struct from_file *from, struct ctx *ctx, const struct env *env,
	struct buf *ret, struct err *err)
{
	const char *value = get(env, from->name);
	const char *path = from_file_path(from, env);
	int rc;

	if (from_file_check(from, env, err) < 0)
		return -1;
	if (value) {
		url_secrets_add_value(value, ctx->secrets);
		buf_puts(ret, value);
		return 0;
	}
	if (!path)
		return 1;
	rc = step_file_value(ctx, path, ret, err);
	if (rc == 1)
		return err_fail(err, "%s: '%s' is missing; mount it there, or unset %s",
			from->holder, path, from->holder);
	return rc < 0 ? err_prefix(err, "%s", from->holder) : 0;
}

int from_file_variable(
	struct ctx *ctx, const char *name, struct buf *ret, struct err *err)
{
	const struct from_file *from = from_file_get(ctx, name);
	const char *value = env_get(ctx->env, name);

	if (from)
		return from_file_value(from, ctx, ctx->env, ret, err);
	if (value)
		buf_puts(ret, value);
	return value && *value ? 0 : 1;
}
