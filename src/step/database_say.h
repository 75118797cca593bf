/* SPDX-License-Identifier: MIT */
/* What plan and log say of the migrations of a database, whatever its engine is. */
#ifndef STEP_DATABASE_SAY_H
#define STEP_DATABASE_SAY_H

#include <stddef.h>

struct buf;
struct ledger_work;
struct migration;

/* " orders: 001_a, 002_b; notes: 001_c and 12 more" */
void say_migrations(const struct migration *const *list, size_t count, struct buf *to);

/* The end of "migrations", where there is one of them. */
const char *say_plural(size_t count);

/* What stands between the parts of a sentence: nothing before the first. */
const char *say_next(const struct buf *text);

/* "'app.db' has all 12 migrations"; `total` is how many there are. */
void say_whole(const char *name, size_t total, struct buf *to);

/* What is to be done; `precautions` is what comes before that, ", after a backup". */
void say_pending(const char *name, size_t total, const struct ledger_work *work,
	const char *precautions, struct buf *to);

/* What was done. */
void say_done(
	const char *name, size_t total, const struct ledger_work *work, struct buf *to);

#endif
