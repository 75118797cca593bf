/* SPDX-License-Identifier: MIT */
/*
 * The missing directories above what a step makes: a plan names them, too, each once, at
 * the first step that makes it.
 */
#ifndef STEP_PARENTS_H
#define STEP_PARENTS_H

#include <stdbool.h>

struct buf;
struct ctx;

/*
 * While planning, adds ", and on the way '/a', '/a/b'" with the directories above `path`
 * that are missing and were not named before, from the top down. Else it does nothing.
 */
void parents_name(struct ctx *ctx, const char *path, struct buf *why);

/* While planning, notes that a step makes this directory, or fixes its mode or owner. */
void parents_note(struct ctx *ctx, const char *path);

/* Is it one that was named or noted? False where nothing is planned. */
bool parents_planned(const struct ctx *ctx, const char *path);

#endif
