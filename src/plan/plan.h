/* SPDX-License-Identifier: MIT */
/*
 * The plan: all steps with what each requires, in the order in which they run. Of the
 * steps whose requirements are met, the one with the lowest (order, id), bytewise, goes
 * next.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "step/services.h"
#include "step/step.h"

struct conf;
struct err;
struct problems;

struct node {
	struct step *step;
	struct node **requires;
	const char **requires_by; /* of each of them the key that asks for it */
	size_t requires_count;
	struct services services;       /* those in `requires` */
	const struct node *required_by; /* the last one; NULL: none */
	size_t position;                /* in the order */
	bool left_out;                  /* by --only or --skip */
	bool awaited;                   /* by --wait: others make it */
	bool forced;
};

struct plan {
	struct steps steps; /* in the order of declaration */
	struct node *nodes; /* one a step, same order */
	struct node **order;
	size_t count;
	struct services awaited; /* those of --wait, before the first step */
	int64_t await_ms;        /* for how long (bootstrap_load()); -1: without end */
};

/* Which steps: globs on ids (fnmatch(3)); NULL-terminated lists, NULL for none. */
struct selection {
	const char *const *only;
	const char *const *skip;
	const char *const *force;
	const char *const *wait; /* addresses of services among them */
	/* For errors, the variable that a list comes from; NULL: its option. */
	const char *force_by, *wait_by;
};

/*
 * Makes the plan, in ctx->arena, and sets ctx->steps. Errors (an unknown id, a cycle,
 * with all its ids, keys that do not go together) go to `problems`; then the plan must
 * not be run.
 */
void plan_build(struct plan *plan, const struct conf *conf, struct ctx *ctx,
	struct problems *problems);

/*
 * Puts what contributes to a step in order: for list.h and graph.h. What is wrong with
 * that goes to `problems`.
 */
void plan_order_parts(
	const struct plan *plan, struct ctx *ctx, struct problems *problems);

/*
 * Applies --only (with what those steps require), --skip, --force and --wait. Returns 0,
 * or -1 with ERR_USAGE for a pattern that matches no step, or a wrong address.
 */
int plan_select(struct plan *plan, const struct selection *selection, struct ctx *ctx,
	struct err *err);

#endif
