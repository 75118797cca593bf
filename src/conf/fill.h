/* SPDX-License-Identifier: MIT */
/* What the files conf/fill*.c share; for nobody else. */
#ifndef CONF_FILL_H
#define CONF_FILL_H

#include "base/buf.h"
#include "base/table.h"
#include "conf/condition.h"
#include "conf/convert.h"
#include "conf/field.h"

/* What a word of a command was made from. */
struct origin {
	const char *raw;
	const struct value *value;
	const char *word; /* in its `flat` */
};

struct fill {
	const struct section *section;
	const struct field_context *context;
	struct problems *unset;
	struct err *err;
	bool judging;    /* a wrong item goes to `unset`, and the next one is read */
	bool as_written; /* nothing is expanded, only its form checked */
	const char *const *words; /* for that: of ${word:name} */
	bool incomplete;          /* a name is unset, or a value known only later */
	/* of the field at hand */
	const struct field *field;
	const struct setting *setting; /* NULL: its default is being filled in */
	bool listed; /* something wrong with it is known, as is the form of each ${…} */
	const char *word; /* the one at hand, in the value's `flat`; NULL: all of that */
	struct table names; /* of a FIELD_ENV: those that may not come again */
	bool glob;          /* a value in it matches itself alone (conf/condition.h) */
	/* of a command */
	struct origin *origins; /* one a word */
	size_t origins_count;
	bool partial;  /* a word is missing, so that no word's place is known */
	bool code;     /* a value would become code: the error is raised */
	bool holes[3]; /* which of them (fill_command.c) no value may have */
};

/* Puts section, key and place in front of the error. Returns -1. */
int fill_raise(const struct fill *fill, struct place at);

/* The same at the word at hand, or where the value begins. */
int fill_raise_word(const struct fill *fill, const struct value *link);

/*
 * The word is at hand, the next one that words_split() found behind another. Returns what
 * is behind it.
 */
const char *fill_take(
	struct fill *fill, const char *behind, const char *separators, const char *word);

/* While judging, what is wrong does not hide what is wrong behind it: returns 0. */
int fill_go_on(struct fill *fill, int rc);

/* Adds what is wrong with the ${…} of a text, and returns whether nothing is. */
bool fill_form(const struct fill *fill, const struct value *link, const char *text,
	const char *const *words);

/* Is each ${…} of a value one that there is? What is expanded says so by itself. */
bool fill_form_is_fine(const struct fill *fill, const struct value *link);

struct conversion fill_conversion(const struct fill *fill, const struct value *link);

/*
 * Expands `text`: into `room`, unless nothing in it is expanded. Returns 0, 1 where a
 * value in it is unset or comes later, or -1.
 */
int fill_expand(struct fill *fill, const struct value *link, const char *text,
	struct conversion *how, struct buf *room, const char **ret);

/* Fills a FIELD_COMMAND, FIELD_COMMANDS. Returns 0 or -1. */
int fill_command(struct fill *fill, const struct value *link, struct list *ret);
int fill_commands(struct fill *fill, const struct value *link, struct file_commands *ret);

/* Fills FIELD_CONDITIONS. Returns 0 or -1. */
int fill_conditions(struct fill *fill, const struct value *link, struct conditions *ret);

#endif
