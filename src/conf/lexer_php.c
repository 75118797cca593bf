/* SPDX-License-Identifier: MIT */
/* PHP (7.3 and later): what is in <?php ?>, strings, here-documents, comments. */
#include <string.h>

#include "base/str.h"
#include "conf/lexer_internal.h"

/* HEADER is the line of a "<<<", which names the end of the here-document. */
enum mode { OUTSIDE, OPENING, CODE, STRING, LINE, BLOCK, HEADER, DOCUMENT };

/*
 * In a string and a document `run` is '$' in and right behind a variable's name, which
 * more letters would make another one, and '{' in {$…}.
 */

static bool is_word(char c)
{
	return str_is_alnum(c) || c == '_' || (c & 0x80);
}

static void enter(struct lexer *lexer, enum mode mode, const char *where)
{
	lexer->mode = (char)mode;
	lexer->run = 0;
	lexer_close(lexer, where);
}

static void enter_code(struct lexer *lexer)
{
	lexer->mode = CODE;
	lexer->run = 0;
	lexer_open(lexer, LEXER_BARE);
}

static void enter_string(struct lexer *lexer, char quote)
{
	lexer->mode = STRING;
	lexer->quote = quote;
	lexer->run = 0;
	lexer_open(lexer, quote == '"' ? LEXER_DOUBLE : LEXER_SINGLE);
	if (quote == '`')
		lexer_close(lexer, "a `…` command");
}

static void enter_comment(struct lexer *lexer, enum mode mode)
{
	lexer->mode = (char)mode;
	lexer_close_prose(lexer, "a comment");
}

/* "<?php" and white space, or "<?="; `word` is what was seen of it. */
static void in_opening(struct lexer *lexer, char c)
{
	static const char tag[] = "<?php";
	char lower = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;

	if (lexer->word_size == 2 && c == '=')
		enter_code(lexer);
	else if (lexer->word_size == 5 && str_is_space(c))
		enter_code(lexer);
	else if (lexer->word_size < 5 && lower == tag[lexer->word_size])
		lexer->word_size++;
	else if (lexer->word_size >= 2)
		lexer_lose(lexer, "a text behind a <? that is none of <?php and <?=");
	else if (c != '<')
		enter(lexer, OUTSIDE, LEXER_PHP_OUTSIDE);
}

/* A "#" is known by what is behind it. */
static void behind_hash(struct lexer *lexer, char c)
{
	if (c == '[')
		lexer_lose(lexer, "a text behind a #[, which PHP 7 takes for a comment");
	else if (c != '\n' && c != '\r')
		enter_comment(lexer, LINE);
}

static void in_code(struct lexer *lexer, char c)
{
	if (lexer->last == '#') {
		behind_hash(lexer, c);
	} else if (c == '"' || c == '\'' || c == '`') {
		enter_string(lexer, c);
	} else if (c == '>' && lexer->last == '?') {
		enter(lexer, OUTSIDE, LEXER_PHP_OUTSIDE);
	} else if (c == '/' && lexer->last == '/') {
		enter_comment(lexer, LINE);
	} else if (c == '*' && lexer->last == '/') {
		enter_comment(lexer, BLOCK);
	} else if (c == '<' && lexer->last == '<' && lexer->previous == '<') {
		enter(lexer, HEADER, "the first line of a here-document");
		lexer->quote = 0;
		lexer->word_size = 0;
	}
}

/* Follows variables: what it finds counts for values alone. */
static void in_variable(struct lexer *lexer, char c)
{
	if (c == '{' && lexer->last == '$') {
		lexer_lose(lexer, "a text behind a ${…} of PHP");
	} else if (lexer->run == '{') {
		if (c == '}')
			lexer->run = 0;
	} else if (c == '$') {
		lexer->run = lexer->last == '{' ? '{' : '$';
	} else if (lexer->run == '$' && !is_word(c) && !strchr("[]->?", c)) {
		lexer->run = 0;
	}
}

static void in_string(struct lexer *lexer, char c)
{
	bool nested = lexer->run == '{';

	if (!nested && lexer_take_escape(lexer, c))
		lexer->run = 0;
	else if (nested && (c == lexer->quote || c == '\\'))
		lexer_lose(lexer, "a text behind a quote in {$…}");
	else if (c == lexer->quote)
		enter_code(lexer);
	else if (lexer->quote != '\'')
		in_variable(lexer, c);
}

static void in_header(struct lexer *lexer, char c)
{
	bool quote = c == '"' || c == '\'';

	if (c == '\n' && lexer->word_size > 0) {
		enter(lexer, DOCUMENT, "a here-document");
		lexer->prose = true;
		lexer->column = 0;
	} else if (is_word(c) && lexer->word_size < LEXER_WORD_MAX && lexer->quote != 1) {
		lexer->word[lexer->word_size++] = c;
	} else if (quote && lexer->word_size > 0) {
		lexer->quote = 1;
	} else if (!quote && c != '\r' && (lexer->word_size || (c != ' ' && c != '\t'))) {
		lexer_lose(lexer, "a text behind a <<< that begins no here-document");
	}
}

/*
 * `column` is how much of the delimiter the line has, -1 where it is another line. A word
 * that goes on is none.
 */
static void in_document(struct lexer *lexer, char c)
{
	bool ends = lexer->column == (int)lexer->word_size;

	if (ends && !is_word(c)) {
		enter_code(lexer);
		lexer->last = ' ';
		in_code(lexer, c);
		return;
	}
	if (lexer->run != '{' && lexer_take_escape(lexer, c)) {
		lexer->run = 0;
		lexer->column = c == '\n' ? 0 : -1;
		return;
	}
	in_variable(lexer, c);
	if (c == '\n')
		lexer->column = 0;
	else if (lexer->column == 0 && (c == ' ' || c == '\t'))
		return;
	else if (!ends && lexer->column >= 0 && c == lexer->word[lexer->column])
		lexer->column++;
	else
		lexer->column = -1;
}

static void in_comment(struct lexer *lexer, char c)
{
	if (lexer->mode == BLOCK) {
		if (c == '/' && lexer->last == '*')
			enter_code(lexer);
	} else if (c == '\n' || c == '\r') {
		enter_code(lexer);
	} else if (c == '>' && lexer->last == '?') {
		enter(lexer, OUTSIDE, LEXER_PHP_OUTSIDE);
	}
}

static void take(struct lexer *lexer, char c)
{
	switch (lexer->mode) {
	case OUTSIDE:
		if (c == '<') {
			lexer->mode = OPENING;
			lexer->word_size = 1;
		}
		break;
	case OPENING:
		in_opening(lexer, c);
		break;
	case CODE:
		in_code(lexer, c);
		break;
	case STRING:
		in_string(lexer, c);
		break;
	case HEADER:
		in_header(lexer, c);
		break;
	case DOCUMENT:
		in_document(lexer, c);
		break;
	default:
		in_comment(lexer, c);
	}
}

/* A "=>" counts as a "=": a value may stand behind it. */
void lexer_php(struct lexer *lexer, char c)
{
	enum mode before = (enum mode)lexer->mode;

	take(lexer, c);
	if (before == CODE && c == '>' && lexer->last == '=')
		c = '=';
	lexer->previous = lexer->last;
	if (before == CODE && lexer->mode == BLOCK)
		c = 0;
	else if (before == BLOCK && lexer->mode == CODE)
		c = ' ';
	lexer->last = c;
}

void lexer_php_pass(struct lexer *lexer)
{
	if (lexer->mode == DOCUMENT)
		lexer->column = -1;
	if (lexer->mode == OPENING)
		lexer->mode = OUTSIDE;
	if (lexer->run == '$')
		lexer->run = 0;
}

const char *lexer_php_stops(const struct lexer *lexer)
{
	bool plain = !lexer->escaped && !lexer->tail && !lexer->run && lexer->last != '$';

	switch (lexer->mode) {
	case OUTSIDE:
		return "<";
	case CODE:
		return lexer->last == '#' ? NULL : "\"'`>/*<#";
	case STRING:
		return plain ? "\"'`\\$" : NULL;
	case DOCUMENT:
		return plain && lexer->column < 0 ? "\n\\$" : NULL;
	case LINE:
		return "\n\r>";
	case BLOCK:
		return "/";
	default:
		return NULL;
	}
}

bool lexer_php_refuses(const struct lexer *lexer, const char *value)
{
	switch (lexer->mode) {
	case STRING:
		return lexer->run != 0;
	case DOCUMENT:
		return lexer->run != 0 || lexer->column >= 0;
	case BLOCK:
		return lexer->last == '*' && *value == '/';
	case CODE:
		return lexer->last == '#';
	default:
		return lexer->mode == HEADER ||
			(lexer->mode == OPENING && lexer->word_size > 1);
	}
}
