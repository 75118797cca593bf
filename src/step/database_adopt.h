/* SPDX-License-Identifier: MIT */
/*
 * The key `adopt` of a database: [CONTRIBUTOR/]SOURCE[:WHAT] for each contributor whose
 * migrations are taken over.
 */
#ifndef STEP_DATABASE_ADOPT_H
#define STEP_DATABASE_ADOPT_H

struct arena;
struct ctx;
struct database_contributors;
struct db_spec;
struct err;
struct step;

/* Checks what shows in one item as it is written. Returns 0, or -1. */
int database_adopt_check(const char *item, struct err *err);

/*
 * Marks the contributors that are Flyway's by their item. An item that is wrong is passed
 * over: database_adopt_fill() says what is wrong with it.
 */
void database_adopt_mark(const struct step *step, struct ctx *ctx,
	const struct database_contributors *contributors);

/* Sets what db.h's spec has for `adopt`, in the arena of `ctx`. Returns 0, or -1. */
int database_adopt_fill(const struct step *step, struct ctx *ctx,
	const struct database_contributors *contributors, struct db_spec *ret,
	struct err *err);

#endif
