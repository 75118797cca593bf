/* SPDX-License-Identifier: MIT */
/* Lua (5.1 to 5.4): strings, long brackets, comments. */
#include <string.h>

#include "conf/lexer_internal.h"

/*
 * OPENING is behind a "[" that may begin a long bracket, COMMENT behind a "--" that may,
 * COMMENT_OPENING behind both. `depth` is the level of a long bracket, `run` how much of
 * its end was seen.
 */
enum mode { CODE, STRING, LINE, OPENING, COMMENT, COMMENT_OPENING, LONG };

#define LEVEL_MAX 100

static void enter_code(struct lexer *lexer)
{
	lexer->mode = CODE;
	lexer_open(lexer, LEXER_BARE);
}

static void enter_line(struct lexer *lexer, char c)
{
	lexer->mode = LINE;
	lexer_close_prose(lexer, "a comment");
	if (c == '\n')
		enter_code(lexer);
}

static void enter_opening(struct lexer *lexer, enum mode mode)
{
	lexer->mode = (char)mode;
	lexer->depth = 0;
}

static void in_code(struct lexer *lexer, char c)
{
	if (c == '"' || c == '\'') {
		lexer->mode = STRING;
		lexer->quote = c;
		lexer_open(lexer, c == '"' ? LEXER_DOUBLE : LEXER_SINGLE);
	} else if (c == '-' && lexer->last == '-') {
		lexer->mode = COMMENT;
		lexer_close_prose(lexer, "a comment");
	} else if (c == '[') {
		enter_opening(lexer, OPENING);
	}
}

static void in_string(struct lexer *lexer, char c)
{
	if (lexer_take_escape(lexer, c))
		return;
	if (c == lexer->quote)
		enter_code(lexer);
	else if (c == '\n')
		lexer_lose(lexer, "a string that was not closed on its line");
}

static void in_opening(struct lexer *lexer, char c)
{
	bool comment = lexer->mode == COMMENT_OPENING;

	if (c == '=') {
		lexer_close(lexer, "what may begin a long bracket");
		if (++lexer->depth > LEVEL_MAX)
			lexer_lose(lexer, "a long bracket");
	} else if (c == '[') {
		lexer->mode = LONG;
		lexer->run = 0;
		lexer_close_prose(lexer, comment ? "a comment" : "a [[…]] string");
	} else if (comment) {
		enter_line(lexer, c);
	} else {
		enter_code(lexer);
		in_code(lexer, c);
	}
}

static void in_long(struct lexer *lexer, char c)
{
	unsigned seen = (unsigned char)lexer->run;

	if (c == ']' && seen == lexer->depth + 1)
		enter_code(lexer);
	else if (c == ']')
		lexer->run = 1;
	else
		lexer->run = c == '=' && seen > 0 && seen <= lexer->depth
			? (char)(seen + 1)
			: 0;
}

void lexer_lua(struct lexer *lexer, char c)
{
	switch (lexer->mode) {
	case CODE:
		in_code(lexer, c);
		break;
	case STRING:
		in_string(lexer, c);
		break;
	case COMMENT:
		if (c == '[')
			enter_opening(lexer, COMMENT_OPENING);
		else
			enter_line(lexer, c);
		break;
	case LONG:
		in_long(lexer, c);
		break;
	case LINE:
		if (c == '\n')
			enter_code(lexer);
		break;
	default:
		in_opening(lexer, c);
	}
	lexer->last = c;
}

void lexer_lua_pass(struct lexer *lexer)
{
	lexer->run = 0;
	if (lexer->mode == COMMENT || lexer->mode == COMMENT_OPENING)
		lexer->mode = LINE;
	else if (lexer->mode == OPENING)
		lexer->mode = CODE;
}

const char *lexer_lua_stops(const struct lexer *lexer)
{
	switch (lexer->mode) {
	case CODE:
		return "\"'-[";
	case STRING:
		return lexer->escaped || lexer->tail ? NULL : "\"'\\\n";
	case LINE:
		return "\n";
	case LONG:
		return lexer->run ? NULL : "]";
	default:
		return NULL;
	}
}

bool lexer_lua_refuses(const struct lexer *lexer, const char *value)
{
	(void)value;
	return (lexer->mode == OPENING || lexer->mode == COMMENT_OPENING) &&
		lexer->depth > 0;
}
