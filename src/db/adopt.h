/* SPDX-License-Identifier: MIT */
/*
 * Taking over from another tool: which of our migrations its ledger says were applied.
 * The other ledger is read, and never written.
 */
#ifndef DB_ADOPT_H
#define DB_ADOPT_H

#include <stddef.h>

#include "db/adopt_names.h"
#include "db/db.h"

struct arena;
struct connection;
struct err;

struct adoption {
	const char **from; /* of each migration of the spec: who applied it, or NULL */
	struct adopt_names changed; /* their files are not what was applied */
	struct adopt_names unknown; /* applied, and none of ours */
	struct adopt_names empty;   /* ledgers without a row */
};

/*
 * Reads what spec->adopt names, inside the transaction of the connection, and reads files
 * of migrations again where a tool has checksums. Returns 0 with `ret` in the arena, or
 * -1: nothing is named, the ledger is missing, is none of that tool's, is dirty or
 * damaged, or names no migration of ours.
 */
int adopt_read(struct connection *connection, const struct db_spec *spec,
	struct arena *arena, const struct adoption **ret, struct err *err);

#endif
