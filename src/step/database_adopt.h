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
struct err;
struct step;

/* Checks what shows in one item as it is written. Returns 0, or -1. */
int database_adopt_check(const char *item, struct err *err);

/*
 * Sets `adopt` of the contributors, which were found, and marks those that are Flyway's.
 * Returns 0, or -1 with the first item that is wrong; the others are set.
 */
int database_adopt_read(const struct step *step, struct ctx *ctx,
	struct database_contributors *contributors, struct err *err);

#endif
