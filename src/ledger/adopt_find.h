/* SPDX-License-Identifier: MIT */
/* Finding the ledgers of other tools in a database. */
#ifndef LEDGER_ADOPT_FIND_H
#define LEDGER_ADOPT_FIND_H

#include <stddef.h>

#include "ledger/spec.h"

struct adopt_tool;
struct arena;
struct err;
struct store;

struct adopt_ledger {
	const struct adopt_tool *tool;
	const char *table;
};

#define ADOPT_OTHER 2

/*
 * Looks for the ledger that `adopt` names, and sets `ret`. Returns 1 if it is there, 0 if
 * not, ADOPT_OTHER if adopt_find() has more to say about it, or -1.
 */
int adopt_look(struct store *store, const struct ledger_adopt *adopt, struct arena *arena,
	struct adopt_ledger *ret, struct err *err);

/*
 * Finds the ledger that `adopt` names: of its tool, or with "auto" the only one that
 * there is. Its table must be one of the tool's shape and no view, virtual table or
 * generated columns, since reading those would run what is in the database. Returns 0, or
 * -1; the error says what was found instead, and what to write.
 */
int adopt_find(struct store *store, const struct ledger_spec *spec,
	const struct ledger_adopt *adopt, struct arena *arena, struct adopt_ledger *ret,
	struct err *err);

/*
 * Returns -1 with the error that the database has tables, no ledger, and no `adopt`; it
 * says which ledgers of other tools were found, and what to write.
 */
int adopt_refuse(struct store *store, const struct ledger_spec *spec, struct arena *arena,
	struct err *err);

#endif
