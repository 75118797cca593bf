/* SPDX-License-Identifier: MIT */
/*
 * The conditions of `when` and `that` (conf/condition.h) and their answers, which a step
 * gets from the environment, the command, the system and the steps before it.
 */
#ifndef STEP_WHEN_H
#define STEP_WHEN_H

#include "conf/condition.h"

struct arena;
struct buf;
struct ctx;
struct err;

/* Those that there are, for a field of FIELD_CONDITIONS. */
extern const struct condition_kind when_conditions[];

/* A field's `check` of each word, as it is written. */
int when_check(const char *word, struct err *err);

/* The same for [bootstrap], which knows of no step. */
int when_check_settings(const char *word, struct err *err);

/*
 * May they hold? The environment and the command are asked, which will not change.
 * Returns CONDITION_YES, CONDITION_NO with the reason in `why`, UNKNOWN where the system
 * decides, or -1.
 */
int when_decide(
	const struct conditions *list, struct ctx *ctx, struct buf *why, struct err *err);

/*
 * Do they hold? Returns CONDITION_YES, or CONDITION_NO or, while planning,
 * CONDITION_UNKNOWN, both with the reason in `why`, or -1.
 */
int when_holds(
	const struct conditions *list, struct ctx *ctx, struct buf *why, struct err *err);

/* Do they ask whether this is the first run? */
bool when_asks_first_run(const struct conditions *list);

/* Do they ask whether a directory is empty? */
bool when_asks_dir_empty(const struct conditions *list);

/* Where no command is started, the conditions about it hold. */
void when_give_command(struct conditions *list);

/* A copy, in the arena, in which all conditions but those about the command hold. */
struct conditions when_command_alone(const struct conditions *list, struct arena *arena);

/* Calls `found` for each step that the word, as it is written, asks about. */
void when_each_step(const char *text, struct arena *arena,
	void (*found)(void *user, const char *id), void *user);

/*
 * For help: how the condition at that index is written ("env:NAME, env:NAME=value"), and
 * when it holds. Returns NULL behind the last.
 */
const char *when_form(size_t i, const char **ret_help);

#endif
