/* SPDX-License-Identifier: MIT */
/*
 * What the SQL of a migration may not do: an authorizer that checks each statement while
 * it is prepared. It does so while connection->in_migration is set; at other times it
 * only refuses views and triggers, which our own statements have nothing to do with, and
 * what nests too deep for the stack, which it refuses always. What a statement asks of
 * foreign keys it notes in connection->keys, and which tables it writes in
 * connection->touched.
 */
#ifndef DB_AUTHORIZER_H
#define DB_AUTHORIZER_H

#include <stdbool.h>

struct connection;

/* Installs it, for as long as the connection is open. */
void authorizer_set(struct connection *connection);

/*
 * Is it a name of tables that are groundwork's own? The authorizer is not asked about the
 * new name of a table.
 */
bool authorizer_is_ours(const char *name);

#endif
