/* SPDX-License-Identifier: MIT */
/* The shell (POSIX.1-2017 XCU 2.2 to 2.7, and bash's $'…'). */
#include <string.h>

#include "base/str.h"
#include "conf/lexer_internal.h"
#include "conf/lexer_shell_document.h"

/*
 * What is open, innermost last. The byte of a frame is what opens it; '(' is a subshell
 * or $(…), 'A' is arithmetic, '{' is ${…}, 'D' a '…' in it, '#' a comment, 'H' a
 * here-document.
 */
static char top(const struct lexer *lexer)
{
	return lexer->depth ? lexer->stack[lexer->depth - 1] : 0;
}

/* The innermost frame names the place, but nothing is safe inside these three. */
static void settle(struct lexer *lexer)
{
	if (lexer->lost)
		return;
	lexer->place = top(lexer) == '"' ? LEXER_DOUBLE
		: top(lexer) == '\''     ? LEXER_SINGLE
					 : LEXER_BARE;
	for (unsigned i = 0; i < lexer->depth; i++) {
		switch (lexer->stack[i]) {
		case '`':
			lexer_close(lexer, "a `…` command");
			break;
		case 'A':
			lexer_close(lexer, "an arithmetic expression");
			break;
		case '{':
			lexer_close(lexer, "a parameter's ${…}");
			break;
		case '#':
			lexer_close(lexer, "a comment");
			break;
		case 'H':
			lexer_close(lexer, "a here-document");
			break;
		case '$':
			lexer_close(lexer, "a $'…' string");
			break;
		}
	}
}

static void push(struct lexer *lexer, char frame)
{
	if (lexer->depth == LEXER_DEPTH_MAX) {
		lexer_lose(lexer, "a text that is nested too deep");
		return;
	}
	lexer->stack[lexer->depth++] = frame;
	settle(lexer);
}

static void pop(struct lexer *lexer)
{
	lexer->depth--;
	if (lexer->mode != NO_DOCUMENT && lexer->depth < lexer->begun)
		lexer_lose(lexer, "a text behind a here-document");
	settle(lexer);
}

/* ---- words ---- */

static bool is_break(char c)
{
	return c && strchr(" \t\n;&|()<>", c);
}

/* `run` of a word: how much of `case` it is, or that of these; at last no more of any. */
enum { CASE = 4, NO_WORD_OF_THESE, OPENS, OPENS_TEST, CLOSES, CLOSES_TEST };

static char go_on(char run, char c)
{
	static const char word[] = "case";

	if (run < CASE && c == word[(unsigned char)run])
		return (char)(run + 1);
	if (c == '[' && (run == 0 || run == OPENS))
		return run ? OPENS_TEST : OPENS;
	if (c == ']' && (run == 0 || run == CLOSES))
		return run ? CLOSES_TEST : CLOSES;
	return NO_WORD_OF_THESE;
}

/* `case` inside of (…) has unpaired parentheses; [[ … ]] may have line ends. */
static void follow_word(struct lexer *lexer, char c)
{
	bool ends = is_break(c);

	if (ends && lexer->run == CASE && lexer->depth)
		lexer_lose(lexer, "a text behind a `case` in (…)");
	else if (ends && (lexer->run == OPENS_TEST || lexer->run == CLOSES_TEST))
		lexer->test = lexer->run == OPENS_TEST;
	lexer->run = ends ? 0 : go_on(lexer->run, c);
}

static void open_paren(struct lexer *lexer)
{
	bool twice = lexer->last == '(' && top(lexer) == '(';

	if (twice)
		lexer->stack[lexer->depth - 1] = 'A';
	push(lexer, twice ? 'A' : '(');
}

static void in_dollar(struct lexer *lexer, char c)
{
	if (c == '(')
		push(lexer, '(');
	else if (c == '{')
		push(lexer, '{');
}

static void new_line(struct lexer *lexer)
{
	if (lexer->mode == NO_DOCUMENT)
		return;
	if (lexer->word_size < 2 || lexer->depth != lexer->begun || lexer->quote) {
		lexer_lose(lexer, "a text behind a here-document");
		return;
	}
	push(lexer, 'H');
	lexer->run = 1;
}

static void in_bare(struct lexer *lexer, char c)
{
	follow_word(lexer, c);
	if (lexer->lost)
		return;
	if (c == '\n')
		new_line(lexer);
	else if (c == '#' && is_break(lexer->last))
		push(lexer, '#');
	else if (c == '\'' && lexer->last == '$')
		push(lexer, '$');
	else if (c == '\'' || c == '"' || c == '`')
		push(lexer, c);
	else if (lexer->last == '$' && (c == '(' || c == '{'))
		in_dollar(lexer, c);
	else if (c == '(')
		open_paren(lexer);
	else if (c == ')' && top(lexer) == '(')
		pop(lexer);
	else if (c == '<' && lexer->last == '<' && lexer->previous != '<')
		lexer_document_begin(lexer);
	else if (c == '<' && lexer->last == '<' && lexer->mode == DELIMITER)
		lexer->mode = NO_DOCUMENT; /* <<< */
}

/* In a '…' of ${…}, which some shells read as quotes, others as it stands. */
static void in_doubtful(struct lexer *lexer, char c)
{
	if (c == '\'')
		pop(lexer);
	else if (strchr("{}()\"\\`$\n", c))
		lexer_lose(lexer, "a text behind a ' in ${…}");
}

/* In ${…}: quotes in it are read by shells in more than one way. */
static void in_parameter(struct lexer *lexer, char c)
{
	if (c == '}')
		pop(lexer);
	else if (lexer->last == '$' && (c == '(' || c == '{'))
		in_dollar(lexer, c);
	else if (c == '"' || c == '`')
		push(lexer, c);
	else if (c == '\'')
		push(lexer, 'D');
}

static void in_arithmetic(struct lexer *lexer, char c)
{
	if (lexer->last == '$' && (c == '(' || c == '{'))
		in_dollar(lexer, c);
	else if (c == '(')
		push(lexer, 'A');
	else if (c == ')')
		pop(lexer);
	else if (c == '\'' || c == '"' || c == '`' || c == '#')
		lexer_lose(lexer, "a text behind a quote in an arithmetic expression");
}

static void in_double(struct lexer *lexer, char c)
{
	if (c == '"')
		pop(lexer);
	else if (c == '`')
		push(lexer, c);
	else if (c == '}' && lexer->depth > 1 && lexer->stack[lexer->depth - 2] == '{')
		lexer_lose(lexer, "a text behind a } in quotes in ${…}");
	else if (lexer->last == '$')
		in_dollar(lexer, c);
}

static void in_frame(struct lexer *lexer, char c)
{
	switch (top(lexer)) {
	case '"':
		in_double(lexer, c);
		break;
	case '{':
		in_parameter(lexer, c);
		break;
	case 'A':
		in_arithmetic(lexer, c);
		break;
	case '`':
		if (c == '`')
			pop(lexer);
		break;
	default:
		in_bare(lexer, c);
	}
}

/* A backslash that is followed by a newline is nothing at all. */
static bool take_backslash(struct lexer *lexer, char c)
{
	if (lexer->escaped) {
		lexer->escaped = false;
		if (c == '\n' && top(lexer) != '$')
			return true;
		if (c == '\'' && top(lexer) == '$')
			lexer_lose(lexer, "a text behind a \\' in $'…'");
		lexer->run = NO_WORD_OF_THESE;
		lexer->previous = lexer->last = 'x';
		return true;
	}
	lexer->escaped = c == '\\';
	return lexer->escaped;
}

static void take(struct lexer *lexer, char c)
{
	char frame = top(lexer);

	if (frame == 'H') {
		if (lexer_document_take(lexer, c))
			pop(lexer);
		return;
	}
	if (lexer->mode == DELIMITER && c != '\n' && c != '<') {
		lexer_document_delimiter(lexer, c);
	} else if (frame == '#') {
		if (c == '\n') {
			pop(lexer);
			in_bare(lexer, c);
		}
	} else if (frame == '\'') {
		if (c == '\'')
			pop(lexer);
	} else if (frame == 'D') {
		in_doubtful(lexer, c);
	} else if (take_backslash(lexer, c)) {
		return;
	} else if (frame == '$') {
		if (c == '\'')
			pop(lexer);
	} else {
		in_frame(lexer, c);
	}
	lexer->previous = lexer->last;
	lexer->last = c;
}

void lexer_shell(struct lexer *lexer, char c)
{
	bool ends = c == '\n' && !lexer->escaped;

	take(lexer, c);
	lexer->token_size =
		ends && !lexer->depth && !lexer->test ? 0 : lexer->token_size + 1;
}

void lexer_shell_pass(struct lexer *lexer)
{
	lexer->run = LEXER_WORD_MAX; /* neither `case` nor the end of a document */
	if (lexer->mode == DELIMITER && top(lexer) != 'H')
		lexer_lose(lexer, "a text behind a here-document");
}

/* In a word that is not `case`, or in what holds nothing but its end. */
const char *lexer_shell_stops(const struct lexer *lexer)
{
	if (lexer->escaped)
		return NULL;
	switch (top(lexer)) {
	case 'H':
		return lexer->run == LEXER_WORD_MAX ? "\n" : NULL;
	case '#':
		return lexer->mode == DELIMITER ? NULL : "\n";
	case '\'':
		return lexer->mode == DELIMITER ? NULL : "'";
	case '$':
		return lexer->mode == DELIMITER ? NULL : "'\\";
	case '"':
		return lexer->mode == DELIMITER || lexer->last == '$' ? NULL : "\"\\`$}";
	case 0:
	case '(':
		return lexer->mode != DELIMITER && lexer->run == NO_WORD_OF_THESE &&
				lexer->last != '$'
			? " \t\n;&|()<>#'\"`$\\"
			: NULL;
	default:
		return NULL;
	}
}

/* By itself a word is a variable there, 010 is 8, and "--" counts down. */
static bool is_operand(const struct lexer *lexer, const char *value)
{
	bool part = str_is_alnum(lexer->last) || lexer->last == '_';

	if (part) {
		while (str_is_alnum(*value) || *value == '_')
			value++;
		return !*value;
	}
	value += *value == '-' && lexer->last != '-';
	return str_is_digit(*value) && !value[str_digits(value)] &&
		(*value != '0' || !value[1]);
}

bool lexer_shell_refuses(const struct lexer *lexer, const char *value)
{
	char delimiter[LEXER_WORD_MAX + 1] = "";

	if (top(lexer) == 'A')
		return *value && !is_operand(lexer, value);
	if (top(lexer) != 'H')
		return false;
	memcpy(delimiter, lexer->word + 1, lexer->word_size - 1);
	return strstr(delimiter, value);
}
