/* SPDX-License-Identifier: MIT */
/*
 * PostgreSQL's SQL: what a migration may contain.
 *
 * A statement ends where psql ends it: at a `;` that is in no parentheses (CREATE RULE)
 * and not in the body BEGIN ATOMIC … END of a function. The commands of psql are refused,
 * and COPY from or to the client, which has no rows; and a BEGIN that would be left out
 * with an ISOLATION LEVEL or a READ ONLY.
 */
#ifndef PG_SQL_H
#define PG_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "migration/dialect.h"

extern const struct dialect pg_dialect;

/*
 * Does PostgreSQL refuse this statement inside a transaction, as far as its words show?
 * REINDEX of a table with partitions, which only the catalog knows, is not seen.
 */
bool pg_sql_outside_transaction(const char *text, size_t size);

/*
 * Can this statement, outside of a transaction, be run again after it did not get a lock?
 * One that may have committed a part of what it does cannot; nor one of a transaction.
 */
bool pg_sql_is_repeatable(const char *text, size_t size);

/* Does it set what lasts for a session, as far as its words show? */
bool pg_sql_sets_session(const char *text, size_t size);

#endif
