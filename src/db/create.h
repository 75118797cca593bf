/* SPDX-License-Identifier: MIT */
/* Creating a missing database: complete, in a temporary file that is then published. */
#ifndef DB_CREATE_H
#define DB_CREATE_H

#include "db/db.h"

struct connection;

/* Fills an empty database with what `report` has pending, and verifies it. 0, or -1. */
int create_fill(struct connection *connection, const struct db_spec *spec,
	const struct db_report *report, struct err *err);

/*
 * Applies what `report` has pending to a new database. Returns 0, 1 if another process
 * has created one meanwhile (which may have fewer migrations), or -1. Killed at any
 * moment, it leaves no database or a complete one.
 */
int create_database(
	const struct db_spec *spec, const struct db_report *report, struct err *err);

#endif
