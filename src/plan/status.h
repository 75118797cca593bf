/* SPDX-License-Identifier: MIT */
/* How the last run ended, for people and for programs. */
#ifndef PLAN_STATUS_H
#define PLAN_STATUS_H

#include <stdbool.h>

#include "plan/last_run.h"

struct buf;
struct err;
struct json;

#define STATUS_INDENT 2 /* of what goes on in a further line, as in the log */

/*
 * A line, with `path` as where the report is; what a command said is below it. `dated`:
 * it says when the run began, not how long ago, which is true only now.
 */
void status_text(const struct last_run *run, enum last_end end, const char *path,
	bool dated, struct buf *ret);

/* A line for each step, as it ended, broken as log_wrap() does it. */
void status_steps(const struct last_run *run, bool color, int columns, struct buf *ret);

/* The report, as json_show(), with how the run ended as its status. Returns 0, or -1. */
int status_json(
	const struct json *json, enum last_end end, struct buf *ret, struct err *err);

/* Appends the line that says that there is no report. */
void status_nothing(const char *path, bool no_directory, struct buf *ret);

#endif
