/* SPDX-License-Identifier: MIT */
/*
 * Drizzle's journal, meta/_journal.json beside the files: which of them are migrations,
 * and in which order.
 *
 *	{"dialect": "sqlite", "entries": [{"idx": 0, "tag": "0000_name"}, …]}
 *
 * Drizzle applies the entries as they are listed. It is an error if their `idx` says
 * otherwise.
 */
#ifndef MIGRATION_DRIZZLE_H
#define MIGRATION_DRIZZLE_H

struct err;
struct listing;

/*
 * Lists what the journal in the contributor's directory names. Returns 0, 1 if there is
 * no journal, or -1 if something cannot be read. A journal that is malformed or for
 * another database, and a file that is missing, are added to the problems with their
 * place in the journal. Files that it does not name are left out, and those that it does
 * and `exclude`, too.
 */
int drizzle_list(struct listing *listing, struct err *err);

#endif
