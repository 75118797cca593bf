/* SPDX-License-Identifier: MIT */
/* Languages of one value a line: ini, properties, env. */
#include <string.h>

#include "base/str.h"
#include "conf/lexer_internal.h"

enum mode { START, KEY, VALUE, COMMENT, SECTION };

static const char *separators(const struct lexer *lexer)
{
	return lexer->language == LEXER_PROPERTIES ? "=: \t"
		: lexer->language == LEXER_INI     ? "=:"
						   : "=";
}

/* The first byte of a line that is no white space. */
static void in_start(struct lexer *lexer, char c)
{
	const char *comments = lexer->language == LEXER_PROPERTIES ? "#!" : "#;";

	if (str_is_space(c))
		return;
	if (strchr(comments, c)) {
		lexer->mode = COMMENT;
		lexer_close(lexer, "a comment");
	} else if (c == '[' && lexer->language == LEXER_INI) {
		lexer->mode = SECTION;
		lexer_close(lexer, "the name of a section");
	} else {
		lexer->mode = KEY;
	}
}

static void end_line(struct lexer *lexer)
{
	if (lexer->escaped)
		lexer_lose(lexer, "a text behind a line that goes on");
	lexer->mode = START;
	lexer->quote = 0;
	lexer_close(lexer, "a key");
}

/* A quote counts at the beginning of a value alone. */
static void in_value(struct lexer *lexer, char c)
{
	if (lexer->escaped) {
		lexer->escaped = false;
	} else if (c == '\\') {
		lexer->escaped = true;
	} else if (lexer->quote == 0 && lexer->language != LEXER_PROPERTIES &&
		(c == '"' || c == '\'')) {
		lexer->quote = c;
		lexer->place = c == '"' ? LEXER_DOUBLE : LEXER_SINGLE;
	} else if (lexer->quote == 0 && lexer->language == LEXER_INI && c == '`') {
		lexer->quote = c;
		lexer->place = LEXER_BACKQUOTE;
	} else if (lexer->quote == c) {
		lexer->quote = 1;
		lexer_close(lexer, "a text behind a quoted one");
	} else if (lexer->quote == 0 && !str_is_space(c)) {
		lexer->quote = 1;
	}
}

void lexer_line(struct lexer *lexer, char c)
{
	if (c == '\n') {
		end_line(lexer);
	} else if (lexer->mode == VALUE) {
		in_value(lexer, c);
	} else if (lexer->mode == KEY && strchr(separators(lexer), c)) {
		lexer->mode = VALUE;
		lexer->place = LEXER_BARE;
		lexer->quote = 0;
	} else if (lexer->mode == START) {
		in_start(lexer, c);
	}
	if (lexer->mode == KEY && c == '\\')
		lexer_lose(lexer, "a text behind a key with a backslash");
	lexer->last = c;
}

void lexer_line_pass(struct lexer *lexer)
{
	if (lexer->mode == START)
		lexer->mode = KEY;
	if (lexer->mode == VALUE && !lexer->quote)
		lexer->quote = 1; /* of no meaning behind something else */
}

const char *lexer_line_stops(const struct lexer *lexer)
{
	switch (lexer->mode) {
	case KEY:
		return "=: \t\\\n";
	case VALUE:
		return lexer->escaped || !lexer->quote ? NULL : "\"'`\\\n";
	case START:
		return NULL;
	default:
		return "\n";
	}
}
