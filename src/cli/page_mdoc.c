/* SPDX-License-Identifier: MIT */
/* Pages in mdoc(7), the language of manual pages. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/version.h"
#include "cli/page.h"

#define DATE "November 27, 2026" /* when the manuals' text was changed last */

/* One word of a text or a term, with nothing in it that roff would act on. */
static void add_character(struct buf *out, char c, bool in_code)
{
	if (c == '\\')
		buf_puts(out, "\\e");
	else if (in_code && c == '-')
		buf_puts(out, "\\-");
	else if (in_code && c == '\'')
		buf_puts(out, "\\(aq");
	else if (c == '"')
		buf_puts(out, "\\(dq");
	else if (c == '^')
		buf_puts(out, "\\(ha");
	else if (c == '~')
		buf_puts(out, "\\(ti");
	else
		buf_putc(out, c);
}

/* `Code` in bold. A sentence begins a line; no line begins with a request. */
static void add_words(struct buf *out, const char *text)
{
	bool in_code = false;

	if (*text == '.' || *text == '\'')
		buf_puts(out, "\\&");
	for (; *text; text++) {
		if (*text == '`') {
			in_code = !in_code;
			buf_puts(out, in_code ? "\\fB" : "\\fR");
		} else if (!in_code && str_starts(text, ". ") && text[2] != '.') {
			buf_puts(out, ".\n");
			text++;
		} else {
			add_character(out, *text, in_code);
		}
	}
}

static void add_upper(struct buf *out, const char *text)
{
	for (; *text; text++)
		buf_putc(out,
			*text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text);
}

static void begin(struct buf *out, const struct page_title *title)
{
	buf_puts(out, ".Dd " DATE "\n.Dt ");
	add_upper(out, title->manual);
	buf_printf(
		out, " %d\n.Os groundwork " VERSION "\n.Sh NAME\n.Nm ", title->section);
	add_words(out, title->name);
	buf_puts(out, "\n.Nd ");
	add_words(out, title->summary);
}

static void heading(struct buf *out, int level, const char *text)
{
	buf_puts(out, level == 1 ? ".Sh " : ".Ss ");
	if (level == 1)
		add_upper(out, text);
	else
		add_words(out, text);
}

static void list_begin(struct buf *out, size_t width)
{
	if (width)
		buf_printf(out, ".Bl -tag -compact -width %zun\n", width + 1);
	else
		buf_puts(out, ".Bl -tag -width 4n\n");
}

/* "No" and its like would be called as macros: "\&" in front of a word prevents it. */
static void item(struct buf *out, const char *term, const char *words, size_t width)
{
	CLEANUP_BUF struct buf line = BUF_INIT;

	(void)width;
	add_words(&line, term);
	buf_puts(out, ".It ");
	for (const char *at = line.data; *at; at++) {
		if (at == line.data || at[-1] == ' ')
			buf_puts(out, "\\&");
		buf_putc(out, *at);
	}
	buf_putc(out, '\n');
	add_words(out, words);
}

static void code_line(struct buf *out, const void *text, size_t size)
{
	const char *line = text;

	if (size && (*line == '.' || *line == '\''))
		buf_puts(out, "\\&");
	for (size_t i = 0; i < size; i++)
		add_character(out, line[i], true);
}

const struct page_format page_mdoc_format = {
	.begin = begin,
	.heading = heading,
	.words = add_words,
	.list_begin = list_begin,
	.item = item,
	.list_end = ".El\n",
	.code_line = code_line,
	.code_begin = ".Bd -literal -offset indent\n",
	.code_end = ".Ed\n",
	.text_gap = ".Pp\n",
	.block_gap = "",
	.tight = true,
};
