/* SPDX-License-Identifier: MIT */
/*
 * Checking the database after the migrations, inside their transaction, before commit.
 *
 * Foreign keys are off while migrations run, so that a table can be rebuilt without
 * deleting its children. So they are checked here, except for references that were broken
 * before.
 */
#ifndef DB_VERIFY_H
#define DB_VERIFY_H

#include "db/db.h"

struct connection;

/* Before the migrations: stores the references that are broken. Returns 0, or -1. */
int verify_begin(struct connection *connection, struct err *err);

/*
 * After the migrations: checks that no more references are broken, that the
 * application_id is the configured one, and what spec->verify asks for. Returns 0, or -1.
 * Foreign keys that SQLite cannot check are logged as a warning.
 */
int verify_end(
	struct connection *connection, const struct db_spec *spec, struct err *err);

/* Runs quick_check or integrity_check, or nothing. Returns 0, or -1 for an error. */
int verify_pages(struct connection *connection, enum db_verify how, struct err *err);

#endif
