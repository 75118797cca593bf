/* SPDX-License-Identifier: MIT */
/* Pages as plain text, 80 columns wide. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "cli/page.h"

#define COLUMNS     80
#define TERM_INDENT 2
#define TEXT_INDENT 6
#define CODE_INDENT 4

/* How many columns they take: each character of UTF-8 one. None of ours is wide. */
static size_t width_of(const char *text, size_t size)
{
	size_t width = 0;

	for (size_t i = 0; i < size; i++)
		width += (text[i] & 0xc0) != 0x80;
	return width;
}

static void add_spaces(struct buf *out, size_t count)
{
	buf_printf(out, "%*s", (int)count, "");
}

/* Adds words. The line stands at `column` now; further lines begin at `indent`. */
static void add_words(struct buf *out, const char *text, size_t column, size_t indent)
{
	bool begins = true;

	while (*text) {
		size_t size = strcspn(text, " ");
		size_t width = width_of(text, size);

		if (!begins && column + 1 + width > COLUMNS) {
			buf_putc(out, '\n');
			add_spaces(out, indent);
			column = indent;
		} else if (!begins) {
			buf_putc(out, ' ');
			column++;
		}
		buf_add(out, text, size);
		column += width;
		begins = false;
		text += size;
		text += strspn(text, " ");
	}
	buf_putc(out, '\n');
}

static void begin(struct buf *out, const struct page_title *title)
{
	CLEANUP_BUF struct buf line = BUF_INIT;

	buf_printf(&line, "%s: %s", title->name, title->summary);
	add_words(out, line.data, 0, TERM_INDENT);
}

static void separate(struct buf *out, bool first)
{
	if (!first)
		buf_putc(out, '\n');
}

static void heading(struct buf *out, int level, const char *text)
{
	separate(out, false);
	for (const char *at = text; *at; at++) {
		bool small = level == 1 && *at >= 'a' && *at <= 'z';

		buf_putc(out, small ? (char)(*at - 'a' + 'A') : *at);
	}
	buf_puts(out, level == 1 ? "\n" : ":\n");
}

static void text(struct buf *out, const char *words, bool first)
{
	separate(out, first);
	add_words(out, words, 0, 0);
}

static void list_begin(struct buf *out, size_t width, bool first)
{
	(void)width;
	separate(out, first);
}

/* Terms stand out by their place, and need no quotes. */
static size_t add_term(struct buf *out, const char *term)
{
	size_t width = TERM_INDENT;

	add_spaces(out, TERM_INDENT);
	for (; *term; term++) {
		if (*term == '`')
			continue;
		buf_putc(out, *term);
		width += width_of(term, 1);
	}
	return width;
}

static void item(struct buf *out, const char *term, const char *words, size_t width)
{
	size_t indent = width ? TERM_INDENT + width + 2 : TEXT_INDENT;
	size_t column = add_term(out, term);

	if (column >= indent) {
		buf_putc(out, '\n');
		column = 0;
	}
	add_spaces(out, indent - column);
	add_words(out, words, indent, indent);
}

static void list_end(struct buf *out)
{
	(void)out;
}

static void code(struct buf *out, const char *lines, bool first)
{
	const char *line;
	size_t size;

	separate(out, first);
	while (page_next_line(&lines, &line, &size)) {
		if (size)
			add_spaces(out, CODE_INDENT);
		buf_add(out, line, size);
		buf_putc(out, '\n');
	}
}

const struct page_format page_text_format = {
	.begin = begin,
	.heading = heading,
	.text = text,
	.list_begin = list_begin,
	.item = item,
	.list_end = list_end,
	.code = code,
};
