/* SPDX-License-Identifier: MIT */
/*
 * Running a plan, or only looking what running it would do.
 *
 * Each step in order: `when`, check; in place, it is skipped; else apply, with retries
 * for what time can mend. At the first failure the rest is not run (or, with fail_fast
 * off, only what depends on it). A step that is not `critical` fails with a warning; a
 * stop or the deadline ends the run in any case. The steps were decided before
 * (plan/bootstrap.h), so nothing that shows now is an error of the configuration.
 */
#ifndef PLAN_RUN_H
#define PLAN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "plan/plan.h"

struct settings;

enum status { STATUS_NOT_RUN, STATUS_SUCCESS, STATUS_SKIPPED, STATUS_ERROR };

/* "not-run", "success", "skipped", "error". */
extern const char *const status_names[];

/* What a plan says of a step. */
enum forecast { FORECAST_NOTHING, FORECAST_CHANGE, FORECAST_UNKNOWN, FORECAST_ERROR };

struct result {
	const struct node *node;
	enum status status;
	enum forecast forecast; /* of run_look() */
	const char *message;    /* redacted; in the arena */
	int64_t started_us;     /* since the run began */
	int64_t duration_us;
	bool changed;
};

struct run {
	struct result *results; /* in the plan's order */
	size_t count;
	size_t totals[4]; /* by status */
	int64_t duration_us;
	char started[32];
	bool ended;     /* by a stop or the deadline, whatever the steps say */
	struct err err; /* ERR_NONE: all is well */
};

struct run_options {
	const struct settings *settings;
	/* Told which step runs now, and NULL behind the last; may be NULL. */
	void (*begin)(void *user, const char *id);
	void *user;
};

/* 0 the ground is laid · -1 it is not: `run->err` says why, and the results stand. */
int run_apply(const struct plan *plan, struct ctx *ctx, const struct run_options *options,
	struct run *run);

/* Fills the forecasts; touches nothing. -1 where some step would fail. */
int run_look(const struct plan *plan, struct ctx *ctx, struct run *run);

#endif
