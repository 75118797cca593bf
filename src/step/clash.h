/* SPDX-License-Identifier: MIT */
/* Two steps that cannot both have one path. */
#ifndef STEP_CLASH_H
#define STEP_CLASH_H

#include <stddef.h>

struct ctx;
struct problems;
struct step;

/*
 * Judges steps that were decided, in the order in which they run, and lists each that
 * makes another type of object than an earlier one at the same path (as it is written),
 * or rewrites what an earlier one rewrites. Both must be sure to run.
 */
void steps_clash(struct step *const *order, size_t count, struct ctx *ctx,
	struct problems *problems);

#endif
