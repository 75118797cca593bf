/* SPDX-License-Identifier: MIT */
/*
 * The markers of the tools, and which line is one: as the tool itself reads it, or
 * evidently meant to be one. A new tool is a row in marker.c, with a function if it reads
 * lines in its own way; if it orders versions in its own way, version.h has that.
 */
#ifndef MIGRATION_MARKER_H
#define MIGRATION_MARKER_H

#include <stdbool.h>
#include <stddef.h>

#include "migration/version.h"

struct script;

enum marker {
	MARKER_NONE, /* an ordinary line */
	MARKER_UP,
	MARKER_DOWN,
	MARKER_BEGIN, /* of one statement, however many semicolons it has */
	MARKER_END,
	MARKER_OUTSIDE, /* of a transaction it is to run */
	MARKER_IGNORED,
	MARKER_REFUSED,
	MARKER_UNKNOWN,
};

struct marker_word {
	const char *text; /* "Up"; NULL behind the last */
	enum marker marker;
};

/* A line that is a comment. */
struct marker_line {
	size_t start;
	size_t end; /* after its newline */
	int number;
	const char *text; /* after its "--", without the end of the line */
	size_t size;
	bool indented;
};

#define MARKER_TOOLS_MAX 8
#define MARKER_WORDS_MAX 7

/* The markers of one tool. */
struct markers {
	const char *tool;
	const char *up; /* as in markers_up(); NULL: all before the first marker runs */
	const char *prefix;  /* after the "--" and blanks; "" for none */
	const char *outside; /* a word behind `up` that means MARKER_OUTSIDE, or NULL */
	enum version_order order; /* of the tool's versions */
	bool blanks;              /* there may be blanks between prefix and word */
	bool whole_line;          /* a word is a marker only if nothing follows it */
	bool up_first;    /* to the tool, a down marker before an up marker is an error */
	bool once;        /* so is a marker that is repeated or lacks its counterpart */
	bool reserved;    /* no ordinary comment begins with the prefix, so an unknown
			       word is an error in a file with markers of this tool */
	bool distinctive; /* that word alone shows that they are this tool's */
	bool ambiguous;   /* they may be ordinary comments, node_sqlite.h */

	/* Does the tool take the line for that word? */
	bool (*takes)(const struct marker_line *line, const char *word);
	struct marker_word words[MARKER_WORDS_MAX + 1];
};

/* The tool at that index; NULL behind the last. */
const struct markers *marker_tool(size_t i);

/* Goes to the next comment of a script, from all zero on; false if there is none. */
bool marker_next_comment(const struct script *script, struct marker_line *line);

/*
 * Returns what the line is among the markers of that tool. Where that is a word of it,
 * ret_word is set, else it becomes NULL; ret_taken says whether the tool itself takes the
 * line for it: without that it only looks so, which is asked of reserved prefixes alone
 * (down.h knows what looks like a marker of any other tool).
 */
enum marker marker_read(const struct markers *markers, const struct marker_line *line,
	const struct marker_word **ret_word, bool *ret_taken);

/* Does it say that the script runs outside of a transaction? */
bool marker_is_outside(const struct markers *markers, const struct marker_line *line);

/* Does it begin with the prefix of that tool? */
bool marker_has_prefix(const struct markers *markers, struct marker_line line);

#endif
