/* SPDX-License-Identifier: MIT */
/* Paths below what a step makes a file of. */
#include "step/clash_above.h"

#include "base/buf.h"
#include "base/problems.h"
#include "base/str.h"
#include "step/clash_claim.h"
#include "step/step.h"

/* What leads to a directory may be a link, and what a command makes is not known. */
static bool is_in_the_way(const struct claim *above)
{
	return above->making.type == S_IFREG && above->making.how != MAKING_EDITS;
}

/* Says it of the one that runs later, and finds what the other has made. */
static void reject(const struct claims *claims, const struct claim *above,
	const struct claim *below, struct ctx *ctx, struct problems *problems)
{
	const struct claim *later = above->at > below->at ? above : below;
	const struct claim *earlier = later == above ? below : above;
	const struct setting *setting = section_get(later->step->section, later->key);
	CLEANUP_BUF struct buf why = BUF_INIT;

	if (later->step->wrong || clash_may_fail(earlier->step) ||
		!clash_runs(claims, later, ctx) || !clash_runs(claims, earlier, ctx))
		return;
	if (later == below)
		buf_printf(&why,
			"'%s' would be in '%s', and %s makes a file of that: give one "
			"of them another path",
			below->path, above->path, clash_with_place(above, claims->arena));
	else
		buf_printf(&why,
			"'%s' would be a file, and %s makes a directory of it, which "
			"'%s' is in: give one of them another path",
			above->path, clash_with_place(below, claims->arena), below->path);
	step_reject(later->step, ctx, problems, setting->at, why.data);
}

/* What is below a path comes at once behind it. */
void clash_above(const struct claims *claims, struct ctx *ctx, struct problems *problems)
{
	const struct claim *list = claims->list;

	for (size_t i = 0; i < claims->count; i++)
		for (size_t k = i + 1; is_in_the_way(&list[i]) && k < claims->count &&
			str_starts(list[k].plain, list[i].plain);
			k++)
			if (!str_equal(list[k].plain, list[i].plain))
				reject(claims, &list[i], &list[k], ctx, problems);
}
