/* SPDX-License-Identifier: MIT */
/*
 * What a step owes since another has changed something: `changed:STEP` in its `when`
 * holds until it has succeeded, in a later start, too, where there is a state directory.
 *
 *	owed_note(step, …)		before the step changes anything, under the lock
 *	owed_undo(step, …)		it has changed nothing
 *	owed_settle(step, …)		the one that owed has succeeded
 *
 * It is noted in the record (state/record.h) of the step that owes. Where there is no
 * state directory, or its lock is not ours, nothing is noted. Functions return 0, or -1,
 * where nothing else is said.
 */
#ifndef STEP_OWED_H
#define STEP_OWED_H

#include <stdbool.h>

struct ctx;
struct err;
struct step;

/* Does the `when` of any step ask whether this one has changed something? */
bool owed_asks(struct ctx *ctx, const struct step *step);

/*
 * Warns where nothing can be noted, and the step asks in vain ever after whether another
 * one, which makes what it `creates` once, has changed something.
 */
void owed_warn(const struct step *step, struct ctx *ctx);

/* Notes it for each step that asks about this one. */
int owed_note(struct step *step, struct ctx *ctx, struct err *err);

/* Takes back what this run has noted. */
int owed_undo(struct step *step, struct ctx *ctx, struct err *err);

/* Forgets what the step owes. */
int owed_settle(const struct step *step, struct ctx *ctx, struct err *err);

/* Does `step` owe it to a change of `other`? Returns 1, 0, or -1. */
int owed_is(const struct step *step, const struct step *other, struct ctx *ctx,
	struct err *err);

/* Under which key it is noted that `step` has changed something; in the arena. */
const char *owed_key(const struct ctx *ctx, const struct step *step);

#endif
