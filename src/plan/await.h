/* SPDX-License-Identifier: MIT */
/*
 * Waiting for what others lay (--wait): a migration job, another pod. Such steps are
 * looked at again and again until they are in place, and never made; nothing is
 * remembered of them.
 */
#ifndef PLAN_AWAIT_H
#define PLAN_AWAIT_H

#include "plan/run.h"

struct attempt;
struct buf;
struct ctx;
struct err;
struct node;

/*
 * Waits for the services of --wait, as run->wait says, in which it puts what came out.
 * Returns 0, or -1 with run->err, which is logged.
 */
int await_services(struct ctx *ctx, struct run *run);

/* Puts into run->wait what a plan says of that, which asks them only with --online. */
void await_forecast_services(struct ctx *ctx, struct run_wait *wait);

/*
 * Waits until the step is in place, or a stop or the deadline of ctx->stop ends it: no
 * other failure does, since what is being made by another may look like anything. What is
 * not critical is waited for as long as its `timeout` says, else that of services; a step
 * of the kind `wait` that is, as long as --timeout. A step that nothing shows to be in
 * place is passed over, which leaves it out. Returns 0 with a line in the attempt's text,
 * or -1 with what was seen last.
 */
int await_node(const struct attempt *attempt, struct err *err);

/* What a plan says of it, with the line in `why`. */
enum forecast await_forecast(const struct node *node, struct ctx *ctx, struct buf *why);

#endif
