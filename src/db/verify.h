/* SPDX-License-Identifier: MIT */
/*
 * Is the database sound after the migrations? Asked inside their transaction, before
 * commit.
 *
 * Foreign keys are off while migrations run, so that a table can be rebuilt without its
 * children being deleted with it; so references that lead nowhere are looked for here.
 * What was broken before is not the migrations' fault.
 */
#ifndef DB_VERIFY_H
#define DB_VERIFY_H

#include "db/db.h"

struct connection;

/* Before: remembers the references that are broken already. */
int verify_begin(struct connection *connection, struct err *err);

/*
 * After: references that are newly broken, what spec->verify asks for, and the
 * application_id, by which we are to know it again.
 */
int verify_end(
	struct connection *connection, const struct db_spec *spec, struct err *err);

/* quick_check or integrity_check of the whole database, or nothing. */
int verify_pages(struct connection *connection, enum db_verify how, struct err *err);

#endif
