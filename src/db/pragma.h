/* SPDX-License-Identifier: MIT */
/*
 * Pragmas of what the database file stores, in migrations. Where one asks for what the
 * database has, or for what its section says, there is nothing to do.
 */
#ifndef DB_PRAGMA_H
#define DB_PRAGMA_H

#include <stdbool.h>

struct db_report;
struct db_spec;
struct err;
struct statement;

/* Is it journal_mode, page_size, auto_vacuum or encoding? */
bool pragma_is_stored(const char *name);

/*
 * Compares such a pragma of a migration, in `file`, with the database that `report` is
 * about and the spec. Returns 1 if it is not to be run: it asks for what is there, or was
 * applied already (`report` is DB_CURRENT), or else the section itself says otherwise,
 * which is logged as a warning; 0 if the statement is none; or -1 with an error that says
 * what to write.
 */
int pragma_compare(const struct db_spec *spec, const struct db_report *report,
	const struct statement *statement, const char *file, struct err *err);

#endif
