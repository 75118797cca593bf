/* SPDX-License-Identifier: MIT */
/*
 * The check() and apply() of a kind whose steps make several things: kind->items says how
 * to check and apply one of them.
 */
#ifndef STEP_ITEMS_H
#define STEP_ITEMS_H

#include <stddef.h>

struct buf;
struct ctx;
struct err;
struct step;

/* What check() may find besides: nothing that is counted where all is in place. */
enum { ITEM_NONE = 3 };

struct items {
	const char *singular, *plural; /* what they are: "file", "files" */
	size_t size;                   /* of what the functions share: `work` */
	/* Fills `work`, which is all zero, and counts the items. Returns 0, or -1. */
	int (*begin)(const struct step *step, struct ctx *ctx, void *work,
		size_t *ret_count, struct err *err);
	/* As those of a kind, for item `i`. The text may stay empty. In ctx->room they
	 * have a buffer: memory that is taken and given back for each item costs more. */
	int (*check)(void *work, size_t i, struct buf *why, struct err *err);
	int (*apply)(void *work, size_t i, struct buf *did, struct err *err);
	/* Once all were applied. Returns 0, or -1. May be NULL. */
	int (*end)(void *work, struct err *err);
};

/*
 * Checks each item; the texts become one, or a count of what is in place where none wrote
 * any. Returns TO_DO where any item is to do, else UNKNOWABLE where any is, else
 * IN_PLACE, or -1 at the first that fails. Between two of them stop_check() is asked.
 */
int items_check(
	const struct step *step, struct ctx *ctx, struct buf *why, struct err *err);

/*
 * Applies each; the texts become one, or "already there" where none wrote any. Returns 1
 * where any was changed, else 0; -1 at the first that fails. Between two of them
 * stop_check() is asked: what was applied by then stays.
 */
int items_apply(
	const struct step *step, struct ctx *ctx, struct buf *did, struct err *err);

#endif
