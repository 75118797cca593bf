/* SPDX-License-Identifier: MIT */
/*
 * The last run as a picture (SVG 1.1, without scripts): a row and a bar for each step,
 * below an axis of time; what a step has waited for in other colours, and a line from the
 * end of each step that another one requires to where that begins.
 */
#ifndef PLAN_TIMELINE_H
#define PLAN_TIMELINE_H

struct buf;
struct last_run;

/* `heading` is text, for the top. */
void timeline_svg(const struct last_run *run, const char *heading, struct buf *ret);

#endif
