/* SPDX-License-Identifier: MIT */
/* Reading the ledger of another tool. */
#ifndef DB_ADOPT_LEDGER_H
#define DB_ADOPT_LEDGER_H

struct adoption;
struct arena;
struct connection;
struct db_adopt;
struct db_spec;
struct err;

/*
 * Finds the ledger that `adopt` names, and adds what it says to `ret`. Files are read
 * again where the tool has checksums, or knows a migration by its text alone. Returns 0,
 * or -1 if there is no such ledger, or it is dirty, damaged, or about none of our
 * migrations.
 */
int adopt_ledger_read(struct connection *connection, const struct db_spec *spec,
	const struct db_adopt *adopt, struct arena *arena, struct adoption *ret,
	struct err *err);

#endif
