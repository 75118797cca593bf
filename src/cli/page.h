/* SPDX-License-Identifier: MIT */
/*
 * A page of reference text: what is said once is printed in one of several formats.
 *
 *	page_begin(&page, &page_text, &out, &title);
 *	page_heading(&page, 1, "Options");
 *	page_item(&page, "`--base` DIR", "where relative paths start");
 *	page_end(&page);
 *
 * Headings, texts and terms are one line each, however long; the format breaks it. What
 * stands `between backquotes` is code. Items that follow each other are one list.
 */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct page_filter;

struct page_title {
	const char *manual; /* the manual page that it is, or belongs to */
	int section;        /* of that: 1 commands, 5 files */
	const char *name;
	const char *summary;
};

/* One format: functions that append to `out`, and what it puts between and around. */
struct page_format {
	void (*begin)(struct buf *out, const struct page_title *title);
	void (*heading)(struct buf *out, int level, const char *text);
	void (*words)(struct buf *out, const char *text);
	void (*list_begin)(struct buf *out, size_t width); /* NULL: nothing is to do */
	void (*item)(struct buf *out, const char *term, const char *text, size_t width);
	void (*code_line)(struct buf *out, const void *line, size_t size);
	const char *list_end, *code_begin, *code_end;
	const char *text_gap;  /* before a text */
	const char *block_gap; /* before a list or code */
	bool tight;            /* no gap stands below a heading */
};

extern const struct page_format page_text_format; /* fits 80 columns */
extern const struct page_format page_markdown_format;
extern const struct page_format page_mdoc_format; /* for mandoc and groff */

struct page {
	const struct page_format *format;
	struct buf *out;
	struct page_filter *filter; /* what is printed; NULL: all. The caller's */
	size_t width;
	bool first; /* nothing stands before but a tight heading */
	bool in_list;
};

void page_begin(struct page *page, const struct page_format *format, struct buf *out,
	const struct page_title *title);
void page_heading(struct page *page, int level, const char *text); /* level 1 or 2 */
void page_text(struct page *page, const char *text);
void page_item(struct page *page, const char *term, const char *text);

/* The terms of the next list are a column of that width; else texts stand below them. */
void page_columns(struct page *page, size_t width);

/* Lines that stay as they are. */
void page_code(struct page *page, const char *lines);
void page_end(struct page *page);

/*
 * For the formats: the next of several lines, without its newline. False where there is
 * none; `at` begins as the text, and then is where the rest of it begins.
 */
bool page_next_line(const char **at, const char **ret_line, size_t *ret_size);

#endif
