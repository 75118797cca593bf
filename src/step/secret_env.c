/* SPDX-License-Identifier: MIT */
/* Which variables carry secrets, and what they hold. */
#include "step/secret_env.h"

#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "base/log.h"
#include "base/secrets.h"
#include "base/str.h"
#include "step/step.h"

/* ---- NAME_FILE ---- */

/* An empty value counts as none. */
static const char *get(const struct env *env, const char *name)
{
	const char *value = env_get(env, name);

	return value && *value ? value : NULL;
}

const char *file_env_path(const struct env *env, const char *name)
{
	CLEANUP_BUF struct buf file = BUF_INIT;

	buf_printf(&file, "%s_FILE", name);
	return get(env, file.data);
}

int file_env_check(const struct env *env, const char *name, struct err *err)
{
	const char *path = file_env_path(env, name);

	if (path && get(env, name))
		return err_config(err,
			"both %s and %s_FILE are set, and only one can be meant; unset "
			"one",
			name, name);
	return 0;
}

int file_env_value(struct ctx *ctx, const struct env *env, const char *name,
	struct buf *ret, struct err *err)
{
	const char *value = get(env, name);
	const char *path = file_env_path(env, name);
	int rc;

	if (file_env_check(env, name, err) < 0)
		return -1;
	if (value) {
		secrets_add(ctx->secrets, value);
		buf_puts(ret, value);
		return 0;
	}
	if (!path)
		return 1;
	rc = step_file_value(ctx, path, ret, err);
	if (rc == 1)
		return err_fail(err, "%s_FILE: '%s' is missing", name, path);
	return rc < 0 ? err_prefix(err, "%s_FILE", name) : 0;
}

int secret_env_given(struct ctx *ctx, const char *name, struct buf *ret, struct err *err)
{
	const char *value = get(ctx->env, name);

	if (list_has(ctx->file_env, name))
		return file_env_value(ctx, ctx->env, name, ret, err);
	if (!value)
		return 1;
	secrets_add(ctx->secrets, value);
	buf_puts(ret, value);
	return 0;
}

/* ---- all of them ---- */

/* The variable in which a section's step hands on its value, if it is known by now. */
static void add_exported(const struct section *section, struct ctx *ctx)
{
	CLEANUP_BUF struct buf name = BUF_INIT;
	struct expander expander = step_expander(ctx);
	struct expand_result result = {0};
	const struct field *field = field_exported(section->fields);
	const struct setting *env = field ? section_get(section, field->name) : NULL;
	DECLARE_ERR(ignored); /* without a name nothing is handed on */

	if (!env)
		return;
	expander.bare = NULL;
	expander.reference = NULL;
	expander.tolerant = true;
	if (expand(&expander, env->value->flat, env->at, &name, &result, &ignored) == 0 &&
		!result.unset && name.len)
		list_add(&ctx->secret_env, ctx->arena, name.data, name.len);
}

static void learn_files(struct ctx *ctx)
{
	for (size_t i = 0; i < ctx->file_env->count; i++) {
		CLEANUP_BUF struct buf value = BUF_INIT;
		DECLARE_ERR(ignored); /* it is an error where the value is needed */

		(void)file_env_value(
			ctx, ctx->env, ctx->file_env->items[i], &value, &ignored);
	}
}

void secret_env_find(
	struct ctx *ctx, const struct conf *conf, const struct list *file_env)
{
	for (size_t i = 0; i < file_env->count; i++)
		list_add(&ctx->secret_env, ctx->arena, file_env->items[i],
			strlen(file_env->items[i]));
	for (const struct section *section = conf->sections; section;
		section = section->next)
		add_exported(section, ctx);
	for (size_t i = 0; i < ctx->secret_env.count; i++) {
		const char *value = env_get(ctx->env, ctx->secret_env.items[i]);

		if (value)
			secrets_add(ctx->secrets, value);
	}
	if (!ctx->tolerant)
		learn_files(ctx);
}

void secret_env_learn(struct ctx *ctx)
{
	static const struct log quiet = {.fd = -1};
	const struct log *log = ctx->log;

	learn_files(ctx);
	/* What a step has to say, it says at its turn. */
	ctx->log = &quiet;
	for (size_t i = 0; i < ctx->steps->count; i++) {
		CLEANUP_BUF struct buf value = BUF_INIT;
		const char *name;
		DECLARE_ERR(ignored);

		(void)step_export(&ctx->steps->list[i], ctx, &name, &value, &ignored);
	}
	ctx->log = log;
}
