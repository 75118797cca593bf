/* SPDX-License-Identifier: MIT */
/*
 * The variables that commands set: `export` of an exec step has their names, and the
 * command writes the values to its GROUNDWORK_RESULT. Later steps and the application
 * have them, in place of what they were before.
 *
 *	exports_expect()	deciding, planning: when the step's turn is over
 *	exports_pending()	… until exports_forget(): is its value not known yet?
 *	exports_set()		when the command has ended well
 *	exports_add()		to the application's environment, after the last step
 */
#ifndef STEP_EXPORTS_H
#define STEP_EXPORTS_H

#include <stdbool.h>

#include "conf/field.h"

struct ctx;
struct env;
struct err;
struct problems;
struct step;
struct steps;

/* ctx->exports. All zero is none. */
struct exports {
	struct list set;     /* names that have their values */
	struct list pending; /* names whose values are not known yet */
	struct list by;      /* the id of the step of each of these */
};

/* A check of a field (conf/field.h): may it be set? */
int exports_check_name(const char *name, struct err *err);

/* Lists the names of a step that carry what is no command's to set. */
void exports_prepare(
	const struct step *step, const struct ctx *ctx, struct problems *problems);

/* Nobody knows the values of this step's names until its command has run. */
void exports_expect(struct ctx *ctx, const struct step *step);
void exports_forget(struct ctx *ctx);

/* The id of the step that will set a variable that the glob matches, or NULL. */
const char *exports_pending(const struct ctx *ctx, const char *glob);

/* The first step that writes the name in `export`, or NULL. */
const char *exports_setter(const struct steps *steps, const char *name);

/* May any of the steps set it? */
bool exports_may_set(const struct steps *steps, const char *name);

/* An empty value unsets it. One that is a `secret` is handed to no command. */
void exports_set(struct ctx *ctx, const char *name, const char *value, bool secret);

/* Sets, and unsets, all that were set. */
void exports_add(const struct ctx *ctx, struct env *env);

#endif
