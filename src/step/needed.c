/* SPDX-License-Identifier: MIT */
/* Paths that the configuration itself needs. */
#include "step/needed.h"

#include "base/buf.h"
#include "base/str.h"
#include "state/state.h"
#include "step/step.h"

/* Sources of paths: these, and behind them the steps. */
enum source { SOURCE_BASE, SOURCE_STATE, SOURCE_STEPS };

/* Path `needed->i` of its source, or NULL. */
static const char *path_of(const struct ctx *ctx, struct needed *needed)
{
	const struct step *step;

	needed->step = NULL;
	if (needed->source == SOURCE_BASE)
		return needed->i == 0 ? ctx->base : NULL;
	if (needed->source == SOURCE_STATE)
		return needed->i == 0 && ctx->state ? ctx->state->path : NULL;
	step = &ctx->steps->list[needed->source - SOURCE_STEPS];
	needed->step = step;
	return step->kind->removes ? NULL : step_path(step, step->draft, needed->i);
}

bool needed_next(const struct ctx *ctx, struct needed *needed)
{
	size_t count = SOURCE_STEPS + ctx->steps->count;

	for (; needed->source < count; needed->source++, needed->i = 0)
		while ((needed->path = path_of(ctx, needed))) {
			needed->i++;
			if (*needed->path)
				return true;
		}
	return false;
}

void needed_say(const struct ctx *ctx, const struct needed *needed, const char *named,
	struct buf *to)
{
	const char *path = str_equal(needed->path, named)
		? "it"
		: arena_printf(ctx->arena, "'%s'", needed->path);

	if (needed->step)
		buf_printf(to, "%s is of %s", path, needed->step->id);
	else if (needed->path == ctx->base && str_equal(path, "it"))
		buf_puts(to, "relative paths start there");
	else if (needed->path == ctx->base)
		buf_printf(to, "relative paths start at %s", path);
	else
		buf_printf(to, "%s holds what is remembered between starts", path);
}
