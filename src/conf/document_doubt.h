/* SPDX-License-Identifier: MIT */
/*
 * Lines of an ini file that some of its readers take for more of the value above, and
 * others for keys: those of a value in quotes that close in a later line (PHP; Gitea's
 * backquotes and """), behind a backslash (systemd, which passes over comments), and what
 * is indented deeper than its key (Python's configparser).
 *
 * And lines of env that are one variable for Docker, and several for a shell.
 */
#ifndef CONF_DOCUMENT_DOUBT_H
#define CONF_DOCUMENT_DOUBT_H

#include <stdbool.h>
#include <stddef.h>

struct lines;

/* Begins as {0}. */
struct document_doubt {
	const char *end;    /* up to there a value may go on */
	const char *why;    /* of the line at hand, or NULL: it is what it seems */
	int open;           /* the key that a backslash joins to what is put at the end */
	bool heads;         /* the header of its section may be none */
	int head;           /* the last line that may be no header; 0: there is none */
	int deepest;        /* the header that is indented deepest; 0: none is indented */
	size_t head_indent; /* of that one */
	bool has_above;     /* a key that is in no doubt is above, in the same section */
	size_t above_indent;
	bool has_key; /* the section has a key that is in no doubt; it is indented so */
	size_t key_indent;
};

/*
 * Looks at the next line; for each one, in their order. `why` says then, for a message,
 * why it may be something else than it seems. Those of other formats never are.
 */
void document_doubt_line(struct document_doubt *doubt, const struct lines *lines);

/* By how many blanks the line at hand is indented. */
size_t document_doubt_indent(const struct lines *lines);

/* May the value of the line that was looked at last go on in the next one? */
bool document_doubt_goes_on(
	const struct document_doubt *doubt, const struct lines *lines);

#endif
