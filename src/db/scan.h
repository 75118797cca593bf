/* SPDX-License-Identifier: MIT */
/*
 * SQL as a row of tokens: as much of its lexical form as cutting needs. White space and
 * comments are passed over. See "SQL As Understood By SQLite", tokens.
 */
#ifndef DB_SCAN_H
#define DB_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum token {
	TOKEN_END,
	TOKEN_SEMICOLON,
	TOKEN_WORD,     /* a keyword, a name without quotes, or a number */
	TOKEN_OTHER,    /* a quoted thing, or one byte of punctuation */
	TOKEN_UNCLOSED, /* a quote or a comment that the end of the text cuts off */
};

struct scan {
	const char *text;
	size_t size;
	size_t at; /* behind the last token */
	int line;
	size_t line_start;

	/* The last token. */
	size_t start;
	int start_line;
	int start_column;
};

#define SCAN_INIT(t, s) \
	{ \
		.text = (t), .size = (s), .line = 1 \
	}

/* Goes on to read from `at`, which is not behind us, as if the text ended at `end`. */
void scan_seek(struct scan *scan, size_t at, size_t end);

enum token scan_next(struct scan *scan);

#endif
