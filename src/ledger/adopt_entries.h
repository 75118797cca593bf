/* SPDX-License-Identifier: MIT */
/*
 * The migrations of a contributor under the names that another tool gives to them.
 *
 *	struct adopt_entries entries = {…};
 *	adopt_entries_list(&entries, …)
 *	adopt_entries_find()		for each that the tool has applied, which the
 *					caller marks: `applied`, and its checksum
 *	adopt_entries_verify()
 *	adopt_entries_release()
 */
#ifndef LEDGER_ADOPT_ENTRIES_H
#define LEDGER_ADOPT_ENTRIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/fs_reader.h"

struct disagreement;
struct adopt_tool;
struct arena;
struct err;
struct ledger_row;
struct migrations;

struct adopt_entry {
	const char *name;
	const char *key; /* of the name: version_key() */
	size_t index;    /* in the migrations */
	bool recorded; /* our ledger has it, with its hash: nothing is to be found out */
	bool applied;
	bool verified;        /* its file is what was applied */
	const char *checksum; /* that the tool has recorded, or NULL */
};

struct adopt_entries {
	const struct adopt_tool *tool;
	const struct migrations *all;
	const struct ledger_row **rows; /* of each of them in our ledger, or NULL */
	struct arena *arena;
	struct fs_reader files;
	struct adopt_entry *list; /* by key, then in our order */
	size_t count;
};

/*
 * Lists the migrations of the contributor. Returns 0, or -1: a file cannot be read, or
 * the tool would never run one as a migration that here is one.
 */
int adopt_entries_list(
	struct adopt_entries *entries, const char *contributor, struct err *err);

/*
 * The first of that name, in whichever form, that is not applied yet, or else the last;
 * or NULL.
 */
struct adopt_entry *adopt_entries_find(
	const struct adopt_entries *entries, const char *name);

/*
 * Compares the files of what was applied with their checksums, if the tool has any. One
 * that differs is added to `changed`, and counts as applied all the same; a repeatable
 * one does not, so that it runs again. Returns 0, or -1 if a file cannot be read.
 */
int adopt_entries_verify(
	struct adopt_entries *entries, struct disagreement *changed, struct err *err);

/* Adds to `changed` that the file has another checksum than what was applied. */
void adopt_entries_changed(const struct adopt_entries *entries,
	const struct adopt_entry *entry, const char *recorded, const char *computed,
	struct disagreement *changed);

void adopt_entries_release(struct adopt_entries *entries);

#endif
