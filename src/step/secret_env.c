/* SPDX-License-Identifier: MIT */
/* Which variables carry secrets, and what they hold. */
#include "step/secret_env.h"

#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "step/from_file.h"
#include "step/step.h"
#include "step/url_secrets.h"
#include "step/variable.h"

int secret_env_given(struct ctx *ctx, const char *name, struct buf *ret, struct err *err)
{
	const struct from_file *from = from_file_get(ctx, name);
	const char *value = env_get(ctx->env, name);

	if (from)
		return from_file_value(from, ctx, ctx->env, ret, err);
	if (!value || !*value)
		return variable_withheld(ctx, name, NULL, err) < 0 ? -1 : 1;
	url_secrets_add_value(value, ctx->secrets);
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
	for (size_t i = 0; i < ctx->from_file_count; i++) {
		CLEANUP_BUF struct buf value = BUF_INIT;
		DECLARE_ERR(ignored); /* it is an error where the value is needed */

		(void)from_file_value(
			&ctx->from_file[i], ctx, ctx->env, &value, &ignored);
	}
}

void secret_env_add(struct ctx *ctx, const struct section *first)
{
	for (; first; first = first->next)
		add_exported(first, ctx);
	for (size_t i = 0; i < ctx->secret_env.count; i++) {
		const char *value = env_get(ctx->env, ctx->secret_env.items[i]);

		if (value)
			url_secrets_add_value(value, ctx->secrets);
	}
}

void secret_env_find(struct ctx *ctx, const struct conf *conf)
{
	for (size_t i = 0; i < ctx->from_file_count; i++)
		list_add(&ctx->secret_env, ctx->arena, ctx->from_file[i].name,
			strlen(ctx->from_file[i].name));
	secret_env_add(ctx, conf->sections);
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
