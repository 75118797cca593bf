/* SPDX-License-Identifier: MIT */
/*
 * Splitting the SQL of a migration into statements, and refusing what must not be in it,
 * before any of it runs. What a statement is, the engine's dialect says.
 *
 * A statement ends with its `;`, at a breakpoint (tokens.h), or at the end of its part,
 * unless the dialect sees that it is incomplete.
 *
 * A migration runs inside a transaction that also writes the ledger. So its own BEGIN and
 * COMMIT are left out where that changes nothing: a BEGIN before all statements together
 * with a COMMIT after all of them; a COMMIT with nothing but a BEGIN behind it; a COMMIT
 * before, and a BEGIN after all statements. Every other transaction command is an error.
 * Settings of the connection count as nothing here. Where it runs outside of a
 * transaction they are statements as all others, but in pairs.
 *
 * A comment that looks like the marker of a down part (down.h) is an error.
 */
#ifndef MIGRATION_SPLIT_H
#define MIGRATION_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct dialect;
struct problems;

struct statement {
	const char *text; /* with its `;`, if any; points into the script */
	size_t size;
	int line; /* of its first token */
};

/* Appends its first words in single quotes, on one line, for a message. */
void statement_quote(const struct statement *statement, struct buf *to);

/* The text of a migration, and what is needed to read it. */
struct script {
	char *text; /* two bytes follow it, the first a NUL; outlives the statements */
	size_t size;
	const char *file; /* for errors */
	const struct dialect *dialect;
	const char *advice; /* or NULL; where a quote is not closed */
	bool strict;        /* the last statement needs its `;`, too */
	bool outside;       /* it runs in no transaction but its own */
	struct problems *problems;
	struct buf *passed; /* or NULL; what is passed over is appended, with its line */
};

/* A part of a script that is split by itself: no statement continues beyond it. */
struct script_part {
	size_t start;
	size_t size;
	bool closed; /* its end is marked: it ends a statement even if strict */
};

/*
 * Splits the parts, which are in order. The statements are the caller's to free. Errors
 * are added to the problems.
 */
void split_script(const struct script *script, const struct script_part *parts,
	size_t parts_count, struct statement **ret, size_t *ret_count);

#endif
