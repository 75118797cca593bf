/* SPDX-License-Identifier: MIT */
/*
 * Which tables and columns migrations rename and drop.
 *
 *	renames_expect	before each statement is prepared
 *	renames_note	from the authorizer
 *
 * The authorizer says which table an ALTER TABLE is about, and the statement's text says
 * what becomes of it. Nothing else that is stored does: a table that is made anew may get
 * the root page and the row in the schema of one that was dropped, space that is moved
 * changes the root page of any, and a column that is dropped moves those behind it.
 */
#ifndef DB_RENAMES_H
#define DB_RENAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/mem.h"

/* A new name, or NULL as `to`: what had the name has none any more. */
struct rename {
	const char *table;  /* as it is called before */
	const char *column; /* or NULL: it is about the table */
	const char *to;
};

/* Initialized with zeros. */
struct renames {
	struct rename *list; /* in the order of the statements */
	size_t count;
	struct rename expected; /* of the statement that is being prepared */
	bool expects;
	struct arena arena;
};

/* Reads what the statement, the first of these `size` bytes, renames or drops. */
void renames_expect(struct renames *renames, const char *sql, size_t size);

/* The arguments are those of touched_note(). */
void renames_note(struct renames *renames, int action, const char *first,
	const char *second, const char *database);

void renames_release(struct renames *renames);

#endif
