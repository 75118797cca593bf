/* SPDX-License-Identifier: MIT */
/* Migrations of one message: they disagree with the ledger in one way. */
#ifndef LEDGER_DISAGREEMENT_H
#define LEDGER_DISAGREEMENT_H

#include <stdbool.h>

#include "ledger/spec.h"

struct arena;
struct err;

#define DISAGREEMENT_NAMED 5 /* of the migrations; the rest is counted */

/* Initialized with zeros. */
struct disagreement {
	const char *first; /* what is said of the first */
	const char *text;  /* of all that are named */
	size_t count;
};

/* Adds what is said of one, in the arena; behind the first few they are only counted. */
__attribute__((format(printf, 3, 4))) void disagreement_add(
	struct disagreement *found, struct arena *arena, const char *format, ...);

/*
 * Answers it as the spec says: an error, or, if `warn` is set, a warning; `advice` says
 * what to do. Returns 0, or -1 with the error. Without anything added it does nothing.
 */
int disagreement_answer(enum ledger_answer how, bool warn, const struct ledger_spec *spec,
	const struct disagreement *found, const char *advice, struct err *err);

#endif
