/* SPDX-License-Identifier: MIT */
/* Checking and applying the items of a step. */
#include "step/items.h"

#include "base/buf.h"
#include "base/fs_keep.h"
#include "base/stop.h"
#include "step/step.h"

/*
 * What a check found and what an apply did come to one in the same way: 0, 1 or 2.
 * `count`: of the items; then without those that are not counted.
 */
static int each(const struct items *items, void *work, size_t *count, bool apply,
	struct stop *stop, struct buf *text, struct err *err)
{
	size_t all = *count;
	int found = IN_PLACE;

	for (size_t i = 0; i < all; i++) {
		CLEANUP_BUF struct buf own = BUF_INIT;
		int rc = i > 0 ? stop_check(stop, err) : 0; /* the runner has asked */

		if (rc == 0)
			rc = apply ? items->apply(work, i, &own, err)
				   : items->check(work, i, &own, err);
		if (rc < 0)
			return -1;
		if (own.len) {
			buf_separate(text, "; ");
			buf_add(text, own.data, own.len);
		}
		if (rc == ITEM_NONE)
			*count -= 1;
		else if (rc == TO_DO || found == IN_PLACE)
			found = rc;
	}
	return found;
}

static int all(const struct step *step, struct ctx *ctx, bool apply, size_t *ret_count,
	struct buf *text, struct err *err)
{
	const struct items *items = step->kind->items;
	void *work = arena_alloc(ctx->arena, items->size);
	int rc;

	ctx->room = (struct buf)BUF_INIT;
	rc = items->begin(step, ctx, work, ret_count, err);
	if (rc == 0)
		rc = each(items, work, ret_count, apply, ctx->stop, text, err);
	fs_reader_release(&ctx->reader);
	buf_release(&ctx->room);
	/* What could be lost again is neither remembered nor reported. */
	if (rc >= 0 && fs_flush(&ctx->fs, err) < 0)
		return -1;
	return rc >= 0 && apply && items->end && items->end(work, err) < 0 ? -1 : rc;
}

int items_check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err)
{
	const struct items *items = step->kind->items;
	size_t count;
	int found = all(step, ctx, false, &count, why, err);

	if (found >= 0 && !why->len)
		buf_printf(why, "%zu %s in place", count,
			count == 1 ? items->singular : items->plural);
	return found;
}

int items_apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err)
{
	size_t count;
	int changed = all(step, ctx, true, &count, did, err);

	if (changed >= 0 && !did->len)
		buf_puts(did, "already there");
	return changed;
}
