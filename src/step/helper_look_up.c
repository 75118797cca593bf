/* SPDX-License-Identifier: MIT */
/* Whether a command's program would be found. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "proc/execute.h"
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

static int look_at_workdir(const char *workdir, struct seeker *seeker, struct err *err)
{
	struct stat st;
	DECLARE_ERR(would);

	if (stat(workdir, &st) == 0 || (errno != ENOENT && errno != ENOTDIR))
		return 0;
	(void)err_sys(&would, "change to the working directory '%s'", workdir); /* -1 */
	if (is_made(seeker, workdir))
		return 0;
	*err = would;
	return -1;
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
	const char *name = helper->argv->items[0];
	bool enters = helper->workdir && *helper->workdir;
	char cwd[PATH_MAX];

	if (enters && look_at_workdir(helper->workdir, &seeker, err) < 0)
		return -1;
	if (has_hole(name) || find_path(helper, ctx, &search.path) != 0)
		return 0;
	search.workdir = enters ? helper->workdir : getcwd(cwd, sizeof cwd);
	return execute_look_up(name, &search, err);
}

int helper_look_up(
	const struct helper *helper, const char *own, struct ctx *ctx, struct err *err)
{
	return ctx->planning ? helper_find(helper, own, ctx, err) : 0;
}
