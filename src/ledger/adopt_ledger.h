/* SPDX-License-Identifier: MIT */
/* Reading the ledger of another tool. */
#ifndef LEDGER_ADOPT_LEDGER_H
#define LEDGER_ADOPT_LEDGER_H

#include <stdbool.h>

struct adopt_found;
struct adopt_ledger;
struct adoption;
struct arena;
struct store;
struct ledger_adopt;
struct ledger_spec;
struct err;
struct ledger;
struct ledger_row;

/* What adoption is about: where it reads, and where it puts what it finds. */
struct adopting {
	struct store *store;
	const struct ledger_spec *spec;
	struct arena *arena;
	struct ledger *ours;            /* matched; NULL: there is none */
	const struct ledger_row **rows; /* what ledger_match() has returned, or NULL */
	struct adopt_found *found;
	struct adoption *adoption;
};

/*
 * Adds to the adoption what the ledger says of the contributor. Files are read, once,
 * where the tool has checksums, or knows a migration by its text alone. With `again` our
 * ledger has rows of the contributor, and only what these lack is added. Returns 0, or -1
 * if the ledger is dirty, damaged, or (unless `again`) about none of our migrations.
 */
int adopt_ledger_read(const struct adopting *adopting, const struct ledger_adopt *adopt,
	const struct adopt_ledger *ledger, bool again, struct err *err);

#endif
