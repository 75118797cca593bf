/* SPDX-License-Identifier: MIT */
/* SQL as a sequence of tokens. */
#include "migration/tokens.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Every byte of a large file is asked about. */
static inline bool is_word(char c)
{
	unsigned char byte = (unsigned char)c;

	return (byte | 0x20u) - 'a' < 26u || byte - (unsigned)'0' < 10u || byte == '_' ||
		byte == '$' || byte >= 0x80;
}

static inline bool is_space(char c)
{
	return c == ' ' || ((unsigned char)c >= '\t' && (unsigned char)c <= '\r');
}

void tokens_advance(struct tokens *tokens, size_t to)
{
	const char *newline;

	while (tokens->at < to &&
		(newline = memchr(tokens->text + tokens->at, '\n', to - tokens->at))) {
		tokens->at = (size_t)(newline - tokens->text) + 1;
		tokens->line++;
		tokens->line_start = tokens->at;
	}
	tokens->at = to;
}

void tokens_seek(struct tokens *tokens, size_t at, size_t end)
{
	tokens_advance(tokens, at);
	tokens->size = end;
	tokens->state = 0;
}

size_t tokens_after(const struct tokens *tokens, size_t from, char byte)
{
	const char *found = memchr(tokens->text + from, byte, tokens->size - from);

	return found ? (size_t)(found - tokens->text) + 1 : 0;
}

bool tokens_is_breakpoint(const struct tokens *tokens, size_t at)
{
	static const char mark[] = SQL_BREAKPOINT;

	return tokens->size - at >= sizeof mark - 1 &&
		memcmp(tokens->text + at, mark, sizeof mark - 1) == 0;
}

/*
 * Returns where the comment that begins here ends: 0 if none begins here, SIZE_MAX if it
 * is not closed.
 */
static size_t comment_end(const struct tokens *tokens)
{
	const char *here = tokens->text + tokens->at;
	size_t end;

	if (tokens->size - tokens->at < 2)
		return 0;
	if (here[0] == '-' && here[1] == '-') {
		if (tokens_is_breakpoint(tokens, tokens->at))
			return 0;
		end = tokens_after(tokens, tokens->at, '\n');
		return end ? end : tokens->size;
	}
	if (here[0] == '/' && here[1] == '*') {
		here = memmem(here + 2, tokens->size - tokens->at - 2, "*/", 2);
		return here ? (size_t)(here - tokens->text) + 2 : SIZE_MAX;
	}
	return 0;
}

/* Skips white space and comments. Returns false if a comment is not closed. */
static bool skip_blank(struct tokens *tokens)
{
	while (tokens->at < tokens->size) {
		size_t end;

		if (is_space(tokens->text[tokens->at])) {
			if (tokens->text[tokens->at++] == '\n') {
				tokens->line++;
				tokens->line_start = tokens->at;
			}
			continue;
		}
		end = comment_end(tokens);
		if (end == SIZE_MAX)
			return false;
		if (end == 0)
			break;
		tokens_advance(tokens, end);
	}
	return true;
}

/* Returns what closes this quote, or '\0' if it is none. */
static char closing(char quote)
{
	switch (quote) {
	case '\'':
	case '"':
	case '`':
		return quote;
	case '[':
		return ']';
	default:
		return '\0';
	}
}

/* A string with a doubled quote is read as two, which makes no difference here. */
static enum sql_token next_quoted(struct tokens *tokens, char close)
{
	size_t end = tokens_after(tokens, tokens->at + 1, close);

	tokens_advance(tokens, end ? end : tokens->size);
	return end ? SQL_TOKEN_OTHER : SQL_TOKEN_UNCLOSED;
}

/* The token at `at`, which is not the end. */
static enum sql_token next_token(struct tokens *tokens)
{
	const char *text = tokens->text;
	char c = text[tokens->at], close = closing(c);

	if (is_word(c)) {
		while (++tokens->at < tokens->size && is_word(text[tokens->at]))
			continue;
		return SQL_TOKEN_WORD;
	}
	if (close)
		return next_quoted(tokens, close);
	if (tokens_is_breakpoint(tokens, tokens->at)) {
		tokens->at += sizeof SQL_BREAKPOINT - 1;
		return SQL_TOKEN_BREAK;
	}
	tokens->at++;
	return c == ';' ? SQL_TOKEN_SEMICOLON : SQL_TOKEN_OTHER;
}

void tokens_begin(struct tokens *tokens)
{
	tokens->start = tokens->at;
	tokens->start_line = tokens->line;
	tokens->start_column = (int)(tokens->at - tokens->line_start) + 1;
}

enum sql_token tokens_next(struct tokens *tokens)
{
	bool whole = skip_blank(tokens);

	tokens_begin(tokens);
	if (tokens->at == tokens->size)
		return SQL_TOKEN_END;
	if (whole)
		return next_token(tokens);
	tokens_advance(tokens, tokens->size);
	return SQL_TOKEN_UNCLOSED;
}

bool tokens_is(const struct tokens *tokens, const char *keyword)
{
	size_t size = tokens->at - tokens->start;

	return size == strlen(keyword) &&
		strncasecmp(tokens->text + tokens->start, keyword, size) == 0;
}

bool tokens_next_is(struct tokens *tokens, const char *keyword)
{
	return tokens_next(tokens) == SQL_TOKEN_WORD && tokens_is(tokens, keyword);
}
