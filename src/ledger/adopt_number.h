/* SPDX-License-Identifier: MIT */
/*
 * `adopt = user_version`: a number that says which migrations were applied. It may be how
 * many they are, or the version of the last one; and migrations that we run may set it,
 * too. So the ledger has what it was when rows were last added: as long as it is that,
 * nobody else has applied anything. Where the two readings differ, and where it has
 * changed and we may have done so, it is an error: what is recorded as applied and was
 * not never runs.
 */
#ifndef LEDGER_ADOPT_NUMBER_H
#define LEDGER_ADOPT_NUMBER_H

struct adopting;
struct store;
struct ledger_adopt;
struct ledger_spec;
struct err;

/*
 * Adds to the adoption what the number says of a contributor of which nothing is
 * recorded. Returns 0, or -1: which migrations it counts is not known.
 */
int adopt_number_read(
	const struct adopting *as, const struct ledger_adopt *adopt, struct err *err);

/*
 * The same of a contributor that has rows: has it grown since these were recorded, or is
 * it less than it was?
 */
int adopt_number_since(
	const struct adopting *as, const struct ledger_adopt *adopt, struct err *err);

/*
 * Inside the transaction that has added rows, behind these: records the number if an item
 * of `adopt` is about it. Returns 0, or -1.
 */
int adopt_number_record(
	struct store *store, const struct ledger_spec *spec, struct err *err);

#endif
