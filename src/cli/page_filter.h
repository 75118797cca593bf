/* SPDX-License-Identifier: MIT */
/*
 * What of a page is about a word: sections with that name, and items and texts that
 * mention it, below their headings. Case does not matter, nor does a plural.
 */
#ifndef CLI_PAGE_FILTER_H
#define CLI_PAGE_FILTER_H

#include <stdbool.h>

#include "base/buf.h"

struct page_filter {
	const char *word;
	bool strict; /* it must be the item's term, or stand there as code */
	bool found;  /* something is printed */
	bool taken;  /* the last text or item was; code goes with the text before it */
	int section; /* the level of the section that has the name, or 0 */
	bool pending[2]; /* headings of level 1 and 2 that are still to be printed */
	struct buf headings[2];
};

#define CLEANUP_FILTER __attribute__((cleanup(page_filter_release)))

/* Takes a heading, which is printed if something below it is. */
void page_filter_heading(struct page_filter *filter, int level, const char *text);

/* Is it to be printed? `term` is that of an item, or NULL. */
bool page_filter_takes(struct page_filter *filter, const char *term, const char *text);

void page_filter_release(struct page_filter *filter);

#endif
