/* SPDX-License-Identifier: MIT */
/*
 * Poolers between us and the server, which may give each statement outside of a
 * transaction to another connection of theirs, and these to other clients.
 */
#ifndef PG_POOLER_H
#define PG_POOLER_H

struct err;
struct migration;
struct migration_text;
struct pg_connection;
struct server_spec;

/*
 * Is there one? Whether it keeps a connection for each client cannot be seen. Returns 0
 * if not, or 1: then the text runs outside of a transaction without any settings of ours,
 * `lock_timeout` too; or -1 where it needs others, or has its own.
 */
int pooler_check(struct pg_connection *connection, const struct server_spec *spec,
	const struct migration *migration, const struct migration_text *text,
	struct err *err);

#endif
