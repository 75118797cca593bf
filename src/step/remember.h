/* SPDX-License-Identifier: MIT */
/*
 * What steps remember from one start to the next, in the state directory (state/state.h):
 * only where a key says that something must be, and then that directory must be named.
 */
#ifndef STEP_REMEMBER_H
#define STEP_REMEMBER_H

#include <stddef.h>

#include <stdbool.h>

struct ctx;
struct err;
struct step;

/* Is there a state directory, if the step needs one? Returns 0, or -1. */
int remember_check(const struct step *step, struct ctx *ctx, struct err *err);

/* The same of a text: ${if first-run} in it needs one. */
int remember_check_text(
	const char *text, size_t size, const struct ctx *ctx, struct err *err);

/*
 * Takes the lock of the state directory for a step that has something to do, and waits
 * for it. The lock is held to the end, or to remember_yield(). Returns 0,
 * or 1 if it was taken only now: another process may have done the step meanwhile, so it
 * is to be checked again. Of a step that remembers nothing, it is not an error that there
 * can be no lock, which is then not tried again. Returns -1 for others, and as
 * stop_sleep() does.
 */
int remember_lock(const struct step *step, struct ctx *ctx, struct err *err);

/*
 * Others are waited for, and may need the lock for that: releases it, and the next step
 * that has something to do takes it again. In what may be the first run it is kept, for
 * nobody is to begin another one, unless steps are waited for that others make.
 */
void remember_yield(struct ctx *ctx);

/*
 * A step has something to do, or goes on with it: those who wait for the lock, where it
 * is ours, are to know.
 */
void remember_work(const struct step *step, struct ctx *ctx);

/*
 * While planning: could remember_lock() make or write the state directory for a step that
 * has something to do, or may an earlier step see to that, by the first
 * `planned` paths that were noted (step/parents.h)? Returns 0, or -1 with the error.
 */
int remember_look_ahead(
	const struct step *step, size_t planned, struct ctx *ctx, struct err *err);

/*
 * Once all steps have succeeded: remembers that, if anything is remembered at all or a
 * condition asks for it. Returns 0, or -1.
 */
int remember_success(struct ctx *ctx, struct err *err);

#endif
