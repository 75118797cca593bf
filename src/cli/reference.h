/* SPDX-License-Identifier: MIT */
/*
 * All that there is to explain, gathered from the tables that the program itself works
 * with: sections of the configuration and their keys, exit codes, variables.
 */
#ifndef CLI_REFERENCE_H
#define CLI_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "conf/field.h"

struct buf;
struct kind;

/* [app], [bootstrap], a kind of step, or what all steps share. */
struct topic {
	const char *name;   /* what `explain` is asked for */
	const char *header; /* "[defaults:KIND]"; NULL: it is made of the name */
	const char *summary;
	const char *example;        /* INI */
	const struct field *fields; /* NULL: it has no keys of its own */
	const struct kind *kind;    /* NULL: not a kind of step */
};

/* The topic at that index, in reading order. False past the last. */
bool reference_topic(size_t index, struct topic *ret);
bool reference_find(const char *name, struct topic *ret);

/* "[app]", "[file:NAME]". */
const char *reference_header(const struct topic *topic, struct buf *room);

/* The keys that a step of this kind shares with all others, or NULL. */
const struct field *reference_common(const struct topic *topic);

/* The default as a user would write it; NULL: there is none. */
const char *reference_default(
	const struct topic *topic, const struct field *field, struct buf *room);

/* Appends a short section that writes this key. */
void reference_example(
	const struct topic *topic, const struct field *field, struct buf *ret);

struct exit_meaning {
	int code;
	const char *meaning;
};
extern const struct exit_meaning exit_meanings[]; /* ends with a NULL meaning */

/* The variables beside those of the options. */
struct variable {
	const char *name;
	bool set; /* for commands; else it is read */
	const char *meaning;
};
extern const struct variable variables[]; /* ends with a NULL name */

#endif
