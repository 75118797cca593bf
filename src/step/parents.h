/* SPDX-License-Identifier: MIT */
/*
 * The directories on the way to what is made: a plan names them, too, each once, by the
 * first step that makes it.
 */
#ifndef STEP_PARENTS_H
#define STEP_PARENTS_H

#include <stdbool.h>

struct buf;
struct ctx;

/* While planning: adds ", and its directory '…'" for each one that is missing still. */
void parents_tell(struct ctx *ctx, const char *path, struct buf *why);

/* While planning: a step makes this directory itself, or puts mode and owner right. */
void parents_made(struct ctx *ctx, const char *path);

/* Is it one that will be made, or put right, by then? Not planning, there is none. */
bool parents_planned(const struct ctx *ctx, const char *path);

#endif
