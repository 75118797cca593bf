/* SPDX-License-Identifier: MIT */
/* Expanding the section [env]. */
#include "plan/variables.h"

#include <string.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "base/problems.h"
#include "base/secrets.h"
#include "conf/conf.h"
#include "conf/expand.h"
#include "step/step.h"
#include "step/url_secrets.h"

/* No step has run yet: of what has a value only files are there. */
static int reference(
	void *user, const char *word, const char *name, struct buf *ret, struct err *err)
{
	struct ctx *ctx = user;

	if (expand_is_path(word))
		return ctx->tolerant ? 1 : step_path_value(ctx, word, name, ret, err);
	return err_config(err,
		"'${%s:%s}' cannot be used in [env], which is made before any step: the "
		"application gets it by the `env` of that step",
		word, name);
}

static void remember_secret(struct ctx *ctx, const char *name, const char *value)
{
	url_secrets_add_value(value, ctx->secrets);
	if (!list_has(&ctx->secret_env, name))
		list_add(&ctx->secret_env, ctx->arena, name, strlen(name));
}

static int set(const struct setting *setting, struct ctx *ctx, struct env *env,
	struct problems *problems, struct err *err)
{
	CLEANUP_BUF struct buf value = BUF_INIT;
	struct expander expander = step_expander(ctx);
	struct expand_result result = {0};
	size_t before = problems->added;

	expander.reference = reference;
	expander.prefix = arena_printf(ctx->arena, "[env] %s", setting->key);
	expander.written = setting->value;
	expander.dir = setting->value->dir;
	if (expand_collect(&expander, setting->value->flat, setting->value->at, problems,
		    &value, &result, err) < 0)
		return -1;
	if (result.unset || problems->added > before)
		return 0;
	if (result.secret)
		remember_secret(ctx, setting->key, value.data);
	if (value.len)
		env_set(env, setting->key, value.data);
	else
		env_unset(env, setting->key);
	return 0;
}

void variables_find_secrets(const struct conf *conf, struct ctx *ctx, struct env *env)
{
	const struct section *section = conf_section(conf, "env");
	const struct setting *setting = section ? section->settings : NULL;

	for (; setting; setting = setting->next) {
		const char *value = env_get(env, setting->key);

		if (value && secrets_in(ctx->secrets, value))
			remember_secret(ctx, setting->key, value);
	}
}

static bool is_listed(const struct setting *setting, const struct problems *problems)
{
	const struct value *value = setting->value;

	return value &&
		problems_between(problems, setting->at,
			value_place(value, value->flat + strlen(value->flat)).line);
}

void variables_set(const struct conf *conf, struct ctx *ctx, struct env *env,
	struct problems *problems)
{
	const struct section *section = conf_section(conf, "env");
	const struct setting *setting = section ? section->settings : NULL;

	for (; setting; setting = setting->next) {
		DECLARE_ERR(err);

		/* What is wrong as it is written is listed already. */
		if (setting->broken || is_listed(setting, problems))
			continue;
		if (!setting->value)
			env_unset(env, setting->key);
		else if (set(setting, ctx, env, problems, &err) < 0)
			problems_add_err(problems, &err);
	}
}
