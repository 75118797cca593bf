/* SPDX-License-Identifier: MIT */
/*
 * Splitting the SQL of a migration into statements, and refusing what must not be in it,
 * before any of it runs. What a statement is, the engine's dialect says.
 *
 * A migration runs inside a transaction that also writes the ledger. So a BEGIN as its
 * first statement is left out together with a COMMIT as its last, and every other
 * transaction command is an error. Settings of the connection may stand around them.
 */
#ifndef MIGRATION_SPLIT_H
#define MIGRATION_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct dialect;
struct problems;

#define STATEMENT_MAX ((size_t)8 * 1024 * 1024)

struct statement {
	const char *text; /* with its `;`, if any; points into the script */
	size_t size;
	int line; /* of its first token */
};

/* The text of a migration, and what is needed to read it. */
struct script {
	char *text; /* NUL-terminated; must outlive the statements */
	size_t size;
	const char *file; /* for errors */
	const struct dialect *dialect;
	struct arena *arena; /* of the results */
	struct problems *problems;
};

/* A part of a script that is split by itself: no statement continues beyond it. */
struct script_part {
	size_t start;
	size_t size;
	bool closed; /* its end also ends a statement that has no `;` */
};

/*
 * Splits the parts, which are in order; at least one byte of the text follows a closed
 * one. The statements are in the arena. Errors are added to the problems.
 */
void split_script(const struct script *script, const struct script_part *parts,
	size_t parts_count, struct statement **ret, size_t *ret_count);

#endif
