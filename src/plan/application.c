/* SPDX-License-Identifier: MIT */
/* What the application is started with. */
#include "plan/application.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"

static int add_settings(struct bootstrap *bootstrap, struct env *env, struct err *err)
{
	const struct list *lines = &bootstrap->settings.app.env;

	for (size_t i = 0; i < lines->count; i++) {
		const char *line = lines->items[i];
		const char *equals = strchr(line, '=');
		size_t size = equals ? (size_t)(equals - line) : 0;

		if (!str_is_name(line, size))
			return err_config(err, "[app] env: line %zu is not NAME=value", i + 1);
		env_set(env, arena_memdup(&bootstrap->arena, line, size), equals + 1);
	}
	return 0;
}

/* What one step exports; a step whose `when` does not hold is not part of this start. */
static int add_export(struct bootstrap *bootstrap, const struct node *node, bool strict,
	struct env *env, struct err *err)
{
	CLEANUP_BUF struct buf value = BUF_INIT;
	CLEANUP_BUF struct buf why = BUF_INIT;
	const char *name = "";
	int rc;

	if (!node->step->kind->variable || !node->step->keys.enabled)
		return 0;
	rc = step_when(node->step, &bootstrap->ctx, &why, err);
	if (rc <= 0)
		return rc;
	rc = step_export(node->step, &bootstrap->ctx, &name, &value, err);
	if (rc < 0)
		return err_prefix(err, "%s", step_where(node->step, &bootstrap->arena));
	if (rc == 0)
		env_set(env, name, value.data);
	else if (*name && strict)
		return err_fail(err,
			"%s: there is no value for %s yet; `groundwork apply` would make it",
			step_where(node->step, &bootstrap->arena), name);
	return 0;
}

int application_make(struct bootstrap *bootstrap, int init, bool strict, struct env *env,
	struct launch *ret, struct err *err)
{
	const struct app_settings *app = &bootstrap->settings.app;

	env_copy(env, bootstrap->env.list);
	if (bootstrap->ctx.app.set)
		env_set(env, "HOME", bootstrap->ctx.app.home);
	if (add_settings(bootstrap, env, err) < 0)
		return -1;
	for (size_t i = 0; i < bootstrap->plan.count; i++)
		if (add_export(bootstrap, bootstrap->plan.order[i], strict, env, err) < 0)
			return -1;
	for (size_t i = 0; i < app->unset_env.count; i++)
		env_unset(env, app->unset_env.items[i]);
	*ret = (struct launch)LAUNCH_INIT;
	ret->head.init = init == LAUNCH_AUTO ? app->init : init;
	ret->argv = bootstrap->argv;
	ret->env = env->list;
	ret->identity = bootstrap->ctx.app;
	ret->workdir = app->workdir;
	return 0;
}
