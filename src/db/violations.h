/* SPDX-License-Identifier: MIT */
/*
 * What is broken of the foreign keys of a table, compared with what was broken before.
 *
 *	violations_create	when something is broken, or before it is stored
 *	violations_store_names	} of the database as it was before; where it can be
 *	violations_store	} read later, of each table that is checked then
 *	violations_rename	after the migrations
 *	violations_check	for each table that is checked
 *
 * A violation is known by its key (the table and its columns, the parent and its columns)
 * and by its values with their types, not by its row: a migration may make a table anew,
 * and its rows move. Of each value no more rows may be broken than were before. So what
 * is not seen is a row that is repaired while another one, of the same table, gets the
 * same broken value in the same columns: no more is broken then.
 *
 * Tables and columns that ALTER TABLE renames are followed (renames.h), as long as the
 * table is not dropped. A table or column that is made anew is known by its name, if that
 * had gone with the old one: so if it gets the name of what was renamed and still exists,
 * or a name that there was not, all that is broken of it is new. So it is of a key whose
 * values are stored with another type, or that SQLite could not check before.
 */
#ifndef DB_VIOLATIONS_H
#define DB_VIOLATIONS_H

struct connection;
struct db_spec;
struct err;
struct foreign_keys;
struct renames;
struct touched;

struct violations_check {
	struct connection *connection;
	const struct db_spec *spec;
	const struct foreign_keys *keys; /* of execute_migrations() */
	const struct touched *touched;
};

/* Makes the temporary tables for what was broken before, empty. Returns 0, or -1. */
int violations_create(struct connection *connection, struct err *err);

/* Stores in `to` which tables and columns `from` has, which may be the same. Or -1. */
int violations_store_names(
	struct connection *to, struct connection *from, struct err *err);

/*
 * Goes through all that was renamed or dropped: the names of before in the temporary
 * tables get those that they have now, or none. Returns 0, or -1.
 */
int violations_rename(
	struct connection *connection, const struct renames *renames, struct err *err);

/*
 * Stores in `to` what is broken in `from`, which may be the same, of the table that is
 * called `child` in `to` now. violations_create() was called for both. If the names are
 * stored, it is read by its former name; nothing is stored if it had none. Returns 0, or
 * -1.
 */
int violations_store(struct connection *to, struct connection *from, const char *child,
	struct err *err);

/*
 * Asks foreign_key_check about a table. Returns 0 if nothing is broken, 1 if something
 * is, 2 if one of the table's keys cannot be checked, or -1.
 */
int violations_look(struct connection *connection, const char *child, struct err *err);

/*
 * Compares what is broken of the table `child` with what is stored; `looked` is what
 * violations_look() has returned, 1 or 2. Returns 0; or -1 for a violation that is new,
 * and for a key that could be checked before and cannot any more. A key that never could
 * is logged as a warning.
 */
int violations_check(const struct violations_check *check, const char *child, int looked,
	struct err *err);

#endif
