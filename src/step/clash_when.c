/* SPDX-License-Identifier: MIT */
/* Whether a step runs, where the system decides. */
#include "step/clash_when.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "step/step.h"
#include "step/when.h"

/* May the step, if it runs, change what a condition on that path says? */
static bool may_change(const struct step *step, const char *path)
{
	const char *key, *made;

	if (!step->draft)
		return false; /* it does not run */
	if (step->kind->commands)
		return true;
	for (size_t i = 0; (made = step_path_of(step, step->draft, i, &key)); i++)
		if (str_equal(made, path) || path_is_below(made, path) ||
			path_is_below(path, made))
			return true;
	return false;
}

static bool is_settled(const struct condition *condition, struct step *const *order,
	size_t at, const struct ctx *ctx)
{
	const char *path;

	if (str_equal(condition->kind->name, "changed"))
		return false;
	if (!condition->kind->system || condition->kind->takes != CONDITION_TEXT)
		return true;
	path = path_join(ctx->arena, ctx->base, condition->what);
	for (size_t i = 0; i < at; i++)
		if (may_change(order[i], path))
			return false;
	return true;
}

bool clash_when_holds(struct step *const *order, size_t at, struct ctx *ctx)
{
	struct step *step = order[at];
	const struct conditions *when = &step->keys.when;
	CLEANUP_BUF struct buf why = BUF_INIT;
	DECLARE_ERR(ignored); /* at the step's turn */
	bool holds;

	holds = step->when_known && step_when(step, ctx, &why, &ignored) == CONDITION_YES;
	ctx->known_after = NULL;
	for (size_t i = 0; holds && i < when->count; i++)
		holds = is_settled(&when->list[i], order, at, ctx);
	return holds;
}
