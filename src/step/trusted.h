/* SPDX-License-Identifier: MIT */
/* The authorities that verify the servers of a step. */
#ifndef STEP_TRUSTED_H
#define STEP_TRUSTED_H

struct ctx;
struct err;
struct step;
struct trust;

/*
 * Finds them in `ca_file`, that key of the step, or where it is "", as trust_find() does;
 * then the step may be NULL. Returns 0, or -1 with the place of the key; while planning,
 * with ctx->known_after as parents_missing() sets it.
 */
int trusted_find(const struct step *step, struct ctx *ctx, const char *ca_file,
	struct trust *ret, struct err *err);

#endif
