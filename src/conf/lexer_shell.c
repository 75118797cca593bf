/* SPDX-License-Identifier: MIT */
/* The shell (POSIX.1-2017 XCU 2.2 to 2.7, and bash's $'…'). */
#include <string.h>

#include "base/str.h"
#include "conf/lexer_internal.h"

/*
 * What is open, innermost last. The byte of a frame is what opens it; '(' is a subshell
 * or $(…), 'A' is arithmetic, '{' is ${…}, '#' a comment, 'H' a here-document.
 */
static char top(const struct lexer *lexer)
{
	return lexer->depth ? lexer->stack[lexer->depth - 1] : 0;
}

/* The innermost frame names the place, but nothing is safe inside these three. */
static void settle(struct lexer *lexer)
{
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
	settle(lexer);
}

/* ---- here-documents: `mode` is how far the one of this line is known ---- */

enum mode { NO_DOCUMENT, DELIMITER, DELIMITER_ENDED };

static void in_delimiter(struct lexer *lexer, char c)
{
	if (strchr(" \t;&|()<>", c)) {
		if (lexer->quote)
			lexer_lose(lexer, "a text behind a here-document");
		else if (lexer->word_size > 1)
			lexer->mode = DELIMITER_ENDED;
	} else if (strchr("$`\\", c) || lexer->word_size + 1 == LEXER_WORD_MAX) {
		lexer_lose(lexer, "a text behind a here-document");
	} else if (strchr("'\"", c)) {
		lexer->quote = !lexer->quote;
	} else {
		/* "<<-" takes tabs off; word[0] says so */
		if (lexer->word_size == 1 && c == '-' && !lexer->word[0])
			lexer->word[0] = '-';
		else
			lexer->word[lexer->word_size++] = c;
	}
}

static void begin_document(struct lexer *lexer)
{
	if (lexer->mode != NO_DOCUMENT) {
		lexer_lose(lexer, "a text behind a second here-document");
		return;
	}
	lexer->mode = DELIMITER;
	lexer->quote = 0;
	lexer->word[0] = 0;
	lexer->word_size = 1;
}

/* `run` is where in the delimiter the line is; -1 where it is another line. */
static void in_document(struct lexer *lexer, char c)
{
	bool tab = c == '\t' && lexer->word[0] == '-' && lexer->last == '\n';

	if (c == '\n') {
		bool ends = (unsigned char)lexer->run == lexer->word_size;

		lexer->run = 1;
		if (ends) {
			lexer->mode = NO_DOCUMENT;
			lexer->run = 0;
			pop(lexer);
		}
	} else if (tab) {
		return; /* `last` stays: more tabs may come */
	} else if ((unsigned char)lexer->run < lexer->word_size &&
		c == lexer->word[(unsigned char)lexer->run]) {
		lexer->run++;
	} else {
		lexer->run = LEXER_WORD_MAX;
	}
	lexer->previous = lexer->last;
	lexer->last = c;
}

/* ---- words ---- */

static bool is_break(char c)
{
	return c && strchr(" \t\n;&|()<>", c);
}

/* `case` inside of (…) has unpaired parentheses. */
static void follow_case(struct lexer *lexer, char c)
{
	static const char word[] = "case";
	unsigned seen = (unsigned char)lexer->run;

	if (is_break(c)) {
		if (seen == 4 && lexer->depth)
			lexer_lose(lexer, "a text behind a `case` in (…)");
		lexer->run = 0;
	} else if (seen < 4 && c == word[seen]) {
		lexer->run++;
	} else {
		lexer->run = 5;
	}
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
	if (lexer->word_size < 2 || lexer->depth || lexer->quote) {
		lexer_lose(lexer, "a text behind a here-document");
		return;
	}
	push(lexer, 'H');
	lexer->run = 1;
}

static void in_bare(struct lexer *lexer, char c)
{
	follow_case(lexer, c);
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
		begin_document(lexer);
	else if (c == '<' && lexer->last == '<' && lexer->mode == DELIMITER)
		lexer->mode = NO_DOCUMENT; /* <<< */
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
		lexer_lose(lexer, "a text behind a ' in ${…}");
}

static void in_arithmetic(struct lexer *lexer, char c)
{
	if (c == '(')
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
		lexer->run = 5;
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
		in_document(lexer, c);
		return;
	}
	if (lexer->mode == DELIMITER && c != '\n' && c != '<') {
		in_delimiter(lexer, c);
	} else if (frame == '#') {
		if (c == '\n') {
			pop(lexer);
			in_bare(lexer, c);
		}
	} else if (frame == '\'') {
		if (c == '\'')
			pop(lexer);
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
	lexer->token_size = ends && !lexer->depth ? 0 : lexer->token_size + 1;
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
		return lexer->mode != DELIMITER && lexer->run == 5 && lexer->last != '$'
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
