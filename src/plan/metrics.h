/* SPDX-License-Identifier: MIT */
/* What a run did, in the text format of Prometheus. */
#ifndef PLAN_METRICS_H
#define PLAN_METRICS_H

struct buf;
struct run;

/* Appends them. NULL: the configuration was wrong, and no step was run. */
void metrics_text(const struct run *run, struct buf *ret);

#endif
