/* SPDX-License-Identifier: MIT */
/* Pages as Markdown (CommonMark). */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "cli/page.h"

/* What would be markup stands behind a backslash, but in code. */
static void add_words(struct buf *out, const char *text)
{
	bool in_code = false;

	for (; *text; text++) {
		in_code ^= *text == '`';
		if (!in_code && strchr("\\*_<[", *text))
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
}

static void begin(struct buf *out, const struct page_title *title)
{
	buf_puts(out, "# ");
	add_words(out, title->name);
	buf_puts(out, "\n\n");
	add_words(out, title->summary);
	buf_putc(out, '\n');
}

static void heading(struct buf *out, int level, const char *text)
{
	buf_puts(out, level == 1 ? "\n## " : "\n### ");
	add_words(out, text);
	buf_putc(out, '\n');
}

static void text(struct buf *out, const char *words, bool first)
{
	(void)first;
	buf_putc(out, '\n');
	add_words(out, words);
	buf_putc(out, '\n');
}

static void list_begin(struct buf *out, size_t width, bool first)
{
	(void)width;
	(void)first;
	buf_putc(out, '\n');
}

/* "1." numbers its item; any other term is followed by a colon. */
static void item(struct buf *out, const char *term, const char *words, size_t width)
{
	bool numbered = str_is_digit(*term) && str_ends(term, ".");

	(void)width;
	if (!numbered)
		buf_puts(out, "- ");
	add_words(out, term);
	buf_puts(out, numbered ? " " : ": ");
	add_words(out, words);
	buf_putc(out, '\n');
}

static void list_end(struct buf *out)
{
	(void)out;
}

static void code(struct buf *out, const char *lines, bool first)
{
	const char *line;
	size_t size;

	(void)first;
	buf_puts(out, "\n```\n");
	while (page_next_line(&lines, &line, &size)) {
		buf_add(out, line, size);
		buf_putc(out, '\n');
	}
	buf_puts(out, "```\n");
}

const struct page_format page_markdown_format = {
	.begin = begin,
	.heading = heading,
	.text = text,
	.list_begin = list_begin,
	.item = item,
	.list_end = list_end,
	.code = code,
};
