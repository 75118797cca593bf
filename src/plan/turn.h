/* SPDX-License-Identifier: MIT */
/* What running a plan and forecasting it have in common: for run.c and forecast.c. */
#ifndef PLAN_TURN_H
#define PLAN_TURN_H

#include <stdbool.h>

/* Behind the error of a step with `critical = no`. */
#define TURN_TOLERATED " (not critical: the application starts)"

struct buf;
struct ctx;
struct err;
struct node;
struct plan;
struct result;
struct run;
struct step;

/* Makes a result for each step, in the plan's order. */
void turn_begin_run(const struct plan *plan, struct ctx *ctx, struct run *run);

/*
 * Is it left out without a check? Returns CONDITION_YES or, while planning,
 * CONDITION_UNKNOWN, both with the reason in `why`, CONDITION_NO, or -1.
 */
int turn_left_out(
	const struct node *node, struct ctx *ctx, struct buf *why, struct err *err);

/* The requirement that keeps a step from running, or NULL. */
const struct result *turn_hindrance(const struct run *run, const struct node *node);

/* Returns "not run: requires ID"; `starts`: and the application starts without it. */
const char *turn_not_run(
	const struct ctx *ctx, const struct result *hinders, bool starts);

/*
 * What shows at a step's turn is no error of the configuration: that one says that
 * nothing was touched.
 */
void turn_classify(const struct step *step, struct err *err);

#endif
