/* SPDX-License-Identifier: MIT */
/*
 * Taking over from another tool: which of our migrations its ledger says were applied.
 * The other ledger is read, and never written.
 */
#ifndef LEDGER_ADOPT_H
#define LEDGER_ADOPT_H

#include <stddef.h>

#include "ledger/disagreement.h"
#include "ledger/spec.h"

struct arena;
struct store;
struct err;
struct ledger;

struct adoption {
	struct disagreement changed;  /* their files are not what was applied */
	struct disagreement unknown;  /* they have no file here */
	struct disagreement empty;    /* ledgers without a row */
	struct disagreement keys;     /* tools that have foreign keys on */
	struct disagreement since;    /* applied by a tool after it was taken over */
	struct disagreement reverted; /* and what it has reverted after that */
};

/*
 * Reads what spec->adopt names, inside the transaction of the store, and files of
 * migrations where a tool has checksums (adopt_sums.h). What was applied is added to the
 * rows of `ledger`, which has none, and what there is to say is its adoption, in the
 * arena. Returns 0, or -1: nothing is named, the ledger is missing, is none of that
 * tool's, is dirty or damaged, or names no migration of ours.
 */
int adopt_read(struct store *store, const struct ledger_spec *spec, struct ledger *ledger,
	struct arena *arena, struct err *err);

/*
 * The same where our ledger is there, for contributors of which it lacks a migration. One
 * without any row is taken over now, if the ledger that its item names is there. Of one
 * with rows it is found out whether its tool has applied some since: they are added if
 * its item names the tool, and else are in `since`, or in `unknown` if they have no file
 * here. A row without a hash of a tool is replaced if its file is there now. With nothing
 * missing, or nothing ever adopted, no table is read.
 */
int adopt_read_again(struct store *store, const struct ledger_spec *spec,
	struct ledger *ledger, struct arena *arena, struct err *err);

#endif
