/* SPDX-License-Identifier: MIT */
/*
 * SQL as a sequence of tokens, as far as splitting needs them.
 *
 *	struct tokens tokens = {.text = text, .size = size, .line = 1};
 *	while ((type = tokens_next(&tokens)) != SQL_TOKEN_END)
 *		…	tokens.text[tokens.start] up to tokens.text[tokens.at]
 *
 * The lexical form is SQLite's, which has all quotes of the SQL standard, MySQL and SQL
 * Server. An engine whose SQL has others reads its tokens with a function of its own,
 * which is made of those at the end of this header.
 */
#ifndef MIGRATION_TOKENS_H
#define MIGRATION_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

/* A comment by which Drizzle ends a statement; what follows it on its line is SQL. */
#define SQL_BREAKPOINT "--> statement-breakpoint"

enum sql_token {
	SQL_TOKEN_END, /* of the text */
	SQL_TOKEN_SEMICOLON,
	SQL_TOKEN_WORD,     /* a keyword, a name without quotes, or a number */
	SQL_TOKEN_BREAK,    /* SQL_BREAKPOINT */
	SQL_TOKEN_OTHER,    /* a string, a quoted name, or one byte of punctuation */
	SQL_TOKEN_UNCLOSED, /* a quote or a comment that the end of the text cuts off */
};

struct tokens {
	const char *text;
	size_t size;
	size_t at; /* the end of the last token */
	int line;
	size_t line_start;
	unsigned state; /* of a function other than tokens_next(); 0 at the beginning */

	/* The last token. */
	size_t start;
	int start_line;
	int start_column;
};

/*
 * Continues at `at`, which must not be before tokens->at, as if the text ended at `end`.
 */
void tokens_seek(struct tokens *tokens, size_t at, size_t end);

/* Reads the next token and returns its type; skips white space and comments before it. */
enum sql_token tokens_next(struct tokens *tokens);

/* Is the last token this keyword, in whichever case of letters? */
bool tokens_is(const struct tokens *tokens, const char *keyword);

/* The same of the next token, which is read. */
bool tokens_next_is(struct tokens *tokens, const char *keyword);

/* Moves to `to`, which is not before tokens->at, and counts the lines in between. */
void tokens_advance(struct tokens *tokens, size_t to);

/* Begins a token at tokens->at. */
void tokens_begin(struct tokens *tokens);

/* Returns the position after the next `byte` from `from` on, or 0 if there is none. */
size_t tokens_after(const struct tokens *tokens, size_t from, char byte);

/* Is SQL_BREAKPOINT at this position? */
bool tokens_is_breakpoint(const struct tokens *tokens, size_t at);

#endif
