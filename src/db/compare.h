/* SPDX-License-Identifier: MIT */
/* Comparing the ledger of a database with the migrations that we have. */
#ifndef DB_COMPARE_H
#define DB_COMPARE_H

#include "db/db.h"
#include "db/ledger.h"

struct connection;

/*
 * Reads the ledger, and, where tables are without one, or it lacks what a tool may have
 * applied, what adopt.h finds. Returns as ledger_read(), and -1 for another application's
 * database and where adopt.h says so.
 */
int compare_read(struct connection *connection, const struct db_spec *spec,
	struct arena *arena, struct ledger *ret, struct err *err);

/*
 * Sets state, pending, adopted and set_id of `ret`, and matches the ledger's rows.
 * Returns 0, or -1 for a disagreement that the spec refuses. One that it warns of is
 * logged if `warn` is set.
 */
int compare_ledger(const struct db_spec *spec, struct ledger *ledger, bool warn,
	struct arena *arena, struct db_report *ret, struct err *err);

/*
 * Are there errors in the SQL of what `report` has pending? Returns 0, or -1 with all of
 * them as one (ERR_CONFIG), or where a file cannot be read.
 */
int compare_check_pending(
	const struct db_spec *spec, const struct db_report *report, struct err *err);

#endif
