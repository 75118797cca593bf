/* SPDX-License-Identifier: MIT */
/*
 * Migrations that were applied under another name: the section of their contributor was
 * renamed, or their file. They would run a second time.
 */
#ifndef LEDGER_MOVED_H
#define LEDGER_MOVED_H

#include <stddef.h>

struct buf;
struct ledger_work;
struct ledger;
struct migrations;

/*
 * Finds those that `report` has pending, and whose text a row of the ledger has that has
 * no file. Both must be hashed and matched; repeatable ones may run again. Appends the
 * first `max` of them to `ret_names`, and to `ret_sql` the statements that give their
 * rows the new names. Returns how many there are. With nothing pending, or a file for
 * each row, that costs nothing.
 */
size_t moved_find(const struct ledger *ledger, const struct migrations *all,
	const struct ledger_work *work, size_t max, struct buf *ret_names,
	struct buf *ret_sql);

#endif
