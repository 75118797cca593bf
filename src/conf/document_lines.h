/* SPDX-License-Identifier: MIT */
/*
 * The lines of a document (conf/document.h) that is not JSON:
 *
 *	lines_begin(&lines, …)
 *	while ((rc = lines_next(&lines, err)) == 1)
 *		… lines.key …
 */
#ifndef CONF_DOCUMENT_LINES_H
#define CONF_DOCUMENT_LINES_H

#include <stdbool.h>

#include "conf/document.h"

/* A part of the text. */
struct span {
	const char *data;
	size_t size;
};

/* A document, and the line at hand: several where its value goes on in the next. */
struct lines {
	enum document_format format;
	const char *file;
	struct span rest; /* what is behind it */
	int number;       /* of its last line */
	struct span raw;  /* all of it, its line end, too */
	struct span line; /* the last one, trimmed */
	struct span section;
	struct span head;  /* of the section: all between its brackets */
	bool heads;        /* it begins that section */
	bool exported;     /* of env: "export" is in front of the key */
	struct span key;   /* empty where it has none */
	struct span value; /* trimmed; behind the key where there is none */
};

/* Returns 0, or -1 where the text cannot be of such a format. */
int lines_begin(struct lines *lines, enum document_format format, const char *file,
	const char *text, size_t size, struct err *err);

/* Returns 1 with the next line, 0 behind the last, or -1 for one of another format. */
int lines_next(struct lines *lines, struct err *err);

/* Has the line this key, as document_has() takes it? */
bool lines_is_key(const struct lines *lines, const char *key);

/* Is it in this section, has it this key, as they stand in a document of the format? */
bool lines_same_section(const struct lines *lines, struct span section);
bool lines_same_key(const struct lines *lines, struct span key);

/* Returns -1 with the text and the place of the line. */
int lines_raise(const struct lines *lines, const char *what, struct err *err);

/* The same of an error that was raised otherwise. */
int lines_locate(const struct lines *lines, struct err *err);

/* How much white space is behind the value, which some readers take for a part of it. */
size_t lines_behind(const struct lines *lines);

/* Nothing but a comment is behind the header of a section, if the line is one? Or -1. */
int lines_check_head(const struct lines *lines, struct err *err);

#endif
