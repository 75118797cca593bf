/* SPDX-License-Identifier: MIT */
/*
 * Cutting the SQL of a migration into statements, and refusing what may not stand in
 * one: all of it before anything runs.
 *
 * A statement ends where sqlite3_complete() says so (a trigger's body has semicolons of
 * its own). A migration runs inside a transaction that also writes the ledger, with
 * foreign keys off. So `PRAGMA foreign_keys` is dropped wherever it stands, a BEGIN at
 * the top is dropped with the COMMIT at the end, and any other transaction command is a
 * mistake.
 */
#ifndef DB_SQL_H
#define DB_SQL_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct problems;

#define SQL_STATEMENT_MAX ((size_t)8 * 1024 * 1024)

struct db_statement {
	const char *text; /* with its `;`, if any; points into what was cut */
	size_t size;
	int line; /* of its first word */
};

/* A part of a text that is read by itself: no statement goes beyond it. */
struct sql_part {
	size_t start;
	size_t size;
	bool closed; /* its end ends a statement that has no `;`, too */
};

/*
 * Cuts the parts of `text`, which has a NUL behind it and lives as long as the result.
 * They are in order, and a closed one has a byte of the text behind it. Mistakes go to
 * `problems` as places in `file`.
 */
void sql_cut(char *text, const struct sql_part *parts, size_t parts_count,
	const char *file, struct arena *arena, struct db_statement **ret,
	size_t *ret_count, struct problems *problems);

/*
 * May a migration use that pragma? (foreign_keys is one of them, and does nothing; full-
 * text tables ask for some that nobody may write.)
 */
bool sql_pragma_allowed(const char *name);

#endif
