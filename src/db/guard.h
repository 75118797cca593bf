/* SPDX-License-Identifier: MIT */
/*
 * What the SQL of a migration may not do: an authorizer that looks at each statement
 * while it is prepared. It is in force while `connection->guarded` is set; at other times
 * it only refuses views and triggers, which our own statements have nothing to do with.
 */
#ifndef DB_GUARD_H
#define DB_GUARD_H

struct connection;

/* Names that begin so are ours. */
#define GUARD_PREFIX "groundwork_"

void guard_set(struct connection *connection);

#endif
