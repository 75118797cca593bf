/* SPDX-License-Identifier: MIT */
/* Recording in the ledger what was done, inside the transaction that does it. */
#ifndef LEDGER_RECORD_H
#define LEDGER_RECORD_H

#include <stdint.h>

struct err;
struct ledger_spec;
struct ledger_work;
struct migration;
struct query;
struct store;

/*
 * Records that we have run the migration; `insert` is as in ledger_add(). Returns 0, or
 * -1.
 */
int record_run(struct store *store, struct query *insert, const struct ledger_spec *spec,
	const struct migration *migration, int64_t duration_us, struct err *err);

/* Records what other tools have applied. Returns 0, or -1. */
int record_adopted(struct store *store, const struct ledger_work *work, struct err *err);

#endif
