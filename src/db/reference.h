/* SPDX-License-Identifier: MIT */
/*
 * The foreign keys of a table, one by one, and what they are broken with.
 *
 *	references_read → reference_is_valid → reference_broken
 *
 * SQLite's foreign_key_check is of all keys of a table at once: it says nothing of any of
 * them if one cannot be checked, and of a table without rowids it does not say which rows
 * are broken. So here a key is checked by a query of its own. That finds what
 * foreign_key_check finds: in `p.k = +c.x` the affinity and the collation are those of
 * p.k, since +c.x has neither, and the index of a key has the collation of its column; an
 * implicit key takes that of the PRIMARY KEY's index. In one case it may find more, an
 * integer above 2^53 that refers to a REAL column: where SQLite does not use the index,
 * it compares them exactly. That is on the safe side.
 */
#ifndef DB_REFERENCE_H
#define DB_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"
#include "ledger/query.h"

struct connection;
struct reference {
	int id;            /* as foreign_key_list has it */
	size_t count;      /* of its columns */
	bool implicit;     /* to the PRIMARY KEY, without naming its columns */
	bool parent_found; /* there is a table or view of this name */
	const char *child, *parent;
	const char *columns;        /* of the child, "a, b" */
	const char *parent_columns; /* or "", if they are not known */
	/*
	 * What it is known by: both tables and their columns, by the names that they had
	 * before, as far as temp.groundwork_tables and temp.groundwork_columns say.
	 */
	const char *key;
	const char *bare;         /* the same without the parent's columns, if implicit */
	const char *from, *value; /* SQL */
};

struct references {
	struct reference *list;
	size_t count;
};

/*
 * Reads the foreign keys of the table `child` into the arena. The temporary tables of
 * violations_create() must exist. Returns 0, or -1.
 */
int references_read(struct connection *connection, const char *child, struct arena *arena,
	struct references *ret, struct err *err);

/*
 * Sets the name that a table had before, in the arena; or NULL if it is new, and its name
 * that of one which was renamed. Returns 0, or -1.
 */
int reference_former_name(struct connection *connection, const char *table,
	struct arena *arena, const char **ret, struct err *err);

/*
 * Does the parent have a PRIMARY KEY or UNIQUE index of the columns that it refers to? If
 * not, SQLite calls it a mismatch, and refuses to write the child while foreign keys are
 * on. A parent that is missing is none. Returns 1, 0, or -1.
 */
int reference_is_valid(struct connection *connection, const struct reference *reference,
	struct err *err);

/*
 * Runs a query for the values that refer to a missing row: column 0 is the values, with
 * their types, as text; column 1 is in how many rows they are. For a valid one. Returns
 * as query_run().
 */
int reference_broken(struct connection *connection, const struct reference *reference,
	struct query *ret, struct err *err);

/*
 * Returns the rowid of a row that is broken with `value`, after `skip` others, as text in
 * the arena; or NULL if that is not known, as of a table without rowids.
 */
const char *reference_row(struct connection *connection,
	const struct reference *reference, const char *value, long long skip,
	struct arena *arena);

#endif
