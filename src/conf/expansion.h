/* SPDX-License-Identifier: MIT */
/* A text that is being expanded: what the files conf/expand*.c share; for nobody else. */
#ifndef CONF_EXPANSION_H
#define CONF_EXPANSION_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/expand.h"
#include "conf/reference.h"

struct expansion {
	const struct expander *expander;
	struct place at; /* where we are; after an error, where it is */
	struct problems *unset;
	struct expand_result result;
	struct lexer lexer;      /* of the text so far */
	struct escape_next next; /* what stands behind the part that is expanded */
	const char *token;       /* of the outermost text, where it is */
	bool misplaced;          /* the error is about the place of that token */
	struct err *err;
};

/*
 * Appends the value that it names. Returns 0, 1 where it is unset or missing,
 * EXPAND_LATER, or -1.
 */
int expansion_fetch(struct expansion *run, const struct reference *ref, struct buf *ret);

/* Notes that something is unset: its text, or that of its name. */
void expansion_note_unset(struct expansion *run, const char *text);
void expansion_note_missing(struct expansion *run, const struct reference *ref);

/* Notes that its value, which is put in, is a secret, if it is. Returns 0, or -1. */
int expansion_note_secret(
	struct expansion *run, const struct reference *ref, const char *value);

#endif
