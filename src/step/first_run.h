/* SPDX-License-Identifier: MIT */
/*
 * Whether this is the first run: none has succeeded yet with this state directory. Its
 * record is that of "bootstrap", which no step is called.
 */
#ifndef STEP_FIRST_RUN_H
#define STEP_FIRST_RUN_H

struct ctx;
struct err;

/* Returns 1 if it is, 0, or -1; without a state directory it cannot be known. */
int first_run_is(struct ctx *ctx, struct err *err);

/* Remembers that a run has succeeded, unless one had before. Returns 0, or -1. */
int first_run_end(struct ctx *ctx, struct err *err);

#endif
