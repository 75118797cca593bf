/* SPDX-License-Identifier: MIT */
/* One item of `adopt`, and what it says was applied. */
#ifndef LEDGER_ADOPT_ITEM_H
#define LEDGER_ADOPT_ITEM_H

struct adopting;
struct ledger_adopt;
struct err;

/*
 * Adds to the adoption what the item says of a contributor of which nothing is recorded.
 * Returns 0, or -1 as adopt_read() (adopt.h).
 */
int adopt_item_read(
	const struct adopting *as, const struct ledger_adopt *adopt, struct err *err);

#endif
