/* SPDX-License-Identifier: MIT */
/* What running a plan and forecasting it have in common: for run.c and forecast.c. */
#ifndef PLAN_TURN_H
#define PLAN_TURN_H

#include <stdbool.h>

/* Behind the error of a step with `critical = no`. */
#define TURN_TOLERATED " (not critical: the start goes on)"

struct buf;
struct ctx;
struct err;
struct node;
struct plan;
struct result;
struct run;
struct step;

/* Makes a result for each step, in the plan's order; totals are for the caller. */
void turn_begin_run(const struct plan *plan, struct ctx *ctx, struct run *run);

/*
 * Is it left out without a check? Returns CONDITION_YES or, while planning,
 * CONDITION_UNKNOWN, both with the reason in `why`, CONDITION_NO, or -1.
 */
int turn_left_out(
	const struct node *node, struct ctx *ctx, struct buf *why, struct err *err);

/* The same of what is known before any step runs: not selected, or not enabled. */
bool turn_is_out(const struct node *node);

/*
 * The requirement that keeps a step from running, or NULL; also where it would be left
 * out in any case.
 */
const struct result *turn_hindrance(
	const struct run *run, const struct node *node, struct ctx *ctx);

/* Returns "not run: requires ID"; `goes_on`: and the start goes on without it. */
const char *turn_not_run(
	const struct ctx *ctx, const struct result *hinders, bool goes_on);

/*
 * What shows at a step's turn is no error of the configuration: that one says that
 * nothing was touched.
 */
void turn_classify(const struct step *step, struct err *err);

#endif
