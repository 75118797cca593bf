/* SPDX-License-Identifier: MIT */
/*
 * PostgreSQL's SQL as a sequence of tokens (migration/tokens.h): chapter 4.1, "Lexical
 * Structure", of its documentation, with standard_conforming_strings on.
 *
 * Beyond what SQLite has: E'…' with backslashes, also where it continues on another line;
 * $tag$…$tag$; comments in comments; comments that end at a carriage return.
 *
 * What only psql reads is one token, so that it can be reported: a backslash outside of
 * quotes, and what follows it on its line. The rows behind COPY … FROM STDIN, up to the
 * line `\.` or the end of the text, are skipped.
 */
#ifndef PG_LEXER_H
#define PG_LEXER_H

#include "migration/tokens.h"

/* Reads the next token and returns its type; skips white space and comments before it. */
enum sql_token pg_lexer_next(struct tokens *tokens);

#endif
