/* SPDX-License-Identifier: MIT */
/* Paths below what a step makes a file of. */
#ifndef STEP_CLASH_ABOVE_H
#define STEP_CLASH_ABOVE_H

struct claims;
struct ctx;
struct problems;

/* Lists the claims, which are sorted, that are below what a step makes a file of. */
void clash_above(const struct claims *claims, struct ctx *ctx, struct problems *problems);

#endif
