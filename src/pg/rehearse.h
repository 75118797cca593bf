/* SPDX-License-Identifier: MIT */
/* Trying what is pending on a server. */
#ifndef PG_REHEARSE_H
#define PG_REHEARSE_H

struct buf;
struct err;
struct ledger_work;
struct pg_connection;
struct server_spec;

/*
 * Runs what is pending in one transaction, and rolls that back, as far as none is to run
 * outside of one. Appends how far it was tried. Returns 0, or -1 at the first error. What
 * it locks it holds meanwhile, and the numbers that it takes from sequences are gone.
 */
int pg_rehearse(struct pg_connection *connection, const struct server_spec *spec,
	const struct ledger_work *work, struct buf *ret, struct err *err);

#endif
