/* SPDX-License-Identifier: MIT */
/* The contributors of a database, and what they hold. */
#ifndef STEP_DATABASE_CONTRIBUTORS_H
#define STEP_DATABASE_CONTRIBUTORS_H

#include "migration/contributors.h"

struct ctx;
struct db_seen;
struct err;
struct problems;
struct step;

/* Lives in the arena. */
struct database_contributors {
	struct contributor *list;
	size_t count;
	struct migrations migrations; /* once they were read */
	struct db_seen *seen;         /* the database's; NULL unless prepare() found it */
};

/*
 * Finds them, with their keys. With `problems` it is for prepare(), and all that is wrong
 * is listed there; else the first that is wrong is the error. Returns 0, or -1.
 */
int database_contributors_find(const struct step *step, struct ctx *ctx,
	struct problems *problems, struct database_contributors *ret, struct err *err);

/* Finds and reads them; all that is wrong is one error. Returns 0, or -1. */
int database_contributors_read(const struct step *step, struct ctx *ctx,
	struct database_contributors *ret, struct err *err);

#endif
