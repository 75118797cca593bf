/* SPDX-License-Identifier: MIT */
/* SQL as a sequence of tokens. */
#include "migration/tokens.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"

static bool is_word(char c)
{
	return str_is_alnum(c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* Moves to `to` and counts the lines in between. */
static void advance(struct tokens *tokens, size_t to)
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
	advance(tokens, at);
	tokens->size = end;
}

/* Returns the position after the next `mark`, or 0 if there is none. */
static size_t after(const struct tokens *tokens, size_t from, const char *mark)
{
	size_t length = strlen(mark);
	const char *found = from > tokens->size
		? NULL
		: memmem(tokens->text + from, tokens->size - from, mark, length);

	return found ? (size_t)(found - tokens->text) + length : 0;
}

static bool is_breakpoint(const struct tokens *tokens)
{
	static const char mark[] = SQL_BREAKPOINT;

	return tokens->size - tokens->at >= sizeof mark - 1 &&
		memcmp(tokens->text + tokens->at, mark, sizeof mark - 1) == 0;
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
		if (is_breakpoint(tokens))
			return 0;
		end = after(tokens, tokens->at, "\n");
		return end ? end : tokens->size;
	}
	if (here[0] == '/' && here[1] == '*') {
		end = after(tokens, tokens->at + 2, "*/");
		return end ? end : SIZE_MAX;
	}
	return 0;
}

/* Skips white space and comments. Returns false if a comment is not closed. */
static bool skip_blank(struct tokens *tokens)
{
	while (tokens->at < tokens->size) {
		size_t end;

		if (str_is_space(tokens->text[tokens->at])) {
			advance(tokens, tokens->at + 1);
			continue;
		}
		end = comment_end(tokens);
		if (end == SIZE_MAX)
			return false;
		if (end == 0)
			break;
		advance(tokens, end);
	}
	return true;
}

/*
 * The quotes that open and those that close. A string with a doubled quote is read as two
 * strings, which makes no difference here.
 */
static const char opening[] = "'\"`[", closing[] = "'\"`]";

static enum sql_token unclosed(struct tokens *tokens)
{
	advance(tokens, tokens->size);
	return SQL_TOKEN_UNCLOSED;
}

enum sql_token tokens_next(struct tokens *tokens)
{
	bool whole = skip_blank(tokens);
	const char *quote;
	size_t end;
	char c;

	tokens->start = tokens->at;
	tokens->start_line = tokens->line;
	tokens->start_column = (int)(tokens->at - tokens->line_start) + 1;
	if (!whole)
		return unclosed(tokens);
	if (tokens->at == tokens->size)
		return SQL_TOKEN_END;
	if (is_breakpoint(tokens)) {
		advance(tokens, tokens->at + sizeof SQL_BREAKPOINT - 1);
		return SQL_TOKEN_BREAK;
	}
	c = tokens->text[tokens->at];
	end = tokens->at + 1;
	quote = memchr(opening, c, sizeof opening - 1);
	if (quote) {
		const char closing_quote[] = {closing[quote - opening], '\0'};

		end = after(tokens, end, closing_quote);
		if (!end)
			return unclosed(tokens);
	} else if (is_word(c)) {
		while (end < tokens->size && is_word(tokens->text[end]))
			end++;
	}
	advance(tokens, end);
	if (c == ';')
		return SQL_TOKEN_SEMICOLON;
	return is_word(c) ? SQL_TOKEN_WORD : SQL_TOKEN_OTHER;
}
