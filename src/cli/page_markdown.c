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
}

static void heading(struct buf *out, int level, const char *text)
{
	buf_puts(out, level == 1 ? "\n## " : "\n### ");
	add_words(out, text);
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
}

const struct page_format page_markdown_format = {
	.begin = begin,
	.heading = heading,
	.words = add_words,
	.item = item,
	.list_end = "",
	.code_line = buf_add,
	.code_begin = "```\n",
	.code_end = "```\n",
	.text_gap = "\n",
	.block_gap = "\n",
};
