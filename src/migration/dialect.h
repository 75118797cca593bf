/* SPDX-License-Identifier: MIT */
/*
 * What a database engine must provide so that its migrations can be read: where the
 * statements of its SQL end, and which of them a migration may not contain.
 *
 * split.c reads a text once, token by token, and calls for each statement:
 *
 *	next()		for each of its tokens
 *	ends()		with each token, until one ends the statement
 *	classify()	once, with the complete statement
 *
 * All functions but outside() are required. None of them opens a database or keeps state
 * of its own: what ends() must remember from token to token is in draft->state.
 */
#ifndef MIGRATION_DIALECT_H
#define MIGRATION_DIALECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problems.h"
#include "migration/tokens.h"

#define DRAFT_HEAD_MAX 6 /* EXPLAIN QUERY PLAN CREATE TEMP TRIGGER */

struct span {
	const char *text;
	size_t size;
};

enum draft_role {
	DRAFT_RUN,
	DRAFT_SETTING, /* is run; beside BEGIN and COMMIT it counts as nothing */
	DRAFT_PASSED,  /* counts as nothing, too, and is not run: that is logged */
	DRAFT_BEGIN,   /* of a transaction: left out, or refused (split.h) */
	DRAFT_COMMIT,  /* its end: the same */
	DRAFT_MODES,   /* a BEGIN that means more: refused where it would be left out */
	DRAFT_REFUSED, /* is an error */
};

/* A statement while it is read. */
struct draft {
	/*
	 * From its first token through its last. A function may change the text, and the
	 * byte that follows (a NUL at its end), while it runs, and must restore them.
	 */
	char *text;
	size_t size;
	struct place at;                  /* of the first token */
	struct span head[DRAFT_HEAD_MAX]; /* its first tokens */
	size_t head_count;
	struct span last; /* its last token */
	unsigned state;   /* the dialect's own; 0 at the first token */

	enum draft_role role; /* DRAFT_RUN until classify() sets it */
	const char *why;      /* if it is to be an error: what to do instead */
};

struct dialect {
	size_t statement_max; /* in bytes */

	/*
	 * Reads the next token and returns its type. White space and comments before it
	 * are skipped. tokens_next() is SQLite's.
	 */
	enum sql_token (*next)(struct tokens *tokens);

	/* Returns whether `token`, which was just added to the draft, ends it. */
	bool (*ends)(struct draft *draft, enum sql_token token);

	/*
	 * Returns whether a ';' is all that is missing. It is asked where the text, or a
	 * marker, ends the statement, and then two bytes follow it.
	 */
	bool (*needs_semicolon)(struct draft *draft);

	/*
	 * Describes a draft that the end of the text cuts off, for the error: "the
	 * statement that begins here has no ';' at its end".
	 */
	const char *(*describe_incomplete)(const struct draft *draft);

	/*
	 * Sets role and why. What is refused in other words than "WORD cannot be used in
	 * a migration: WHY" is added to `problems` directly, with draft->at.
	 */
	void (*classify)(struct draft *draft, struct problems *problems);

	/*
	 * Returns whether a transaction cannot have this statement. NULL: migrations
	 * never run outside of one (outside.h).
	 */
	bool (*outside)(const char *text, size_t size);
};

#endif
