/* SPDX-License-Identifier: MIT */
/*
 * The steps in the order in which they run: why each has its place, what contributes to
 * it (plan_order_parts() was called), and the application behind them.
 */
#ifndef PLAN_LIST_H
#define PLAN_LIST_H

struct buf;
struct plan;
struct print_wrong;

/*
 * A line for each: its order, id, what it requires (and by which key), and what decides
 * its place beside the order of its kind, broken as log_wrap() does it. `command` is the
 * application's, or "".
 */
void list_text(
	const struct plan *plan, const char *command, int columns, struct buf *ret);

/* The plan may be empty: then there is no more than what is wrong. */
void list_json(const struct plan *plan, const char *command,
	const struct print_wrong *wrong, struct buf *ret);

#endif
