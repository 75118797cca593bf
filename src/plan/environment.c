/* SPDX-License-Identifier: MIT */
/* The application's environment. */
#include "plan/environment.h"

#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "plan/bootstrap.h"
#include "plan/env_given.h"
#include "plan/turn.h"
#include "plan/variables.h"
#include "step/exports.h"
#include "step/from_file.h"
#include "step/secret_env.h"

/* ---- env_file ---- */

/* Is this to be read when the steps have run, and have they not yet? Notes that. */
static bool is_made(struct bootstrap *bootstrap, const char *path, bool *left)
{
	bool made = left && steps_make(&bootstrap->plan.steps, path);

	if (made)
		*left = true;
	return made;
}

static int add_files(
	struct bootstrap *bootstrap, struct env *env, bool *left, struct err *err)
{
	const struct list *files = &bootstrap->settings.app.env_file;

	for (size_t i = 0; i < files->count; i++) {
		const char *path = files->items[i];
		const char *name = read_path_name(path);
		bool again = !left && !steps_make(&bootstrap->plan.steps, name);

		if (is_made(bootstrap, name, left))
			continue;
		if (env_given_read(bootstrap, path, again ? NULL : bootstrap->ctx.log,
			    env, err) < 0)
			return settings_locate(&bootstrap->conf, "env_file", err);
	}
	return 0;
}

/* ---- env_from_file ---- */

static int add_from_files(
	struct bootstrap *bootstrap, struct env *env, bool *left, struct err *err)
{
	struct ctx *ctx = &bootstrap->ctx;

	for (size_t i = 0; i < ctx->from_file_count; i++) {
		CLEANUP_BUF struct buf value = BUF_INIT;
		const struct from_file *from = &ctx->from_file[i];
		const char *path = from_file_path(from, env);
		int rc;

		if (path && is_made(bootstrap, path, left))
			continue;
		rc = from_file_value(from, ctx, env, &value, err);
		if (rc < 0)
			return settings_locate(&bootstrap->conf, "env_from_file", err);
		env_unset(env, from->holder);
		if (rc == 0)
			env_set(env, from->name, value.data);
	}
	return 0;
}

/* ---- what steps see ---- */

static void take_early(struct bootstrap *bootstrap)
{
	struct ctx *ctx = &bootstrap->ctx;
	struct env *env = &bootstrap->env;

	for (size_t i = 0; i < ctx->from_file_count; i++) {
		CLEANUP_BUF struct buf value = BUF_INIT;
		struct from_file *from = &ctx->from_file[i];
		DECLARE_ERR(err);
		int rc = from_file_value(from, ctx, env, &value, &err);

		if (rc < 0)
			from->wrong = arena_strdup(ctx->arena, err.text);
		if (rc != 0)
			continue;
		env_unset(env, from->holder);
		env_set(env, from->name, value.data);
	}
}

void environment_begin(struct bootstrap *bootstrap)
{
	struct ctx *ctx = &bootstrap->ctx;

	ctx->apps = &bootstrap->apps;
	if (!ctx->tolerant)
		env_given_begin(bootstrap);
	from_file_find(ctx, &bootstrap->settings.app.env_from_file, &bootstrap->env);
	secret_env_find(ctx, &bootstrap->conf);
	if (!ctx->tolerant)
		take_early(bootstrap);
	variables_set(
		&bootstrap->conf, ctx, &bootstrap->env, bootstrap->application.early);
}

void environment_add_modules(struct bootstrap *bootstrap, const struct section *first)
{
	secret_env_add(&bootstrap->ctx, first);
	variables_find_secrets(&bootstrap->conf, &bootstrap->ctx, &bootstrap->env);
}

/* What steps see in [env] is what the application gets. */
static void add_variables(const struct bootstrap *bootstrap, struct env *env)
{
	const struct section *section = conf_section(&bootstrap->conf, "env");
	const struct setting *setting = section ? section->settings : NULL;

	for (; setting; setting = setting->next) {
		const char *value = env_get(&bootstrap->env, setting->key);

		if (value)
			env_set(env, setting->key, value);
		else
			env_unset(env, setting->key);
	}
}

/* ---- exports ---- */

/* What one step exports; a step whose `when` does not hold is not part of this start. */
static int add_export(struct bootstrap *bootstrap, const struct node *node, bool strict,
	struct env *env, struct err *err)
{
	CLEANUP_BUF struct buf value = BUF_INIT;
	CLEANUP_BUF struct buf why = BUF_INIT;
	struct step *step = node->step;
	const char *name = "";
	int rc;

	if (!field_exported(step->kind->fields) || !step->keys.enabled)
		return 0;
	if (step->wrong) {
		*err = *step->wrong;
		return -1;
	}
	rc = step_when(step, &bootstrap->ctx, &why, err);
	if (rc == 0)
		return 0;
	if (rc > 0)
		rc = step_export(step, &bootstrap->ctx, &name, &value, err);
	if (rc == 0)
		env_set(env, name, value.data);
	else if (rc > 0 && *name && strict)
		rc = err_fail(err,
			"there is no value for %s yet; `groundwork apply` would make it",
			name);
	return rc < 0 ? step_locate(step, err) : 0;
}

/* `exec` runs no command. */
static void warn_not_run(const struct bootstrap *bootstrap, const struct step *step)
{
	const struct setting *names =
		step->kind->exports ? section_get(step->section, "export") : NULL;

	if (names && step->keys.enabled)
		log_warn(bootstrap->ctx.log,
			"[%s] export: `exec` does not run its command, and leaves %s as "
			"it is",
			step->id, names->value->flat);
}

static int add_exports(
	struct bootstrap *bootstrap, bool strict, struct env *env, struct err *err)
{
	exports_add(&bootstrap->ctx, env);
	for (size_t i = 0; i < bootstrap->plan.count; i++) {
		const struct node *node = bootstrap->plan.order[i];
		DECLARE_ERR(why);

		if (strict)
			warn_not_run(bootstrap, node->step);

		if (add_export(bootstrap, node, strict, env, &why) == 0)
			continue;
		if (node->step->keys.critical) {
			*err = why;
			return -1;
		}
		/* Where its turn came before, that was reported. */
		if (!strict)
			continue;
		err_append(&why, TURN_TOLERATED);
		log_err(bootstrap->ctx.log, LOG_WARN, &why);
	}
	return 0;
}

/* Takes a variable from ours, if it is there. */
static void keep(const struct bootstrap *bootstrap, const char *name, struct env *env)
{
	const char *value = env_get(&bootstrap->ours, name);

	if (value)
		env_set(env, name, value);
}

/* With clear_env, what env_from_file asks for is still taken from ours. */
static void begin(struct bootstrap *bootstrap, struct env *env)
{
	const struct app_settings *app = &bootstrap->settings.app;
	const struct ctx *ctx = &bootstrap->ctx;

	if (!app->clear_env)
		env_copy(env, bootstrap->ours.list);
	for (size_t i = 0; app->clear_env && i < ctx->from_file_count; i++) {
		keep(bootstrap, ctx->from_file[i].name, env);
		keep(bootstrap, ctx->from_file[i].holder, env);
	}
	/* A HOME that was given to who runs here already may well be meant. */
	if (ctx->app.set && (ctx->app.uid != geteuid() || !env_get(env, "HOME")))
		env_set_account(env, ctx->app.name, ctx->app.home);
}

/* As far as it comes from elsewhere. `left`: see is_made(). */
static int add_given(
	struct bootstrap *bootstrap, struct env *env, bool *left, struct err *err)
{
	begin(bootstrap, env);
	if (add_files(bootstrap, env, left, err) < 0 ||
		add_from_files(bootstrap, env, left, err) < 0)
		return -1;
	add_variables(bootstrap, env);
	return 0;
}

int environment_read(struct bootstrap *bootstrap, struct err *err)
{
	CLEANUP_ENV struct env env = {0};
	bool left = false;

	if (bootstrap->as_given || bootstrap->given_whole)
		return 0;
	if (add_given(bootstrap, &env, &left, err) < 0)
		return -1;
	if (left)
		return 0;
	bootstrap->given = env;
	bootstrap->given_whole = true;
	env = (struct env){0};
	return 0;
}

int environment_path(const struct bootstrap *bootstrap, const char **ret)
{
	const struct app_settings *app = &bootstrap->settings.app;
	const char *path = env_get(&bootstrap->given, "PATH");
	bool known = bootstrap->given_whole;

	if (bootstrap->as_given) {
		*ret = env_get(&bootstrap->ours, "PATH");
		return 0;
	}
	if (bootstrap->application.due_count)
		return 1;
	for (size_t i = 0; i < app->env.count; i++)
		if (str_starts(app->env.items[i], "PATH=")) {
			path = app->env.items[i] + strlen("PATH=");
			known = true;
		}
	if (exports_may_set(&bootstrap->plan.steps, "PATH"))
		known = false;
	for (size_t i = 0; i < app->unset_env.count; i++)
		if (fnmatch(app->unset_env.items[i], "PATH", 0) == 0) {
			path = NULL;
			known = true;
		}
	if (known)
		*ret = path;
	return known ? 0 : 1;
}

int environment_make(
	struct bootstrap *bootstrap, bool strict, struct env *env, struct err *err)
{
	const struct list *lines = &bootstrap->settings.app.env;
	const struct list *unset = &bootstrap->settings.app.unset_env;

	if (bootstrap->as_given) {
		env_copy(env, bootstrap->ours.list);
		return 0;
	}
	if (bootstrap->given_whole && !bootstrap->ctx.touched) {
		*env = bootstrap->given;
		bootstrap->given = (struct env){0};
		bootstrap->given_whole = false;
	} else if (add_given(bootstrap, env, NULL, err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < lines->count; i++)
		env_put(env, lines->items[i]);
	if (add_exports(bootstrap, strict, env, err) < 0)
		return -1;
	for (size_t i = 0; i < unset->count; i++)
		env_unset(env, unset->items[i]);
	return 0;
}

void environment_release(struct bootstrap *bootstrap)
{
	env_release(&bootstrap->ours);
	env_release(&bootstrap->env);
	env_release(&bootstrap->apps);
	env_release(&bootstrap->given);
}
