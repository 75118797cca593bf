/* SPDX-License-Identifier: MIT */
/*
 * Checking the database after the migrations, inside their transaction, before commit.
 *
 * While foreign keys are off, SQLite does not check them; so all are checked here, except
 * for references that were broken before (violations.h). What was broken before is only
 * asked when something is broken now, or cannot be checked: a second connection still
 * reads the database as it was before the transaction. That needs WAL, or that nothing
 * was written to the database file yet: in the other journal modes a large transaction
 * writes there before it is committed, and then locks out all readers. Then the caller
 * must roll back, and store before the migrations what is broken.
 */
#ifndef DB_VERIFY_H
#define DB_VERIFY_H

#include "db/db.h"

struct connection;
struct foreign_keys;
struct touched;

/* How verify_end() learns which references were broken before. */
enum verify_before {
	VERIFY_NEW,    /* the database did not exist */
	VERIFY_READ,   /* it reads them in another connection */
	VERIFY_STORED, /* from verify_begin() */
};

/* Before the migrations: stores the references that are broken. Returns 0, or -1. */
int verify_begin(struct connection *connection, struct err *err);

/*
 * After the migrations: checks that no more references are broken, that the
 * application_id is the configured one, and what spec->verify asks for; of what is
 * touched alone, except for integrity_check. `keys` is that of execute_migrations().
 * Returns 0; 1 if it must be VERIFY_STORED, since the database as it was before cannot be
 * read; or -1. A foreign key that SQLite can no longer check is an error; one that it
 * never could check is logged as a warning, and the others are checked all the same.
 */
int verify_end(struct connection *connection, const struct db_spec *spec,
	const struct foreign_keys *keys, const struct touched *touched,
	enum verify_before before, struct err *err);

#endif
