/* SPDX-License-Identifier: MIT */
/* Checking and applying the items of a step. */
#include "step/items.h"

#include "base/buf.h"
#include "step/step.h"

static int visit(int (*visitor)(void *work, size_t i, struct buf *text, struct err *err),
	void *work, size_t i, struct buf *text, struct err *err)
{
	CLEANUP_BUF struct buf own = BUF_INIT;
	int rc = visitor(work, i, &own, err);

	if (own.len) {
		buf_separate(text, "; ");
		buf_add(text, own.data, own.len);
	}
	return rc;
}

int items_check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct items *items = step->kind->items;
	int found = IN_PLACE;
	size_t count;
	void *work = items->begin(step, ctx, &count, err);

	if (!work)
		return -1;
	for (size_t i = 0; i < count; i++) {
		int rc = visit(items->check, work, i, why, err);

		if (rc < 0)
			return -1;
		if (rc == TO_DO || found == IN_PLACE)
			found = rc;
	}
	if (!why->len)
		buf_printf(why, "%zu %s in place", count,
			count == 1 ? items->singular : items->plural);
	return found;
}

int items_apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	const struct items *items = step->kind->items;
	int changed = 0;
	size_t count;
	void *work = items->begin(step, ctx, &count, err);

	if (!work)
		return -1;
	for (size_t i = 0; i < count; i++) {
		int rc = visit(items->apply, work, i, did, err);

		if (rc < 0)
			return -1;
		changed |= rc;
	}
	if (!did->len)
		buf_puts(did, "already there");
	return changed;
}
