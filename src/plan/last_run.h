/* SPDX-License-Identifier: MIT */
/* What the report of an earlier run says (plan/report.h), and how that run ended. */
#ifndef PLAN_LAST_RUN_H
#define PLAN_LAST_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/log.h"
#include "plan/run.h"
#include "proc/boot.h"

struct arena;
struct err;
struct json;

/* What a report may leave out, or has of another type, is "" or 0 here. */
struct last_step {
	const char *id, *description, *status, *result, *message;
	bool left_out;
	int64_t started_us; /* since the run began */
	int64_t duration_us;
	struct wait *waits;
	size_t waits_count;
	size_t *requires; /* of other steps */
	size_t requires_count;
	const char *services; /* that it requires, besides */
};

struct last_run {
	const char *status, *started;
	const char *step;                  /* that is at work */
	const char *waits_for;             /* services that are waited for before it */
	int64_t started_s, step_started_s; /* seconds since the epoch */
	int64_t duration_us;
	const char *error; /* the first one */
	pid_t pid;
	int64_t pid_start;
	struct boot boot;
	int64_t total, failed, not_run;
	/* The first may be "--wait", which is none of the plan. */
	struct last_step *steps;
	size_t count;
};

/* How a step may have ended. */
struct last_step_end {
	const char *status; /* as reports have it */
	bool left_out;
	enum log_mark mark; /* whose color and word it has */
	const char *class;  /* of a picture */
};
#define LAST_STEP_ENDS 8
extern const struct last_step_end last_step_ends[LAST_STEP_ENDS]; /* the last: not run */

/*
 * The row of the table that is the step's, the first of its status where the report has
 * no `result` that is known; NULL where the status is not known.
 */
const struct last_step_end *last_step_end(const struct last_step *step);

/* In the word of the log, as mark_word() has it. */
const char *last_step_word(const struct last_step_end *end);

/* Reads a report of version 1; all is in the arena. Returns 0, or -1. */
int last_run_read(const struct json *json, struct arena *arena, struct last_run *ret,
	struct err *err);

enum last_end {
	LAST_SUCCESS,
	LAST_ERROR,
	LAST_RUNNING,
	LAST_CRASHED, /* it was running, and its process is gone */
	LAST_NONE,    /* it was another boot, or another container */
};

/* How it ended, as seen from `here`. */
enum last_end last_run_end(const struct last_run *run, const struct boot *here);

/* "success", "error", "running", "crashed", "none". */
extern const char *const last_end_names[];

#endif
