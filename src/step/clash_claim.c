/* SPDX-License-Identifier: MIT */
/* What is asked of the paths that steps make. */
#include "step/clash_claim.h"

#include "base/mem.h"
#include "step/clash_when.h"
#include "step/step.h"

bool clash_runs(const struct claims *claims, const struct claim *claim, struct ctx *ctx)
{
	int *known = &claims->runs[claim->at];

	if (!*known)
		*known = claim->step->certain ||
				clash_when_holds(claims->order, claim->at, ctx)
			? 1
			: -1;
	return *known == 1;
}

bool clash_may_fail(const struct step *step)
{
	const struct setting *critical = section_get(step->section, "critical");
	bool value = false;

	return critical && critical->value &&
		(!bool_parse(critical->value->flat, &value) || !value);
}

const char *clash_with_place(const struct claim *claim, struct arena *arena)
{
	const struct section *section = claim->step->section;

	return arena_printf(
		arena, "%s (%s:%d)", section->id, section->at.file, section->at.line);
}
