/* SPDX-License-Identifier: MIT */
/* Comparing the ledger of a database with the migrations that we have. */
#ifndef LEDGER_COMPARE_H
#define LEDGER_COMPARE_H

#include "ledger/spec.h"
#include "ledger/ledger.h"

struct store;

/*
 * Adds to a ledger that was read, or is missing, what was taken over from another tool:
 * where tables are without one, or it lacks what a tool may have applied (adopt.h).
 * Returns 0, or -1 where adopt.h says so.
 */
int compare_adopt(struct store *store, const struct ledger_spec *spec,
	struct ledger *ledger, struct arena *arena, struct err *err);

/*
 * Sets `ret`, and matches the ledger's rows. Returns 1 if something is to be done, 0 if
 * not, or -1 for a disagreement that the spec refuses. One that it warns of is logged if
 * `warn` is set.
 */
int compare_ledger(const struct ledger_spec *spec, struct ledger *ledger, bool warn,
	struct arena *arena, struct ledger_work *ret, struct err *err);

/* Sets `ret` for a database that is to be created: all is pending. */
void compare_absent(
	const struct ledger_spec *spec, struct arena *arena, struct ledger_work *ret);

/*
 * Are there errors in the SQL of what `work` has pending? Returns 0, or -1 with all of
 * them as one (ERR_CONFIG), or where a file cannot be read.
 */
int compare_check_pending(
	const struct ledger_spec *spec, const struct ledger_work *work, struct err *err);

#endif
