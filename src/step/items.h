/* SPDX-License-Identifier: MIT */
/* The loop over what one step makes, for a kind whose steps make several things. */
#ifndef STEP_ITEMS_H
#define STEP_ITEMS_H

#include <stddef.h>

struct buf;
struct err;

struct items {
	size_t count;
	const char *singular, *plural; /* what they are: "file", "files" */
	void *user;
	/* As kind->check() and kind->apply(), for item `i`. The text may stay empty. */
	int (*check)(void *user, size_t i, struct buf *why, struct err *err);
	int (*apply)(void *user, size_t i, struct buf *did, struct err *err);
};

/*
 * Checks each item; the texts become one, or a count of what is in place where none wrote
 * any. Returns TO_DO where any item is to do, else UNKNOWABLE where any is, else
 * IN_PLACE, or -1 at the first that fails.
 */
int items_check(const struct items *items, struct buf *why, struct err *err);

/*
 * Applies each; the texts become one, or "already there" where none wrote any. Returns 1
 * where any was changed, else 0; -1 at the first that fails.
 */
int items_apply(const struct items *items, struct buf *did, struct err *err);

#endif
