/* SPDX-License-Identifier: MIT */
/*
 * The schema of a database against the one that its applied migrations make.
 *
 * That one is made in memory: what the ledger says was applied, or another tool's ledger
 * that is taken over, is run in the order in which it was applied, without rows
 * (dry_run.h). It cannot be known if one of these files is missing or was changed, or if
 * what one does to the schema depends on the rows; nor, where both differ, if one has
 * placeholders, whose values may have changed. The ledger of a tool that was taken over
 * is no part of either schema, if it has its usual name or that in spec->ledger.adopt.
 *
 * That takes as long as applying them does. So where both were equal, the ledger has the
 * digest of that (schema_digest.h), and while it is the same nothing is made. It is
 * recorded in the transaction of migrations only: a start with nothing pending writes
 * nothing, and makes the schema where there is no digest.
 */
#ifndef DB_SCHEMA_DRIFT_H
#define DB_SCHEMA_DRIFT_H

#include "db/db.h"

struct connection;
struct db_ledger;
struct schema;

/* Reads the schema that is there into the arena. Returns 0, or -1. */
int schema_drift_read(struct connection *connection, struct arena *arena,
	const struct schema **ret, struct err *err);

/*
 * Compares it, ledger->schema, with what the migrations make; ledger_table_compare() has
 * matched the ledger. Returns 0, or -1 for a difference that the spec refuses. One that
 * it warns of is logged, and so is that it cannot be known, if `warn` is set.
 */
int schema_drift_check(const struct db_spec *spec, const struct db_ledger *ledger,
	bool warn, struct arena *arena, struct err *err);

/*
 * Inside the transaction that has applied `report`, unless the spec accepts any schema:
 * records the digest if the schema is now what the migrations make. That of a database
 * that is created (DB_ABSENT) is so by definition; any other is compared. Returns 0, or
 * -1.
 */
int schema_drift_record(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, struct err *err);

#endif
