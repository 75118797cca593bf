/* SPDX-License-Identifier: MIT */
/* What SQL needs a newer SQLite than the one that runs it. */
#include "db/requirements.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "migration/split.h"
#include "migration/tokens.h"

#define DEPTH_MAX 200 /* of parentheses; SQLite's parser has 100 */

#define VERSION_MAX 24

/* What makes a date function return NULL where it is not known. */
static const struct {
	const char *modifier; /* a whole argument */
	int version;
} modifiers[] = {
	{"subsec", 3042000},
	{"subsecond", 3042000},
	{"floor", 3046000},
	{"ceiling", 3046000},
};

/* The same of strftime(), by the letter behind a %. */
static const struct {
	const char *letters;
	int version;
} formats[] = {
	{"eFIklpPRTu", 3044000},
	{"gGUV", 3046000},
};

/* Besides strftime(). */
static const char *const date_functions[] = {
	"date", "datetime", "julianday", "time", "unixepoch"};

/* SQLite's messages about what it does not know yet, or how these begin. */
static const struct {
	const char *message;
	int version;
	const char *what;
} messages[] = {
	{"no such function: unixepoch", 3038000, "it "},
	{"no such function: unhex", 3041000, "it "},
	{"no such function: json_error_position", 3042000, "it "},
	{"no such function: octet_length", 3043000, "it "},
	{"no such function: timediff", 3043000, "it "},
	{"no such function: concat", 3044000, "it "},
	{"no such function: string_agg", 3044000, "it "},
	{"no such function: jsonb", 3045000, "it "},
	{"no such function: json_pretty", 3046000, "it "},
	{"wrong number of arguments to function iif()", 3048000,
		"with two arguments it "},
	{"no such function: unistr", 3050000, "it "},
};

/* What no message alone shows, by the release notes. */
enum {
	AGGREGATE_ORDER = 3044000,
	DIGIT_SEPARATOR = 3046000,
	IF_FUNCTION = 3048000,
	ALTER_CONSTRAINT = 3053000,
	JSON5 = 3042000
};

static void describe(int version, bool patch, char ret[VERSION_MAX])
{
	int length = snprintf(
		ret, VERSION_MAX, "%d.%d", version / 1000000, version / 1000 % 1000);

	if (patch && length > 0)
		(void)snprintf(ret + length, VERSION_MAX - (size_t)length, ".%d",
			version % 1000); /* fits */
}

/* ---- modifiers and formats of date functions ---- */

/* The version that knows all of both. */
static int newest(void)
{
	int version = 0;

	for (size_t i = 0; i < sizeof modifiers / sizeof *modifiers; i++)
		if (modifiers[i].version > version)
			version = modifiers[i].version;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (formats[i].version > version)
			version = formats[i].version;
	return version;
}

static bool is_date_function(const struct tokens *tokens)
{
	for (size_t i = 0; i < sizeof date_functions / sizeof *date_functions; i++)
		if (tokens_is(tokens, date_functions[i]))
			return true;
	return false;
}

/* Returns the version that knows the modifier 'text', with its quotes; 0: any. */
static int version_of_modifier(const char *text, size_t size)
{
	for (size_t i = 0; i < sizeof modifiers / sizeof *modifiers; i++)
		if (size == strlen(modifiers[i].modifier) + 2 &&
			sqlite3_strnicmp(
				text + 1, modifiers[i].modifier, (int)size - 2) == 0)
			return modifiers[i].version;
	return 0;
}

static int version_of_format(const char *text, size_t size)
{
	int version = 0;

	for (size_t at = 0; at + 1 < size; at++) {
		if (text[at] != '%')
			continue;
		at++;
		for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
			if (strchr(formats[i].letters, text[at]) &&
				version < formats[i].version)
				version = formats[i].version;
	}
	return version;
}

static int refuse(const struct tokens *literal, const char *file, int needed, int version,
	struct err *err)
{
	struct place at = {.file = file, .line = literal->start_line};
	char needs[VERSION_MAX], has[VERSION_MAX];

	describe(needed, false, needs);
	describe(version, true, has);
	err_fail(err,
		"%.*s needs SQLite %s; in ours, %s, the date function would silently be "
		"NULL: use a groundwork that is built with a newer SQLite",
		(int)(literal->at - literal->start), literal->text + literal->start,
		needs, has);
	return err_at(err, at);
}

/* What an open parenthesis belongs to. */
enum call { OTHER, DATE, STRFTIME };

/* The calls that a token is in. */
struct calls {
	enum call open[DEPTH_MAX]; /* what is deeper is not looked at */
	size_t depth;
	enum call next;        /* whose a parenthesis is if it follows */
	bool argument;         /* one begins here */
	bool format;           /* it is strftime's first */
	int needed;            /* by the last token, if that is the whole argument */
	struct tokens literal; /* which it is */
};

static enum call innermost(const struct calls *calls)
{
	return calls->depth && calls->depth <= DEPTH_MAX ? calls->open[calls->depth - 1]
							 : OTHER;
}

static void open_call(struct calls *calls)
{
	if (calls->depth < DEPTH_MAX)
		calls->open[calls->depth] = calls->next;
	calls->depth++;
	calls->argument = true;
	calls->format = calls->next == STRFTIME;
}

/* Takes note of a string that is an argument of a date function. */
static void take_literal(struct calls *calls, const struct tokens *token)
{
	const char *text = token->text + token->start;
	size_t size = token->at - token->start;

	calls->literal = *token;
	calls->needed = calls->format ? version_of_format(text, size)
				      : version_of_modifier(text, size);
	calls->argument = calls->format = false;
}

/* Adds a token. Where it ends an argument, returns the version that this needs, or 0. */
static int add_token(struct calls *calls, const struct tokens *token)
{
	char c = token->text[token->start];
	int needed = c == ',' || c == ')' ? calls->needed : 0;
	bool follows = calls->argument && innermost(calls) != OTHER;

	calls->needed = 0;
	if (c == '\'' && follows) {
		take_literal(calls, token);
		return 0;
	}
	calls->argument = c == ',';
	calls->format = false;
	if (c == '(')
		open_call(calls);
	else if (c == ')' && calls->depth)
		calls->depth--;
	calls->next = tokens_is(token, "strftime") ? STRFTIME
		: is_date_function(token)          ? DATE
						   : OTHER;
	return needed;
}

int requirements_check(
	const struct statement *statement, const char *file, int version, struct err *err)
{
	struct tokens token = {
		.text = statement->text,
		.size = statement->size,
		.line = statement->line,
	};
	struct calls calls = {.depth = 0};
	enum sql_token type;

	if (version >= newest())
		return 0;
	while ((type = tokens_next(&token)) != SQL_TOKEN_END &&
		type != SQL_TOKEN_UNCLOSED) {
		int needed = add_token(&calls, &token);

		if (needed > version)
			return refuse(&calls.literal, file, needed, version, err);
	}
	return 0;
}

/* ---- errors ---- */

static bool is_byte(const struct tokens *tokens, char byte)
{
	return tokens->at == tokens->start + 1 && tokens->text[tokens->start] == byte;
}

static struct tokens tokens_of(const struct statement *statement)
{
	return (struct tokens){
		.text = statement->text, .size = statement->size, .line = 1};
}

/* Is there a call with an ORDER BY among its arguments? */
static bool orders_arguments(const struct statement *statement)
{
	struct tokens tokens = tokens_of(statement);
	bool calls[DEPTH_MAX] = {false}; /* at this depth are arguments */
	bool word = false, open = false; /* the last token was such */
	size_t depth = 0;
	enum sql_token type;

	while ((type = tokens_next(&tokens)) != SQL_TOKEN_END) {
		if (is_byte(&tokens, '(') && ++depth < DEPTH_MAX)
			calls[depth] = word;
		else if (is_byte(&tokens, ')') && depth)
			depth--;
		else if (open && depth < DEPTH_MAX &&
			(tokens_is(&tokens, "SELECT") || tokens_is(&tokens, "ORDER") ||
				tokens_is(&tokens, "WITH") ||
				tokens_is(&tokens, "PARTITION")))
			calls[depth] = false; /* a query, or a window */
		else if (depth && depth < DEPTH_MAX && calls[depth] &&
			tokens_is(&tokens, "ORDER"))
			return true;
		open = is_byte(&tokens, '(');
		word = type == SQL_TOKEN_WORD;
	}
	return false;
}

/* Is it an ALTER TABLE that adds or drops a CHECK or a NOT NULL? */
static bool alters_constraint(const struct statement *statement)
{
	struct tokens tokens = tokens_of(statement);
	bool verb = false, named = false, check = false;

	if (!tokens_next_is(&tokens, "ALTER") || !tokens_next_is(&tokens, "TABLE"))
		return false;
	while (tokens_next(&tokens) != SQL_TOKEN_END) {
		if (verb && tokens_is(&tokens, "NOT"))
			return tokens_next_is(&tokens, "NULL");
		if (verb && tokens_is(&tokens, "CONSTRAINT"))
			named = true;
		check |= (verb || named) && tokens_is(&tokens, "CHECK");
		verb = tokens_is(&tokens, "SET") || tokens_is(&tokens, "DROP") ||
			tokens_is(&tokens, "ADD");
	}
	return check;
}

/* Is the token that is quoted at `from` a number with a '_' between digits? */
static bool is_separated(const char *from)
{
	size_t size = strspn(from, "0123456789_.");
	const char *separator = memchr(from, '_', size);

	return str_is_digit(from[0]) && from[size] == '"' && separator &&
		str_is_digit(separator[1]);
}

/* Has it a string that may be meant as JSON? */
static bool has_json(const struct statement *statement)
{
	struct tokens tokens = tokens_of(statement);

	while (tokens_next(&tokens) != SQL_TOKEN_END) {
		const char *text = tokens.text + tokens.start;

		if (*text == '\'' && (text[1] == '{' || text[1] == '['))
			return true;
	}
	return false;
}

/* Returns the version that knows the statement, and what it has to know; or 0. */
static int find_needed(
	const struct statement *statement, const char *message, const char **ret_what)
{
	static const char token[] = "unrecognized token: \"";

	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		if (!str_starts(message, messages[i].message))
			continue;
		*ret_what = messages[i].what;
		return messages[i].version;
	}
	if (str_equal(message, "no such function: if")) {
		*ret_what = "it ";
		return IF_FUNCTION;
	}
	if (str_starts(message, "malformed JSON") && has_json(statement)) {
		*ret_what = "if it is JSON5, it ";
		return JSON5;
	}
	if (str_starts(message, token) && is_separated(message + strlen(token))) {
		*ret_what = "a '_' in a number ";
		return DIGIT_SEPARATOR;
	}
	if (!str_starts(message, "near \""))
		return 0;
	if (sqlite3_strnicmp(message, "near \"order\"", 12) == 0 &&
		orders_arguments(statement)) {
		*ret_what = "ORDER BY among the arguments of a function ";
		return AGGREGATE_ORDER;
	}
	if (alters_constraint(statement)) {
		*ret_what = "to add or drop a CHECK or NOT NULL ";
		return ALTER_CONSTRAINT;
	}
	return 0;
}

void requirements_explain(const struct statement *statement, const char *message,
	int version, struct err *err)
{
	char needs[VERSION_MAX], has[VERSION_MAX];
	const char *what = "";
	int needed = find_needed(statement, message, &what);

	if (needed <= version)
		return;
	describe(needed, false, needs);
	describe(version, true, has);
	err_append(err, ": %sneeds SQLite %s, and this program has %s", what, needs, has);
}
