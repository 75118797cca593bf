/* SPDX-License-Identifier: MIT */
/* Trying a step until it succeeds, fails for good, or has no time left. */
#ifndef PLAN_ATTEMPT_H
#define PLAN_ATTEMPT_H

#include "plan/run.h"

struct buf;
struct ctx;
struct err;

/* One step's turn. */
struct attempt {
	struct ctx *ctx;
	const struct run_options *options;
	const struct run *run;
	struct result *result;
	struct buf *text; /* what the step says of what it has done */
};

/*
 * Checks a filled step, and applies it if there is something to do or it is forced, once
 * the services that it requires are reached; again after each ERR_TEMPORARY, as `retries`
 * says, within `timeout`. A retry is logged.
 * Returns 0 with the step's status, whether it has changed something, and what it has
 * waited for in `result`, and what it says of that appended to `text`; or -1 with the
 * last error.
 */
int attempt_step(const struct attempt *attempt, struct err *err);

/*
 * The step has something to do, or waits for others who do it: those who wait for the
 * lock are to know, and who reports it.
 */
void attempt_begin_work(const struct attempt *attempt);

/* Notes in the result what the step has waited for since `began_us` (clock_us()). */
void attempt_note_wait(
	const struct attempt *attempt, enum waited_for waited_for, int64_t began_us);

/* The error's own text, in the arena; and its quotation, or NULL where the log has it. */
const char *attempt_own(const struct ctx *ctx, const struct err *err);
const char *attempt_quoted(const struct err *err);

#endif
