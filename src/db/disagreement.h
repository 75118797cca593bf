/* SPDX-License-Identifier: MIT */
/* Migrations that disagree with the ledger in one way, for one message. */
#ifndef DB_DISAGREEMENT_H
#define DB_DISAGREEMENT_H

#include <stdbool.h>

#include "base/buf.h"
#include "db/db.h"

struct err;

#define DISAGREEMENT_NAMED 5 /* of the migrations; the rest is counted */

/* Begins as DISAGREEMENT_INIT; disagreement_answer() releases it. */
struct disagreement {
	struct buf text;
	size_t count;
};

#define DISAGREEMENT_INIT \
	{ \
		.text = BUF_INIT \
	}

/* Adds what is said of one; behind the first few they are only counted. */
__attribute__((format(printf, 2, 3))) void disagreement_add(
	struct disagreement *found, const char *format, ...);

/*
 * Answers it as the spec says: an error, or, if `warn` is set, a warning; `advice` says
 * what to do. Returns 0, or -1 with the error. Without anything added it does nothing.
 */
int disagreement_answer(enum db_answer how, bool warn, const struct db_spec *spec,
	struct disagreement *found, const char *advice, struct err *err);

#endif
