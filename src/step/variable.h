/* SPDX-License-Identifier: MIT */
/* Variables that steps do not see. */
#ifndef STEP_VARIABLE_H
#define STEP_VARIABLE_H

struct err;
struct list;

/*
 * Is a variable that this glob matches (a name matches itself), and one of `allow` (NULL:
 * any), unset for steps because it is the application's alone (ctx->apps)? Returns 0, or
 * -1 with an error that says who could change it, and what to do. `ctx` is a struct ctx.
 */
int variable_withheld(
	void *ctx, const char *glob, const struct list *allow, struct err *err);

#endif
