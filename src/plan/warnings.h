/* SPDX-License-Identifier: MIT */
/*
 * The warnings of one step: what is logged at its turn is kept for its result, too.
 *
 *	warnings = warnings_begin(ctx, result);
 *	…
 *	warnings_end(warnings);
 */
#ifndef PLAN_WARNINGS_H
#define PLAN_WARNINGS_H

struct ctx;
struct result;
struct warnings;

/*
 * From here on, warnings of ctx->log are also added to the result, redacted; one that it
 * has already is dropped.
 */
struct warnings *warnings_begin(struct ctx *ctx, struct result *result);

/* Gives ctx its own log back. */
void warnings_end(struct warnings *warnings);

/* Returns the text, redacted, in the arena: for what a result says. */
const char *result_redact(const struct ctx *ctx, const char *text);

#endif
