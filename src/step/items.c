/* SPDX-License-Identifier: MIT */
/* Checking and applying the items of a step. */
#include "step/items.h"

#include "base/buf.h"
#include "step/step.h"

static int visit(int (*visitor)(void *user, size_t i, struct buf *text, struct err *err),
	const struct items *items, size_t i, struct buf *text, struct err *err)
{
	CLEANUP_BUF struct buf own = BUF_INIT;
	int rc = visitor(items->user, i, &own, err);

	if (own.len) {
		buf_separate(text, "; ");
		buf_add(text, own.data, own.len);
	}
	return rc;
}

int items_check(const struct items *items, struct buf *why, struct err *err)
{
	int found = IN_PLACE;

	for (size_t i = 0; i < items->count; i++) {
		int rc = visit(items->check, items, i, why, err);

		if (rc < 0)
			return -1;
		if (rc == TO_DO || found == IN_PLACE)
			found = rc;
	}
	if (!why->len)
		buf_printf(why, "%zu %s in place", items->count,
			items->count == 1 ? items->singular : items->plural);
	return found;
}

int items_apply(const struct items *items, struct buf *did, struct err *err)
{
	int changed = 0;

	for (size_t i = 0; i < items->count; i++) {
		int rc = visit(items->apply, items, i, did, err);

		if (rc < 0)
			return -1;
		changed |= rc;
	}
	if (!did->len)
		buf_puts(did, "already there");
	return changed;
}
