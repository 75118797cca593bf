/* SPDX-License-Identifier: MIT */
/* The conditions of `when`: env:NAME, path:/p … (the rows in when.c); "!" negates. */
#ifndef STEP_WHEN_H
#define STEP_WHEN_H

#include "conf/field.h"

struct buf;
struct ctx;
struct err;

/* A field's `check`: has it the form of a condition? */
int when_check(const char *text, struct err *err);

/*
 * May they hold? Returns false where one does not that depends on the environment or the
 * command alone, which will not change.
 */
bool when_decide(const struct list *list, const struct ctx *ctx);

/* Do all hold? Returns 1, or 0 with the first that does not in `why`, or -1. */
int when_holds(
	const struct list *list, const struct ctx *ctx, struct buf *why, struct err *err);

/*
 * For help: how the condition at that index is written ("env:NAME, env:NAME=value"), and
 * when it holds. Returns NULL behind the last.
 */
const char *when_form(size_t i, const char **ret_help);

#endif
