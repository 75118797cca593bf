/* SPDX-License-Identifier: MIT */
/*
 * The stamps of contributors (migration/stamp.h) in the ledger: those of the last
 * transaction that has recorded a migration. They are only written with one, so a start
 * with nothing pending writes nothing.
 */
#ifndef LEDGER_STAMPS_H
#define LEDGER_STAMPS_H

struct store;
struct ledger_spec;
struct err;
struct ledger;
struct ledger_row;

/*
 * Gives each migration that was not hashed its hash: that of its row (`rows` is from
 * ledger_match()) if nothing is pending and the ledger has the stamps that were taken;
 * else all files are read. Returns 0, or -1 if one cannot be read.
 */
int stamps_resolve(const struct ledger_spec *spec, const struct ledger *ledger,
	const struct ledger_row **rows, struct err *err);

/* Inside the transaction that has added rows: records the stamps. Returns 0, or -1. */
int stamps_record(struct store *store, const struct ledger_spec *spec, struct err *err);

#endif
