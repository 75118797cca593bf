/* SPDX-License-Identifier: MIT */
/* A plan for eyes and for machines: what would change, and the list of steps. */
#ifndef PLAN_PRINT_H
#define PLAN_PRINT_H

#include <stdbool.h>

#include "plan/run.h"

struct buf;

/* A line a step ("+ key:session  make a new key …"), and a summary. */
void print_forecast(const struct run *run, bool color, struct buf *ret);
void print_forecast_json(const struct run *run, struct buf *ret);

/* A line a step: order, id, what it requires. */
void print_list(const struct plan *plan, struct buf *ret);
void print_list_json(const struct plan *plan, struct buf *ret);

/* How many steps would change something, or cannot be told. */
size_t print_changes(const struct run *run);

#endif
