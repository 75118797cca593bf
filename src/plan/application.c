/* SPDX-License-Identifier: MIT */
/* What the application is started with. */
#include "plan/application.h"

#include "base/err.h"
#include "plan/environment.h"

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
	return 0;
}
