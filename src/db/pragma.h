/* SPDX-License-Identifier: MIT */
/* What can be set in a database only while it is empty; db_pragma_check() says what. */
#ifndef DB_PRAGMA_H
#define DB_PRAGMA_H

struct connection;
struct db_spec;
struct err;

/* Sets spec->pragmas, before anything is written. */
int pragma_set(
	struct connection *connection, const struct db_spec *spec, struct err *err);

#endif
