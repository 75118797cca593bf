/* SPDX-License-Identifier: MIT */
/* The conditions of `when`: env:NAME, path:/p … (the rows in when.c); "!" negates. */
#ifndef STEP_WHEN_H
#define STEP_WHEN_H

#include "conf/field.h"

struct buf;
struct ctx;
struct err;
struct problems;
struct section;

/* Checks the form of a section's conditions, as far as they need no expansion. */
void when_check(const struct section *section, struct problems *problems);

/*
 * The same for conditions that are expanded. Returns whether they may hold: false where
 * one is wrong, or does not hold and depends on the environment or the command alone,
 * which will not change.
 */
bool when_decide(const struct section *section, const struct list *list,
	const struct ctx *ctx, struct problems *problems);

/* Do all hold? Returns 1, or 0 with the first that does not in `why`, or -1. */
int when_holds(
	const struct list *list, const struct ctx *ctx, struct buf *why, struct err *err);

/*
 * For help: how the condition at that index is written ("env:NAME, env:NAME=value"), and
 * when it holds. Returns NULL behind the last.
 */
const char *when_form(size_t i, const char **ret_help);

#endif
