/* SPDX-License-Identifier: MIT */
/* Whether a step runs, where the system decides. */
#ifndef STEP_CLASH_WHEN_H
#define STEP_CLASH_WHEN_H

#include <stdbool.h>
#include <stddef.h>

struct ctx;
struct step;

/*
 * Does the `when` of the step at that index hold as the system is now, and can no step in
 * front of it in `order` change that? All were decided. What is not known is no.
 */
bool clash_when_holds(struct step *const *order, size_t at, struct ctx *ctx);

#endif
