/* SPDX-License-Identifier: MIT */
/* PostgreSQL's SQL as a sequence of tokens. */
#include "pg/lexer.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"

/* Where in a statement the last token was: tokens->state. */
enum {
	AT_BEGINNING,
	AT_COPY,      /* the word */
	IN_COPY,      /* of a table, not of a query */
	AT_COPY_FROM, /* the word FROM */
	IN_COPY_STDIN,
	AT_DATA, /* COPY … FROM STDIN has just ended */
	ELSEWHERE,
};

/* May a name, or the tag of a dollar quote, begin with it? */
static inline bool begins_name(char c)
{
	unsigned char byte = (unsigned char)c;

	return (byte | 0x20u) - 'a' < 26u || byte == '_' || byte >= 0x80;
}

static inline bool is_in_tag(char c)
{
	return begins_name(c) || str_is_digit(c);
}

static inline bool is_newline(char c)
{
	return c == '\n' || c == '\r';
}

/* Returns where this line ends, before its newline. */
static size_t line_end(const struct tokens *tokens, size_t at)
{
	while (at < tokens->size && !is_newline(tokens->text[at]))
		at++;
	return at;
}

static bool is_here(const struct tokens *tokens, size_t at, const char *two)
{
	return tokens->size - at >= 2 && memcmp(tokens->text + at, two, 2) == 0;
}

/* Returns where the comment that begins at `at` ends, or SIZE_MAX if it is not closed. */
static size_t block_end(const struct tokens *tokens, size_t at)
{
	size_t depth = 0;

	while (at < tokens->size) {
		if (is_here(tokens, at, "/*")) {
			depth++;
			at += 2;
		} else if (is_here(tokens, at, "*/")) {
			at += 2;
			if (--depth == 0)
				return at;
		} else {
			at++;
		}
	}
	return SIZE_MAX;
}

/* Returns the end of a comment of one line, or 0 if none begins here. */
static size_t line_comment_end(const struct tokens *tokens, size_t at)
{
	if (!is_here(tokens, at, "--") || tokens_is_breakpoint(tokens, at))
		return 0;
	return line_end(tokens, at);
}

/* Skips white space and comments. Returns false if a comment is not closed. */
static bool skip_blank(struct tokens *tokens)
{
	while (tokens->at < tokens->size) {
		size_t end = tokens->at + 1;

		if (!str_is_space(tokens->text[tokens->at])) {
			end = line_comment_end(tokens, tokens->at);
			if (!end && is_here(tokens, tokens->at, "/*"))
				end = block_end(tokens, tokens->at);
		}
		if (end == SIZE_MAX)
			return false;
		if (end == 0)
			break;
		tokens_advance(tokens, end);
	}
	return true;
}

/* Skips the rows of COPY up to their end, which psql does not need. */
static void skip_data(struct tokens *tokens)
{
	size_t at = tokens->at;

	while ((at = tokens_after(tokens, at, '\n')) != 0) {
		if (is_here(tokens, at, "\\.") && line_end(tokens, at) == at + 2) {
			tokens_advance(tokens, at + 2);
			return;
		}
	}
	tokens_advance(tokens, tokens->size);
}

static enum sql_token end_quote(struct tokens *tokens, size_t end)
{
	tokens_advance(tokens, end ? end : tokens->size);
	return end ? SQL_TOKEN_OTHER : SQL_TOKEN_UNCLOSED;
}

/*
 * Returns where a string that was closed before `at` continues, behind the quote, or
 * 0. At least one newline is between. The server decides: psql, which reads line by line,
 * sees no continuation.
 */
static size_t continuation(const struct tokens *tokens, size_t at)
{
	bool newline = false;

	while (at < tokens->size) {
		size_t comment = line_comment_end(tokens, at);

		if (comment) {
			at = comment;
			continue;
		}
		if (!str_is_space(tokens->text[at]))
			return newline && tokens->text[at] == '\'' ? at + 1 : 0;
		newline |= is_newline(tokens->text[at++]);
	}
	return 0;
}

/* Reads E'…': its escapes hold in each part of it. */
static enum sql_token next_escaped(struct tokens *tokens)
{
	size_t at = tokens->at + 2;

	while (at < tokens->size) {
		size_t more;

		if (tokens->text[at] == '\\') {
			at += 2;
			continue;
		}
		if (tokens->text[at++] != '\'')
			continue;
		if (at < tokens->size && tokens->text[at] == '\'') {
			at++;
			continue;
		}
		more = continuation(tokens, at);
		if (!more)
			return end_quote(tokens, at);
		at = more;
	}
	return end_quote(tokens, 0);
}

/* Reads what begins with a dollar: $1, $tag$…$tag$, or nothing that PostgreSQL knows. */
static enum sql_token next_dollar(struct tokens *tokens)
{
	const char *text = tokens->text, *found;
	size_t at = tokens->at, end = at + 1;

	if (end < tokens->size && str_is_digit(text[end])) {
		while (end < tokens->size && str_is_digit(text[end]))
			end++;
		tokens->at = end;
		return SQL_TOKEN_OTHER;
	}
	while (end < tokens->size && is_in_tag(text[end]))
		end++;
	if (end == tokens->size || text[end] != '$') {
		tokens->at++;
		return SQL_TOKEN_OTHER;
	}
	end++;
	found = memmem(text + end, tokens->size - end, text + at, end - at);
	return end_quote(tokens, found ? (size_t)(found - text) + end - at : 0);
}

/* Only in a name a dollar may follow: 1$$…$$ is a number before a string. */
static enum sql_token next_word(struct tokens *tokens)
{
	bool name = begins_name(tokens->text[tokens->at]);

	while (++tokens->at < tokens->size) {
		char c = tokens->text[tokens->at];

		if (!is_in_tag(c) && !(name && c == '$'))
			break;
	}
	return SQL_TOKEN_WORD;
}

/*
 * The token at `at`, which is not the end. A quote with a doubled quote is read as two,
 * and B'…' or U&"…" as what is before the quote and the quote, which makes no difference.
 */
static enum sql_token next_token(struct tokens *tokens)
{
	char c = tokens->text[tokens->at];

	if (is_here(tokens, tokens->at, "E'") || is_here(tokens, tokens->at, "e'"))
		return next_escaped(tokens);
	if (is_in_tag(c))
		return next_word(tokens);
	if (c == '\'' || c == '"')
		return end_quote(tokens, tokens_after(tokens, tokens->at + 1, c));
	if (c == '$')
		return next_dollar(tokens);
	if (c == '\\') {
		tokens->at = line_end(tokens, tokens->at);
		return SQL_TOKEN_OTHER;
	}
	if (tokens_is_breakpoint(tokens, tokens->at)) {
		tokens->at += sizeof SQL_BREAKPOINT - 1;
		return SQL_TOKEN_BREAK;
	}
	tokens->at++;
	return c == ';' ? SQL_TOKEN_SEMICOLON : SQL_TOKEN_OTHER;
}

/* Returns the state after the token that was just read. */
static unsigned follow(const struct tokens *tokens, enum sql_token token)
{
	if (token == SQL_TOKEN_SEMICOLON)
		return tokens->state == IN_COPY_STDIN ? AT_DATA : AT_BEGINNING;
	if (token == SQL_TOKEN_BREAK || tokens->text[tokens->start] == '\\')
		return AT_BEGINNING;
	switch (tokens->state) {
	case AT_BEGINNING:
		return tokens_is(tokens, "COPY") ? AT_COPY : ELSEWHERE;
	case AT_COPY:
		return tokens_is(tokens, "(") ? ELSEWHERE : IN_COPY;
	case IN_COPY:
		return tokens_is(tokens, "FROM") ? AT_COPY_FROM : IN_COPY;
	case AT_COPY_FROM:
		return tokens_is(tokens, "STDIN") ? IN_COPY_STDIN : ELSEWHERE;
	default:
		return tokens->state;
	}
}

enum sql_token pg_lexer_next(struct tokens *tokens)
{
	enum sql_token token = SQL_TOKEN_UNCLOSED;
	bool whole;

	if (tokens->state == AT_DATA) {
		skip_data(tokens);
		tokens->state = AT_BEGINNING;
	}
	whole = skip_blank(tokens);
	tokens_begin(tokens);
	if (tokens->at == tokens->size)
		return SQL_TOKEN_END;
	if (whole)
		token = next_token(tokens);
	else
		tokens_advance(tokens, tokens->size);
	tokens->state = follow(tokens, token);
	return token;
}
