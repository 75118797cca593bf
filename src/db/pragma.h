/* SPDX-License-Identifier: MIT */
/* Pragmas that can only be set while a database is empty; see db_pragma_check(). */
#ifndef DB_PRAGMA_H
#define DB_PRAGMA_H

struct connection;
struct db_spec;
struct err;

/* Sets spec->pragmas; nothing may have been written yet. Returns 0, or -1. */
int pragma_set(
	struct connection *connection, const struct db_spec *spec, struct err *err);

#endif
