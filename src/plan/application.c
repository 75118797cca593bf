/* SPDX-License-Identifier: MIT */
/* What the application is started with. */
#include "plan/application.h"

#include "base/buf.h"
#include "base/err.h"
#include "plan/environment.h"

/* Who launches the application knows no secrets, and may have to name this. */
static const char *shown(struct bootstrap *bootstrap, const char *path)
{
	CLEANUP_BUF struct buf clean = BUF_INIT;

	buf_puts(&clean, path);
	secrets_redact(&bootstrap->secrets, &clean, 0);
	return arena_memdup(&bootstrap->arena, clean.data, clean.len);
}

int application_make(struct bootstrap *bootstrap, int init, bool strict, struct env *env,
	struct launch *ret, struct err *err)
{
	const struct app_settings *app = &bootstrap->settings.app;

	if (environment_make(bootstrap, strict, env, err) < 0)
		return -1;
	*ret = (struct launch)LAUNCH_INIT;
	ret->head.init = init == LAUNCH_AUTO ? app->init : init;
	ret->argv = bootstrap->argv;
	ret->env = env->list;
	ret->identity = bootstrap->ctx.app;
	ret->workdir = app->workdir;
	ret->workdir_shown = shown(bootstrap, app->workdir);
	ret->head.kill_mode = app->kill_mode;
	ret->head.death_signal = app->death_signal;
	ret->head.stop_timeout_ms = app->stop_timeout_ms;
	ret->head.leftover_timeout_ms = app->leftover_timeout_ms;
	ret->head.signals = app->signals;
	ret->head.exit_codes = app->exit_codes;
	ret->umask = app->umask.set ? (int32_t)app->umask.mode : -1;
	ret->limits = app->limits;
	ret->capabilities = app->capabilities;
	ret->no_new_privs = app->no_new_privs;
	ret->secret_names = bootstrap->ctx.secret_env.items;
	ret->secret_names_count = bootstrap->ctx.secret_env.count;
	return 0;
}
