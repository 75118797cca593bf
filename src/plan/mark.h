/* SPDX-License-Identifier: MIT */
/* What became of steps, or would, in the marks of the log: the same in plan and run. */
#ifndef PLAN_MARK_H
#define PLAN_MARK_H

#include <stdbool.h>

#include "base/log.h"

#define MARK_NOT_RUN "not run" /* the word of what has the mark of what is left out */

struct buf;
struct result;
struct run;

/* Of a step that has run, and of one that was forecast. */
enum log_mark mark_of(const struct result *result);
enum log_mark mark_forecast(const struct result *result);

/* What became of it, in the word of the log: "made", "in place", … or "not run". */
const char *mark_word(const struct result *result);

/*
 * Appends how many there are of each: "3 made, 1 changed, 5 in place, 2 left out", or of
 * a forecast "3 to make, …".
 */
void mark_summary(const struct run *run, bool forecast, struct buf *ret);

#endif
