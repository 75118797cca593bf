/* SPDX-License-Identifier: MIT */
/* A text that is being expanded: what the files conf/expand*.c share; for nobody else. */
#ifndef CONF_EXPANSION_H
#define CONF_EXPANSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "conf/block.h"
#include "conf/expand.h"
#include "conf/reference.h"

/* What a text is a part of. */
enum part {
	PART_FOLLOWED, /* the whole: the lexer follows it, values are made safe in it */
	PART_GLOB,     /* a glob, in which a value matches itself alone */
	PART_INSIDE,   /* a value, which is made safe as a whole */
};

/* A variable of a loop. */
struct binding {
	const char *name, *value;
	bool secret;
	const struct binding *outer;
};

struct expansion_way;

struct expansion {
	const struct expander *expander;
	const char *text; /* all of it */
	int column;       /* at which its lines begin; 0: not known */
	int first_line;
	struct place at; /* where we are; after an error, where it is */
	struct problems *unset;
	struct expand_result result;
	struct lexer lexer; /* of the text so far */

	/* A value that waits for what stands behind it, and where it is. */
	bool waits;
	struct reference waiting;
	struct buf value;
	int waiting_line;
	const char *waiting_token;

	struct buf name; /* of expansion_name() */

	const char *token; /* of the outermost text, where it is */
	bool own;          /* what waits is a default, without any value in it */
	bool words;        /* the text itself has more than white space */
	bool misplaced;    /* the error is about the place of that token */
	bool unsure;       /* a part of the text is not known: no place is judged */
	const struct binding *bindings;
	size_t rounds; /* of all loops */
	const struct expansion_way *way;
	struct err *err;
};

/* A part of the text by itself, until the next call: one for each name would be slow. */
const char *expansion_name(struct expansion *run, const char *text, size_t size);

/*
 * Appends the value that it names. Returns 0, 1 where it is unset or missing,
 * EXPAND_LATER, or -1.
 */
int expansion_fetch(struct expansion *run, const struct reference *ref, struct buf *ret);

/* Notes that the reference's value is missing, with a text that says so, or its name. */
void expansion_note_unset(
	struct expansion *run, const struct reference *ref, const char *text);
void expansion_note_missing(struct expansion *run, const struct reference *ref);

/* Is it a variable that texts are not to see? Notes that, as a missing value. */
bool expansion_note_withheld(struct expansion *run, const struct reference *ref);

/* Is it a ${NAME} that stays as it is written, since NAME is unset? */
bool expansion_keeps(const struct expansion *run, const struct token *token);

/*
 * Notes that its value is known only later. Returns 0, or -1 where it should be known by
 * now.
 */
int expansion_note_pending(struct expansion *run, const char *name);

/* Notes that its value, which is put in, is a secret, and masks it. Returns 0, or -1. */
int expansion_note_secret(
	struct expansion *run, const struct reference *ref, struct buf *value);

/* The loop's variable of that name, or NULL. */
const struct binding *expansion_binding(
	const struct expansion *run, const char *name, size_t size);

/* Adds the names that the glob matches, sorted, without the NAME_FILE of one of them. */
void expansion_names(char *const *environment, const char *glob, struct arena *arena,
	struct list *ret);

/* How a token, and a text, is expanded. */
struct expansion_way {
	int (*token)(struct expansion *run, const struct token *token, const char *end,
		enum part part, int depth, struct buf *ret);
	int (*text)(struct expansion *run, const char *text, size_t size, enum part part,
		int depth, struct buf *ret);
};

/*
 * Gets the value that takes the reference's place, in `value`; not escaped. What the
 * operand gives goes to `other`: `value` again, unless it is text like that around it.
 * Returns 0, or -1.
 */
int expansion_evaluate(struct expansion *run, const struct reference *ref, enum part part,
	int depth, struct buf *value, struct buf *other);

/* The column of the token in its line of the text, in characters. */
int expansion_column(const char *text, const char *token);

/*
 * Checks the form of a whole text, at depth 0: what is wrong in a branch that is not
 * taken would show on the day that it is. Returns 0, or -1.
 */
int expansion_check(struct expansion *run, const char *text);

/* Appends the expansion of a text with blocks. Returns 0, or -1. */
int expansion_blocks(struct expansion *run, const char *text, size_t size,
	bool line_start, const struct block_rules *rules, enum part part, int depth,
	struct buf *ret);

#endif
