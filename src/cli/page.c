/* SPDX-License-Identifier: MIT */
/* A page of reference text, whatever its format. */
#include "cli/page.h"

#include <string.h>

#include "base/buf.h"
#include "cli/page_filter.h"

void page_begin(struct page *page, const struct page_format *format, struct buf *out,
	const struct page_title *title)
{
	*page = (struct page){.format = format, .out = out};
	format->begin(out, title);
	buf_putc(out, '\n');
}

static void end_list(struct page *page)
{
	if (!page->in_list)
		return;
	buf_puts(page->out, page->format->list_end);
	page->in_list = false;
	page->width = 0;
}

static void begin_block(struct page *page, const char *gap)
{
	if (!page->first)
		buf_puts(page->out, gap);
	page->first = false;
}

void page_columns(struct page *page, size_t width)
{
	end_list(page);
	page->width = width;
}

static void print_heading(struct page *page, int level, const char *text)
{
	end_list(page);
	page->format->heading(page->out, level, text);
	buf_putc(page->out, '\n');
	page->first = page->format->tight;
}

void page_heading(struct page *page, int level, const char *text)
{
	if (!page->filter) {
		print_heading(page, level, text);
		return;
	}
	end_list(page);
	page->width = 0;
	page_filter_heading(page->filter, level, text);
}

/* Is it to be printed? Then so are the headings above it. */
static bool takes(struct page *page, const char *term, const char *text)
{
	struct page_filter *filter = page->filter;

	if (!filter)
		return true;
	if (!term)
		page->width = 0; /* of a list of which nothing was taken */
	if (!page_filter_takes(filter, term, text))
		return false;
	for (int i = 0; i < 2; i++) {
		if (filter->pending[i])
			print_heading(page, i + 1, filter->headings[i].data);
		filter->pending[i] = false;
	}
	return true;
}

void page_text(struct page *page, const char *text)
{
	if (!takes(page, NULL, text))
		return;
	end_list(page);
	begin_block(page, page->format->text_gap);
	page->format->words(page->out, text);
	buf_putc(page->out, '\n');
}

void page_item(struct page *page, const char *term, const char *text)
{
	if (!takes(page, term, text))
		return;
	if (!page->in_list) {
		begin_block(page, page->format->block_gap);
		if (page->format->list_begin)
			page->format->list_begin(page->out, page->width);
	}
	page->in_list = true;
	page->format->item(page->out, term, text, page->width);
	buf_putc(page->out, '\n');
}

void page_code(struct page *page, const char *lines)
{
	const char *line;
	size_t size;

	if (page->filter && !page->filter->taken && !takes(page, NULL, lines))
		return;
	end_list(page);
	begin_block(page, page->format->block_gap);
	buf_puts(page->out, page->format->code_begin);
	while (page_next_line(&lines, &line, &size)) {
		page->format->code_line(page->out, line, size);
		buf_putc(page->out, '\n');
	}
	buf_puts(page->out, page->format->code_end);
}

void page_end(struct page *page)
{
	end_list(page);
}

bool page_next_line(const char **at, const char **ret_line, size_t *ret_size)
{
	size_t size = strcspn(*at, "\n");

	if (!**at)
		return false;
	*ret_line = *at;
	*ret_size = size;
	*at += size + ((*at)[size] == '\n');
	return true;
}
