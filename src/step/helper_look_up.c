/* SPDX-License-Identifier: MIT */
/* Whether a command's program would be found. */
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/fs_scratch.h"
#include "base/path.h"
#include "base/str.h"
#include "proc/capabilities.h"
#include "proc/execute.h"
#include "proc/launch.h"
#include "step/exports.h"
#include "step/helper.h"
#include "step/parents.h"
#include "step/step.h"

struct seeker {
	const struct ctx *ctx;
	const char *own;
};

static bool is_made(void *user, const char *file)
{
	const struct seeker *seeker = user;

	return (seeker->own && path_is_below(file, seeker->own)) ||
		parents_may_make(seeker->ctx, file);
}

/* The PATH that the command gets. Returns 0, or 1 where that is not known yet. */
static int find_path(const struct helper *helper, const struct ctx *ctx, const char **ret)
{
	const struct list *lines = helper->env;
	bool known = !exports_pending(ctx, "PATH");

	*ret = list_has(&ctx->secret_env, "PATH") ? NULL : env_get(ctx->env, "PATH");
	for (size_t i = 0; lines && i < lines->count; i++) {
		if (str_starts(lines->items[i], "PATH=")) {
			*ret = lines->items[i] + strlen("PATH=");
			known = true;
		} else if (str_equal(lines->items[i], "PATH")) {
			known = false; /* handed on */
		}
	}
	return known ? 0 : 1;
}

static bool has_hole(const char *word)
{
	return strstr(word, "{file}") || strstr(word, "{dir}") || strstr(word, "{}");
}

int helper_find(
	const struct helper *helper, const char *own, struct ctx *ctx, struct err *err)
{
	struct seeker seeker = {.ctx = ctx, .own = own};
	struct execute_search search = {.is_made = is_made, .user = &seeker};
	char *const argv[] = {arena_strdup(ctx->arena, helper->argv->items[0]), NULL};
	struct launch launch = LAUNCH_INIT;
	const char *key;
	char cwd[PATH_MAX];
	DECLARE_ERR(ignored); /* a step may make the user */

	if (helper->workdir)
		launch.workdir = helper->workdir;
	if (!has_hole(argv[0]) && find_path(helper, ctx, &search.path) == 0)
		launch.argv = argv;
	if (helper_identity(helper, ctx, &launch.identity, &ignored) < 0)
		launch.identity = (struct identity){0};
	/* It is judged by its own rights. */
	if (launch.identity.set || *launch.workdir)
		return launch_try(&launch, &search, ctx->stop, &key, err);
	search.workdir = getcwd(cwd, sizeof cwd);
	return launch.argv ? execute_look_up(argv[0], &search, err) : 0;
}

int helper_become(const struct helper *helper, const struct step *step, struct ctx *ctx,
	struct err *err)
{
	struct launch launch = LAUNCH_INIT;
	struct fs_scratch_user ignored;
	const char *key;

	if (geteuid() != 0 || capabilities_may_change_user())
		return 0;
	if (helper_scratch_user(helper, step, ctx, &ignored, err) < 0 ||
		helper_identity(helper, ctx, &launch.identity, err) < 0)
		return -1;
	return launch_try(&launch, NULL, ctx->stop, &key, err);
}

int helper_look_up(
	const struct helper *helper, const char *own, struct ctx *ctx, struct err *err)
{
	return ctx->planning ? helper_find(helper, own, ctx, err) : 0;
}
