/* SPDX-License-Identifier: MIT */
/*
 * Running a plan, or forecasting what running it would do.
 *
 * Each step in order: `when`, then check; if all is in place it is skipped, else applied,
 * and again after an ERR_TEMPORARY. At the first failure the rest is not run (or, with
 * fail_fast off, only what depends on it). A step that is not `critical` fails with a
 * warning; a stop or the deadline ends the run in any case. The steps were decided before
 * (plan/bootstrap.h), so no error is one of the configuration any more.
 */
#ifndef PLAN_RUN_H
#define PLAN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "plan/plan.h"

struct settings;

enum status { STATUS_NOT_RUN, STATUS_SUCCESS, STATUS_SKIPPED, STATUS_ERROR };

/* "not-run", "success", "skipped", "error"; NULL-terminated. */
extern const char *const status_names[];

/* What a plan says of a step. */
enum forecast {
	FORECAST_NOTHING,
	FORECAST_CHANGE,
	FORECAST_UNKNOWN,
	FORECAST_ERROR,
	/* Not selected, not enabled, or `when` does not hold; or behind a failure. */
	FORECAST_LEFT_OUT,
};

/* "in place", "change", "unknown", "error", "left out"; NULL-terminated. */
extern const char *const forecast_names[];

enum waited_for {
	WAITED_FOR_SERVICES,
	WAITED_FOR_LOCK,
	WAITED_FOR_RETRY,
	WAITED_FOR_OTHERS, /* who make what the step would (--wait) */
};

/* "services", "lock", "retry", "others"; NULL-terminated. */
extern const char *const waited_for_names[];

/* How long a step waited for others to be ready. */
struct wait {
	enum waited_for waited_for;
	int64_t started_us; /* since the run began */
	int64_t duration_us;
};

struct result {
	const struct node *node;
	enum status status;
	enum forecast forecast; /* of run_forecast() */
	const char *message;    /* redacted; in the arena */
	const char *lines;      /* what would change in texts; the same, or NULL */
	const char **warnings;  /* the same of what was warned of meanwhile */
	size_t warnings_count;
	int64_t started_us; /* since the run began */
	int64_t duration_us;
	struct wait *waits; /* within that time, in order; in the arena */
	size_t waits_count;
	bool changed;
	bool left_out; /* skipped, and whether all is in place was not asked */
	bool hinders;  /* what requires it is not run */
	const struct result *behind; /* of a forecast: a failure, why it is not run */
	unsigned changes;            /* enum change */
};

/* What came out of waiting for the services of --wait, before the first step. */
struct run_wait {
	const struct services *services; /* NULL: there are none */
	int64_t timeout_ms;              /* of --timeout; -1: without end */
	enum forecast forecast;          /* of run_forecast() */
	const char *message; /* redacted, in the arena; NULL: they are waited for now */
	int64_t duration_us;
	bool failed;
};

struct run {
	struct run_wait wait;
	struct result *results; /* in the plan's order */
	size_t count;
	size_t totals[STATUS_ERROR + 1]; /* by status; of a forecast NOT_RUN alone */
	size_t left_out;                 /* of those that were skipped */
	int width;        /* of the ids, as far as they stand below each other */
	int64_t began_us; /* on clock_us() */
	int64_t duration_us;
	char started[32];
	bool ended; /* by a stop or the deadline, whatever the steps say */
	const struct result *ended_by; /* of a forecast: a failure; NULL: none */
	struct err err;                /* the first failure, or a stop; ERR_NONE: none */
};

struct run_options {
	const struct settings *settings;
	bool brief;            /* no line for a step that is not selected */
	int64_t look_again_ms; /* at what others make (plan/await.h); 0: as usual */
	/* Called with the step that runs now, and NULL behind the last; may be NULL. */
	void (*begin)(void *user, const char *id);
	/*
	 * Called with a step that turns out to have something to do, before that is done,
	 * and with NULL before the first step is looked at; may be NULL.
	 */
	void (*work)(void *user, const struct run *run, const struct result *result);
	void *user;
};

/*
 * Runs the plan and fills `run`, whose results live in ctx->arena. Returns 0, or -1 where
 * a critical step failed or the run was stopped, with the reason in run->err.
 */
int run_apply(const struct plan *plan, struct ctx *ctx, const struct run_options *options,
	struct run *run);

/*
 * Fills `run` with forecasts, as run_apply() would go with fail_fast on or off; changes
 * nothing. Returns 0, or -1 where a critical step would fail.
 */
int run_forecast(
	const struct plan *plan, struct ctx *ctx, bool fail_fast, struct run *run);

#endif
