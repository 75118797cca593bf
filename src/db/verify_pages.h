/* SPDX-License-Identifier: MIT */
/*
 * Checking the pages of a database.
 *
 * A table may be defined with functions or collations that only the application has.
 * SQLite then does not check it at all, which is no damage: as much of it is checked as
 * can be, and a warning names the table and what is missing. If it is more than CHECK
 * constraints, each table is checked by itself, and a warning says that no check across
 * tables was made.
 */
#ifndef DB_VERIFY_PAGES_H
#define DB_VERIFY_PAGES_H

#include "db/db.h"

struct connection;

/* "quick_check", "integrity_check", or what is done instead. */
const char *verify_pages_name(enum db_verify how);

/*
 * Runs quick_check or integrity_check of the whole database, or nothing. Returns 0, or -1
 * for an error.
 */
int verify_pages(struct connection *connection, enum db_verify how, struct err *err);

/* The same of one table; `how` is not DB_NONE. */
int verify_pages_of(struct connection *connection, enum db_verify how, const char *table,
	struct err *err);

#endif
