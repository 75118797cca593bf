/* SPDX-License-Identifier: MIT */
/*
 * The tables that migrations have touched, so that only these are verified.
 *
 * The time that a check of a whole database takes grows with its size, and that of an
 * ALTER TABLE does not. It is as sound to check what the transaction may have changed:
 * pages of a table that it has not touched are as they were, and a foreign key of a table
 * that is not touched, and refers to none whose rows are, holds as before. (Damage that
 * was elsewhere before is not found by this; integrity_check, `verify = full`, is always
 * of the whole database.)
 *
 * What is touched is what the authorizer is asked about while a statement is prepared;
 * that includes triggers and the actions of foreign keys. It does not see what virtual
 * tables write, nor the new name of a table, and space that is given back belongs to no
 * table. So all is checked if a table was dropped or renamed, or a view or virtual table
 * was written; after ANALYZE; where space is moved (auto_vacuum); if many tables are
 * touched; and in a small database, which takes no time.
 *
 * ALTER TABLE … ADD COLUMN writes to the schema alone ("ALTER TABLE", 4, in SQLite's
 * documentation), and tests the table for a NOT NULL or CHECK that it adds. So it touches
 * the table only if the column is a foreign key, and then that alone. Nor does CREATE
 * INDEX touch more than the index and its table's pages, unless keys are checked by it
 * (verify_extent.h); and of views it matters only whether a key refers to one.
 */
#ifndef DB_TOUCHED_H
#define DB_TOUCHED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "base/place.h"
#include "db/renames.h"

#define TOUCHED_MAX 64

/* What may have changed of a table; each includes those before it. */
enum touched_what { TOUCHED_KEYS, TOUCHED_PAGES, TOUCHED_ROWS };

/* Initialized with zeros. */
struct touched {
	struct touched_table {
		const char *name;
		enum touched_what what;
		struct place at; /* of the last statement that touched it */
	} tables[TOUCHED_MAX];
	size_t count;
	bool all;         /* then some that were touched may be missing in the list */
	bool views;       /* some were created or dropped */
	struct place at;  /* of the statement that is being prepared; or no line */
	bool adds_column; /* as the statement does that is being prepared */
	bool adds_key;    /* and it may be a foreign key */
	struct renames renames;
	struct arena arena;
};

#define CLEANUP_TOUCHED __attribute__((cleanup(touched_release)))

/* Before the statement at `at` is prepared, the first of these `size` bytes. */
void touched_expect(
	struct touched *touched, const char *sql, size_t size, struct place at);

/* From the authorizer: an action, its arguments, and the database it is in, or NULL. */
void touched_note(struct touched *touched, int action, const char *first,
	const char *second, const char *database);

/* Adds what is touched of a table; too many tables are all. */
void touched_add(struct touched *touched, const char *name, enum touched_what what);

/* Returns what is touched of a table, or NULL. */
const struct touched_table *touched_find(
	const struct touched *touched, const char *table);

void touched_release(struct touched *touched);

#endif
