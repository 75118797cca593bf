/* SPDX-License-Identifier: MIT */
/*
 * Migrations that run outside of a transaction, as their tool marks them, and what is
 * done of those that have begun and not ended.
 */
#ifndef PG_OUTSIDE_H
#define PG_OUTSIDE_H

#include <stdbool.h>

struct arena;
struct err;
struct ledger;
struct migration_text;
struct pg_connection;

/*
 * Is the text marked so? By dbmate's `transaction:false` behind its marker, goose's
 * `-- +goose NO TRANSACTION`, or sqlx's `-- no-transaction` in its first line.
 */
bool outside_is_marked(const struct migration_text *text);

/*
 * With the lock, nobody else runs one: what has begun then was not ended. Returns 0, or
 * -1 with what to do, and the indexes that it may have left invalid.
 */
int outside_check(
	struct pg_connection *connection, const struct ledger *ledger, struct err *err);

#endif
