/* SPDX-License-Identifier: MIT */
/* Trying a step until it succeeds, fails for good, or has no time left. */
#ifndef PLAN_ATTEMPT_H
#define PLAN_ATTEMPT_H

struct buf;
struct ctx;
struct err;
struct node;
struct result;
struct run_options;

/*
 * Checks a filled step, and applies it if there is something to do or it is forced, once
 * the services that it requires are reached; again after each ERR_TEMPORARY, as `retries`
 * says, within `timeout`. A retry is logged.
 * Returns 0 with the step's status and whether it has changed something in `result`, and
 * what it says of that appended to `text`; or -1 with the last error.
 */
int attempt_node(const struct node *node, struct ctx *ctx,
	const struct run_options *options, struct result *result, struct buf *text,
	struct err *err);

/* The error's text without what the log has of it; lives as long as both. */
const char *attempt_unlogged(const struct ctx *ctx, const struct err *err);

#endif
