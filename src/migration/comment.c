/* SPDX-License-Identifier: MIT */
/* The comments between two tokens. */
#include "migration/comment.h"

#include <string.h>

/* Is there nothing but blanks before it on its line? */
static bool begins_line(const char *text, size_t at)
{
	while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t'))
		at--;
	return at == 0 || text[at - 1] == '\n';
}

static bool ends_line(const char *text, size_t at)
{
	at += strspn(text + at, " \t\r");
	return text[at] == '\n' || text[at] == '\0';
}

static void take_line(const char *text, size_t to, struct comment *comment)
{
	const char *from = text + comment->start + 2;
	const char *end = memchr(from, '\n', (size_t)(text + to - from));

	comment->text = from;
	comment->size = (size_t)((end ? end : text + to) - from);
	comment->end = comment->start + 2 + comment->size;
	comment->whole = begins_line(text, comment->start);
}

static void take_block(const char *text, size_t to, struct comment *comment)
{
	const char *from = text + comment->start + 2;
	const char *end = memmem(from, (size_t)(text + to - from), "*/", 2);

	comment->text = from;
	comment->size = (size_t)((end ? end : text + to) - from);
	comment->end = comment->start + 2 + comment->size + (end ? 2 : 0);
	comment->whole =
		begins_line(text, comment->start) && ends_line(text, comment->end);
	for (size_t i = 0; i < comment->size; i++)
		comment->next_line += from[i] == '\n';
}

bool comment_next(const char *text, size_t to, struct comment *comment)
{
	for (size_t at = comment->end; at + 1 < to; at++) {
		bool line = text[at] == '-' && text[at + 1] == '-';

		comment->next_line += text[at] == '\n';
		if (!line && (text[at] != '/' || text[at + 1] != '*'))
			continue;
		comment->start = at;
		comment->line = comment->next_line;
		if (line)
			take_line(text, to, comment);
		else
			take_block(text, to, comment);
		return true;
	}
	return false;
}
