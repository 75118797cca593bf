/* SPDX-License-Identifier: MIT */
/* A page of reference text, whatever its format. */
#include "cli/page.h"

#include <string.h>

void page_begin(struct page *page, const struct page_format *format, struct buf *out,
	const struct page_title *title)
{
	*page = (struct page){.format = format, .out = out};
	format->begin(out, title);
}

static void end_list(struct page *page)
{
	if (!page->in_list)
		return;
	page->format->list_end(page->out);
	page->in_list = false;
	page->width = 0;
}

void page_columns(struct page *page, size_t width)
{
	end_list(page);
	page->width = width;
}

void page_heading(struct page *page, int level, const char *text)
{
	end_list(page);
	page->format->heading(page->out, level, text);
	page->first = true;
}

void page_text(struct page *page, const char *text)
{
	end_list(page);
	page->format->text(page->out, text, page->first);
	page->first = false;
}

void page_item(struct page *page, const char *term, const char *text)
{
	if (!page->in_list)
		page->format->list_begin(page->out, page->width, page->first);
	page->in_list = true;
	page->first = false;
	page->format->item(page->out, term, text, page->width);
}

void page_code(struct page *page, const char *lines)
{
	end_list(page);
	page->format->code(page->out, lines, page->first);
	page->first = false;
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
