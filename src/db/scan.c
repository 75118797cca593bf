/* SPDX-License-Identifier: MIT */
/* SQL as a row of tokens. */
#include "db/scan.h"

#include <string.h>

#include "base/str.h"

static bool is_word(char c)
{
	return str_is_alnum(c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

/* Moves on to `to`, counting the lines on the way. */
static void advance(struct scan *scan, size_t to)
{
	const char *newline;

	while (scan->at < to &&
		(newline = memchr(scan->text + scan->at, '\n', to - scan->at))) {
		scan->at = (size_t)(newline - scan->text) + 1;
		scan->line++;
		scan->line_start = scan->at;
	}
	scan->at = to;
}

void scan_seek(struct scan *scan, size_t at, size_t end)
{
	advance(scan, at);
	scan->size = end;
}

/* Behind the next `mark`, or 0 where there is none. */
static size_t behind(const struct scan *scan, size_t from, const char *mark)
{
	size_t length = strlen(mark);
	const char *found = from > scan->size
		? NULL
		: memmem(scan->text + from, scan->size - from, mark, length);

	return found ? (size_t)(found - scan->text) + length : 0;
}

/*
 * Where the comment that begins here ends: 0 where none begins, SIZE_MAX where
 * unclosed.
 */
static size_t comment_end(const struct scan *scan)
{
	const char *here = scan->text + scan->at;
	size_t end;

	if (scan->size - scan->at < 2)
		return 0;
	if (here[0] == '-' && here[1] == '-') {
		end = behind(scan, scan->at, "\n");
		return end ? end : scan->size;
	}
	if (here[0] == '/' && here[1] == '*') {
		end = behind(scan, scan->at + 2, "*/");
		return end ? end : (size_t)-1;
	}
	return 0;
}

/* Passes blanks and comments: false where a comment is never closed. */
static bool skip_blank(struct scan *scan)
{
	while (scan->at < scan->size) {
		size_t end;

		if (str_is_space(scan->text[scan->at])) {
			advance(scan, scan->at + 1);
			continue;
		}
		end = comment_end(scan);
		if (end == (size_t)-1)
			return false;
		if (end == 0)
			break;
		advance(scan, end);
	}
	return true;
}

/* The quote that closes what `c` opens, or NULL. A doubled one reads as two strings. */
static const char *closing(char c)
{
	switch (c) {
	case '\'':
		return "'";
	case '"':
		return "\"";
	case '`':
		return "`";
	case '[':
		return "]";
	default:
		return NULL;
	}
}

static enum token unclosed(struct scan *scan)
{
	advance(scan, scan->size);
	return TOKEN_UNCLOSED;
}

enum token scan_next(struct scan *scan)
{
	bool whole = skip_blank(scan);
	const char *close;
	size_t end;
	char c;

	scan->start = scan->at;
	scan->start_line = scan->line;
	scan->start_column = (int)(scan->at - scan->line_start) + 1;
	if (!whole)
		return unclosed(scan);
	if (scan->at == scan->size)
		return TOKEN_END;
	c = scan->text[scan->at];
	end = scan->at + 1;
	close = closing(c);
	if (close) {
		end = behind(scan, end, close);
		if (!end)
			return unclosed(scan);
	} else if (is_word(c)) {
		while (end < scan->size && is_word(scan->text[end]))
			end++;
	}
	advance(scan, end);
	if (c == ';')
		return TOKEN_SEMICOLON;
	return is_word(c) ? TOKEN_WORD : TOKEN_OTHER;
}
