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
static void fill(struct buf *out, const char *text, size_t column, size_t indent)
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
}

static void add_words(struct buf *out, const char *text)
{
	fill(out, text, 0, 0);
}

static void begin(struct buf *out, const struct page_title *title)
{
	CLEANUP_BUF struct buf line = BUF_INIT;

	buf_printf(&line, "%s: %s", title->name, title->summary);
	fill(out, line.data, 0, TERM_INDENT);
}

static void heading(struct buf *out, int level, const char *text)
{
	buf_putc(out, '\n');
	for (const char *at = text; *at; at++) {
		bool small = level == 1 && *at >= 'a' && *at <= 'z';

		buf_putc(out, small ? (char)(*at - 'a' + 'A') : *at);
	}
	buf_puts(out, level == 1 ? "" : ":");
}

/* Terms stand out by their place, and need no quotes. */
static void item(struct buf *out, const char *term, const char *words, size_t width)
{
	size_t indent = width ? TERM_INDENT + width + 2 : TEXT_INDENT;
	CLEANUP_BUF struct buf plain = BUF_INIT;
	size_t lead, column;

	for (; *term; term++)
		if (*term != '`')
			buf_putc(&plain, *term);
	lead = strspn(plain.data, " ");
	add_spaces(out, TERM_INDENT + lead);
	fill(out, plain.data + lead, TERM_INDENT + lead, TEXT_INDENT);
	column = TERM_INDENT + width_of(plain.data, plain.len);
	if (column >= indent) {
		buf_putc(out, '\n');
		column = 0;
	}
	add_spaces(out, indent - column);
	fill(out, words, indent, indent);
}

static void code_line(struct buf *out, const void *line, size_t size)
{
	if (size)
		add_spaces(out, CODE_INDENT);
	buf_add(out, line, size);
}

const struct page_format page_text_format = {
	.begin = begin,
	.heading = heading,
	.words = add_words,
	.item = item,
	.list_end = "",
	.code_line = code_line,
	.code_begin = "",
	.code_end = "",
	.text_gap = "\n",
	.block_gap = "\n",
	.tight = true,
};
