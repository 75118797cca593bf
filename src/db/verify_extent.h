/* SPDX-License-Identifier: MIT */
/* How much of a database is to be verified. */
#ifndef DB_VERIFY_EXTENT_H
#define DB_VERIFY_EXTENT_H

struct connection;
struct err;
struct touched;

/*
 * After the migrations: adds the tables that SQLite and groundwork write by themselves,
 * replaces indexes by their tables, whose rows are touched if a key may refer to the
 * columns of such a UNIQUE index, and sets `all` if it is not enough to check the tables;
 * then they are left as they were noted. Returns 0, or -1.
 */
int verify_extent(
	struct touched *touched, struct connection *connection, struct err *err);

#endif
