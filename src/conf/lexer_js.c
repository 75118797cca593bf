/* SPDX-License-Identifier: MIT */
/* JavaScript: strings, templates, regular expressions, comments. */
#include <string.h>

#include "base/str.h"
#include "conf/lexer_internal.h"

/* SLASH is behind a "/" that may begin a comment, a regular expression, or divide. */
enum mode { CODE, STRING, TEMPLATE, LINE, BLOCK, SLASH, REGEX, REGEX_CLASS };

/*
 * `run` is the last byte of code that counts; these stand for more than one:
 *
 *	0	nothing yet
 *	'a'	a word, in `word`; `quote` is what stood before it
 *	']'	the end of any value
 *	'?'	"++" or "--", before or behind a value
 */
#define WORD  'a'
#define VALUE ']'
#define DOUBT '?'

static bool is_word(char c)
{
	return str_is_alnum(c) || c == '_' || c == '$' || (c & 0x80);
}

static void enter_code(struct lexer *lexer, char run)
{
	lexer->mode = CODE;
	lexer->run = run;
	lexer_open(lexer, LEXER_BARE);
}

static void enter(struct lexer *lexer, enum mode mode, const char *where)
{
	lexer->mode = (char)mode;
	lexer_close(lexer, where);
}

/* What is open: '{', or 'T' for the "${" of a template. */
static void push(struct lexer *lexer, char frame)
{
	if (lexer->depth == LEXER_DEPTH_MAX)
		lexer_lose(lexer, "a text that is nested too deep");
	else
		lexer->stack[lexer->depth++] = frame;
}

static void close_brace(struct lexer *lexer)
{
	lexer->run = '}';
	if (lexer->depth > 0 && lexer->stack[--lexer->depth] == 'T')
		enter(lexer, TEMPLATE, "a template literal");
}

static void in_word(struct lexer *lexer, char c)
{
	if (!is_word(lexer->last) || lexer->run != WORD) {
		lexer->quote = lexer->run;
		lexer->word_size = 0;
	}
	if (lexer->word_size < LEXER_WORD_MAX - 1)
		lexer->word[lexer->word_size++] = c;
	lexer->word[lexer->word_size] = '\0';
	lexer->run = WORD;
}

static void count(struct lexer *lexer, char c)
{
	bool twice = (c == '+' || c == '-') && c == lexer->last;

	if ((c == '-' && lexer->last == '-' && lexer->previous == '!') ||
		(c == '>' && lexer->last == '-' && lexer->previous == '-'))
		lexer_lose(lexer, "a text behind <!-- or -->");
	else if (!str_is_space(c))
		lexer->run = twice ? DOUBT : c;
}

static void in_code(struct lexer *lexer, char c)
{
	if (is_word(c)) {
		in_word(lexer, c);
	} else if (c == '"' || c == '\'') {
		lexer->mode = STRING;
		lexer->quote = c;
		lexer_open(lexer, c == '"' ? LEXER_DOUBLE : LEXER_SINGLE);
	} else if (c == '`') {
		enter(lexer, TEMPLATE, "a template literal");
	} else if (c == '/') {
		enter(lexer, SLASH, "what may begin a comment");
	} else if (c == '!' && lexer->last == '#' && lexer->run == '#' && !lexer->quote) {
		lexer->mode = LINE;
		lexer_close_prose(lexer, "a comment");
	} else if (c == '}') {
		close_brace(lexer);
	} else {
		if (c == '{')
			push(lexer, c);
		count(lexer, c);
	}
}

static bool begins_regex(struct lexer *lexer)
{
	static const char *const words[] = {"return", "typeof", "case", "in", "of", "do",
		"else", "delete", "void", "throw", "new", "instanceof", "yield", "await",
		NULL};

	if (lexer->run == ')' || lexer->run == '}' || lexer->run == DOUBT) {
		lexer_lose(lexer, "a text behind a / that may divide");
		return false;
	}
	if (lexer->run != WORD)
		return lexer->run != VALUE;
	for (size_t i = 0; words[i] && lexer->quote != '.'; i++)
		if (str_equal(words[i], lexer->word))
			return true;
	return false;
}

static void in_regex(struct lexer *lexer, char c)
{
	if (c == '\n' || c == '\r')
		lexer_lose(lexer, "a regular expression that was not closed on its line");
	else if (lexer_take_escape(lexer, c))
		return;
	else if (c == '[')
		lexer->mode = REGEX_CLASS;
	else if (c == ']')
		lexer->mode = REGEX;
	else if (c == '/' && lexer->mode == REGEX)
		enter_code(lexer, VALUE);
}

static void behind_slash(struct lexer *lexer, char c)
{
	if (c == '/' || c == '*') {
		lexer->mode = c == '/' ? LINE : BLOCK;
		lexer_close_prose(lexer, "a comment");
	} else if (begins_regex(lexer)) {
		enter(lexer, REGEX, "a regular expression");
		in_regex(lexer, c);
	} else if (!lexer->lost) {
		enter_code(lexer, '/');
		in_code(lexer, c);
	}
}

static void in_string(struct lexer *lexer, char c)
{
	if (lexer_take_escape(lexer, c))
		return;
	if (c == lexer->quote)
		enter_code(lexer, VALUE);
	else if (c == '\n' || c == '\r')
		lexer_lose(lexer, "a string that was not closed on its line");
}

static void in_template(struct lexer *lexer, char c)
{
	if (lexer_take_escape(lexer, c))
		return;
	if (c == '`') {
		enter_code(lexer, VALUE);
	} else if (c == '{' && lexer->last == '$') {
		push(lexer, 'T');
		if (!lexer->lost)
			enter_code(lexer, '{');
	}
}

/* U+2028 and U+2029 end a line, too. */
static bool ends_line(const struct lexer *lexer, char c)
{
	return c == '\n' || c == '\r' ||
		(lexer->previous == (char)0xe2 && lexer->last == (char)0x80 &&
			(c == (char)0xa8 || c == (char)0xa9));
}

static void take(struct lexer *lexer, char c)
{
	switch (lexer->mode) {
	case CODE:
		in_code(lexer, c);
		break;
	case STRING:
		in_string(lexer, c);
		break;
	case TEMPLATE:
		in_template(lexer, c);
		break;
	case LINE:
		if (ends_line(lexer, c))
			enter_code(lexer, lexer->run);
		break;
	case BLOCK:
		if (c == '/' && lexer->last == '*')
			enter_code(lexer, lexer->run);
		break;
	case SLASH:
		behind_slash(lexer, c);
		break;
	default:
		in_regex(lexer, c);
	}
}

/* What ends or begins a comment has no part in what follows, nor has an escape. */
void lexer_js(struct lexer *lexer, char c)
{
	enum mode before = (enum mode)lexer->mode;
	bool escape = before == TEMPLATE && (lexer->escaped || c == '\\');

	take(lexer, c);
	lexer->previous = lexer->last;
	if ((before == SLASH && lexer->mode == BLOCK) || escape)
		c = 0;
	else if (before == BLOCK && lexer->mode == CODE)
		c = ' ';
	lexer->last = c;
}

void lexer_js_pass(struct lexer *lexer)
{
	if (lexer->mode == CODE)
		lexer->run = VALUE;
}

const char *lexer_js_stops(const struct lexer *lexer)
{
	bool plain = !lexer->escaped && !lexer->tail;

	switch (lexer->mode) {
	case STRING:
		return plain ? "\"'\\\n\r" : NULL;
	case TEMPLATE:
		return plain ? "`\\{" : NULL;
	case LINE:
		return "\n\r\xa8\xa9";
	case BLOCK:
		return "/";
	default:
		return NULL;
	}
}

/* A safe value may begin with what ends a comment. */
bool lexer_js_refuses(const struct lexer *lexer, const char *value)
{
	return lexer->mode == SLASH ||
		(lexer->mode == BLOCK && lexer->last == '*' && *value == '/');
}
