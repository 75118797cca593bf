/* SPDX-License-Identifier: MIT */
/* Languages of tokens, quoted strings and comments: JSON, TOML, SQL, nginx. */
#include <string.h>

#include "base/str.h"
#include "conf/lexer_internal.h"

enum mode { CODE, STRING, TRIPLE, LINE, BLOCK };

/* A string of `'` or `"`; the other places of its quote are the callers'. */
static void enter_string(struct lexer *lexer, char quote)
{
	lexer->mode = STRING;
	lexer->quote = quote;
	lexer->place = quote == '"' ? LEXER_DOUBLE : LEXER_SINGLE;
}

static void enter_code(struct lexer *lexer)
{
	lexer->mode = CODE;
	lexer->place = LEXER_BARE;
	lexer->closed = NULL;
}

static void enter_comment(struct lexer *lexer, enum mode mode)
{
	lexer->mode = (char)mode;
	lexer_close(lexer, "a comment");
}

static bool has_backslash(const struct lexer *lexer)
{
	return lexer->language == LEXER_JSON || lexer->language == LEXER_NGINX ||
		(lexer->language == LEXER_TOML && lexer->quote == '"');
}

/*
 * `run` counts the quotes of an empty string that has just ended (2), or those in a row
 * at what may be the end of one of three.
 */
static void in_string(struct lexer *lexer, char c)
{
	bool one_line = lexer->language == LEXER_JSON || lexer->language == LEXER_TOML;

	if (has_backslash(lexer) && lexer_take_escape(lexer, c)) {
		/* A part of an escape ends nothing. */
	} else if (c == lexer->quote) {
		lexer->run = lexer->run == 1 ? 2 : 0;
		enter_code(lexer);
		return;
	} else if (c == '\n' && one_line) {
		lexer_lose(lexer, "a string that was not closed on its line");
	}
	lexer->run = 0;
}

static void in_triple(struct lexer *lexer, char c)
{
	if (lexer->quote == '"' && lexer_take_escape(lexer, c)) {
		/* A part of an escape ends nothing. */
	} else if (c == lexer->quote) {
		if (++lexer->run == 3)
			enter_code(lexer);
		return;
	}
	lexer->run = 0;
}

static void enter_triple(struct lexer *lexer, char quote)
{
	lexer->mode = TRIPLE;
	lexer->quote = quote;
	lexer->run = 0;
	if (quote == '"')
		lexer->place = LEXER_DOUBLE;
	else
		lexer_close(lexer, "a '''…''' string");
}

/* What stands in code, by language. */
static void in_json(struct lexer *lexer, char c)
{
	if (c == '"') {
		enter_string(lexer, c);
		lexer->filled = false;
	} else if (c == ':') {
		lexer->keyed |= lexer->filled;
	} else if (c == '\'' || c == '/' || c == '#') {
		lexer_lose(lexer, "a text that is not JSON");
	}
}

static void end_toml_line(struct lexer *lexer)
{
	lexer->key |= lexer->depth == 0;
}

/* `stack` has the brackets of a value; those of a table's name are a part of its key. */
static void toml_key(struct lexer *lexer, char c)
{
	if (c == '\n') {
		end_toml_line(lexer);
	} else if (c == '=') {
		lexer->key = false;
	} else if (c == '{' || (c == '[' && !lexer->key)) {
		lexer->key = c == '{';
		if (lexer->depth == LEXER_DEPTH_MAX)
			lexer_lose(lexer, "a text that is nested too deep");
		else
			lexer->stack[lexer->depth++] = c;
	} else if ((c == ']' || c == '}') && lexer->depth) {
		lexer->depth--;
		lexer->key = false;
	} else if (c == ',') {
		lexer->key = lexer->depth && lexer->stack[lexer->depth - 1] == '{';
	}
}

static void in_toml(struct lexer *lexer, char c)
{
	toml_key(lexer, c);
	if (c == '#') {
		enter_comment(lexer, LINE);
	} else if (c == '"' || c == '\'') {
		if (lexer->run == 2 && c == lexer->last)
			enter_triple(lexer, c);
		else if (lexer->run == 3)
			lexer_lose(lexer, "a text behind more than three quotes");
		else
			enter_string(lexer, c);
		lexer->run = lexer->mode == STRING;
		return;
	}
	lexer->run = 0;
}

/* E'…' and its kin; a quote behind any other letter is in doubt ([it's]). */
static void sql_quote(struct lexer *lexer, char c)
{
	bool alone = !str_is_alnum(lexer->previous) && lexer->previous != '_' &&
		lexer->previous != '&';

	if (!str_is_alnum(lexer->last) && lexer->last != '_' && lexer->last != '&') {
		enter_string(lexer, c);
	} else if (c == '\'' && alone && strchr("eE", lexer->last)) {
		/* Backslashes count in what continues it, too. */
		lexer_lose(lexer, "an E'…' string, or behind it");
	} else if (c == '\'' && alone && strchr("xXbBnN", lexer->last)) {
		enter_string(lexer, c);
		lexer_close(lexer, "a string with a prefix");
	} else {
		lexer_lose(lexer, "a text behind a quote inside a word");
	}
}

/*
 * Up to its end, a line is the client's from a backslash on (psql), or if it begins with
 * a dot (sqlite3). Its words and quotes are not those of SQL, and some run programs.
 */
static bool begins_command(const struct lexer *lexer, char c)
{
	return c == '\\' || (c == '.' && (lexer->last == '\n' || lexer->last == '\r'));
}

static void in_sql(struct lexer *lexer, char c)
{
	bool quote = c == '\'' || c == '"' || c == '`';

	if (quote && lexer->run == '[') {
		lexer_lose(lexer, "a text behind a quote in […]");
	} else if (c == '\'' || c == '"') {
		sql_quote(lexer, c);
	} else if (c == '`') {
		enter_string(lexer, c);
		lexer_close(lexer, "a `…` name");
	} else if (begins_command(lexer, c)) {
		lexer->mode = LINE;
		lexer_close(lexer, "a command of the client (\\… of psql, .… of sqlite)");
	} else if (c == '-' && lexer->last == '-') {
		enter_comment(lexer, LINE);
	} else if (c == '*' && lexer->last == '/') {
		enter_comment(lexer, BLOCK);
	} else if (lexer->last == '$' &&
		(c == '$' || c == '_' || (str_is_alnum(c) && !str_is_digit(c)))) {
		lexer_lose(lexer, "a text behind a dollar quote");
	} else if (c == '[' && !str_is_alnum(lexer->last)) {
		lexer->run = '[';
	} else if (c == ']') {
		lexer->run = 0;
	}
}

/* Lua blocks are another language. */
static void nginx_word(struct lexer *lexer, char c)
{
	static const char block[] = "lua_block";

	if (c != block[(int)lexer->run])
		lexer->run = c == block[0];
	else if (!block[(int)++lexer->run])
		lexer_lose(lexer, "a text behind a Lua block");
}

static void in_nginx(struct lexer *lexer, char c)
{
	bool begins = lexer->last && strchr(NGINX_ENDS, lexer->last);

	if (begins && c == '#' && !lexer->escaped) {
		enter_comment(lexer, LINE);
	} else if (lexer->escaped) {
		lexer->escaped = false;
	} else {
		lexer->escaped = c == '\\';
		lexer_nginx(lexer, c);
		if (begins && (c == '"' || c == '\''))
			enter_string(lexer, c);
	}
	nginx_word(lexer, c);
}

static void in_code(struct lexer *lexer, char c)
{
	switch (lexer->language) {
	case LEXER_JSON:
		in_json(lexer, c);
		break;
	case LEXER_TOML:
		in_toml(lexer, c);
		break;
	case LEXER_SQL:
		in_sql(lexer, c);
		break;
	default:
		in_nginx(lexer, c);
	}
}

static void in_block(struct lexer *lexer, char c)
{
	if (lexer->last == '/' && c == '*')
		lexer_lose(lexer, "a text behind a comment in a comment");
	else if (lexer->last == '*' && c == '/')
		enter_code(lexer);
}

void lexer_quotes(struct lexer *lexer, char c)
{
	bool was_block = lexer->mode == BLOCK;

	switch (lexer->mode) {
	case CODE:
		in_code(lexer, c);
		break;
	case STRING:
		in_string(lexer, c);
		break;
	case TRIPLE:
		in_triple(lexer, c);
		break;
	case BLOCK:
		in_block(lexer, c);
		break;
	default:
		if (c != '\n' && (c != '\r' || lexer->language != LEXER_SQL))
			break;
		enter_code(lexer);
		if (lexer->language == LEXER_TOML)
			end_toml_line(lexer);
	}
	lexer->previous = lexer->last;
	lexer->last = was_block && lexer->mode == CODE ? ' '
		: lexer->mode == BLOCK && !was_block   ? 0
						       : c;
	if (lexer->language == LEXER_NGINX)
		lexer->token_size++;
}

void lexer_quotes_pass(struct lexer *lexer)
{
	if (lexer->run != '[')
		lexer->run = 0;
	if (lexer->language == LEXER_NGINX && lexer->mode == CODE)
		lexer_nginx_pass(lexer);
}

static const char *code_stops(enum lexer_language language)
{
	switch (language) {
	case LEXER_JSON:
		return "\"'/#:";
	case LEXER_TOML:
		return "\"'#[]{}=,\n";
	case LEXER_SQL:
		return "\"'`*-$[]\\.";
	default:
		return "\"'\\#l;{}";
	}
}

const char *lexer_quotes_stops(const struct lexer *lexer)
{
	bool sql = lexer->language == LEXER_SQL;
	bool first = lexer->language == LEXER_NGINX && lexer->token != NGINX_NEXT;

	if (lexer->mode == CODE && first)
		return NULL;
	if (lexer->escaped || lexer->tail || (lexer->run && lexer->run != '['))
		return NULL;
	switch (lexer->mode) {
	case CODE:
		return sql && lexer->last == '$' ? NULL : code_stops(lexer->language);
	case LINE:
		return "\n\r";
	case BLOCK:
		return "/*";
	default:
		return "\"'`\\\n";
	}
}
