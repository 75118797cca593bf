/* SPDX-License-Identifier: MIT */
/* The paths that steps make, for the files step/clash*.c. */
#ifndef STEP_CLASH_CLAIM_H
#define STEP_CLASH_CLAIM_H

#include <stdbool.h>
#include <stddef.h>

#include "step/clash.h"

struct arena;

/* A path that a step makes. */
struct claim {
	const char *plain; /* path_add_plain() */
	const char *path;
	const char *key; /* that names it */
	size_t at;       /* of the step, in the order */
	size_t alike;    /* the first of the claims in front that make it alike */
	struct step *step;
	struct making making;
};

struct claims {
	struct claim *list;
	size_t count;
	struct arena *arena;
	struct step *const *order;
	int *runs; /* of each in that order: 1, -1, or 0 where it was not asked yet */
};

/* Is it sure to run, or does it as the system is now? */
bool clash_runs(const struct claims *claims, const struct claim *claim, struct ctx *ctx);

/* As it is written: `check` takes every step for critical. */
bool clash_may_fail(const struct step *step);

/* "directory:d (10.ini:1)" */
const char *clash_with_place(const struct claim *claim, struct arena *arena);

#endif
