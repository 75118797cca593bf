/* SPDX-License-Identifier: MIT */
/* What of a page is about a word. */
#include "cli/page_filter.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

static bool is_word_end(char c)
{
	return !str_is_alnum(c) && c != '_' && c != '-';
}

/*
 * Does the word, or its plural, stand at `at` up to the end of a word, or up to a '-'
 * unless that is `strict`?
 */
static bool stands_at(const char *at, const char *word, bool strict)
{
	size_t size = strlen(word);

	if (strncasecmp(at, word, size) != 0)
		return false;
	return is_word_end(at[size]) || (!strict && at[size] == '-') ||
		(at[size] == 's' && is_word_end(at[size + 1]));
}

static bool mentions(const char *text, const char *word, bool as_code)
{
	bool begins = !as_code;

	for (; *text; text++) {
		if (begins && stands_at(text, word, as_code))
			return true;
		begins = as_code ? *text == '`' : is_word_end(*text);
	}
	return false;
}

/* "`adopt` (list)", "dbmate" */
static bool is_named(const char *term, const char *word)
{
	return stands_at(term + (*term == '`'), word, true);
}

/* All of it, as "Conditions". */
static bool is_heading(const char *text, const char *word)
{
	size_t size = strlen(word);

	return strncasecmp(text, word, size) == 0 &&
		(!text[size] || str_equal(text + size, "s"));
}

void page_filter_heading(struct page_filter *filter, int level, const char *text)
{
	filter->taken = false;
	if (level <= filter->section)
		filter->section = 0;
	buf_truncate(&filter->headings[level - 1], 0);
	buf_puts(&filter->headings[level - 1], text);
	filter->pending[level - 1] = true;
	if (level == 1)
		filter->pending[1] = false;
	if (!filter->section &&
		(is_heading(text, filter->word) ||
			(!filter->strict && stands_at(text, filter->word, true))))
		filter->section = level;
}

bool page_filter_takes(struct page_filter *filter, const char *term, const char *text)
{
	const char *word = filter->word;
	bool takes = filter->section || (term && is_named(term, word)) ||
		mentions(text, word, filter->strict);

	if (!filter->strict)
		takes |= term && mentions(term, word, false);
	filter->found |= takes;
	filter->taken = takes;
	return takes;
}

void page_filter_release(struct page_filter *filter)
{
	buf_release(&filter->headings[0]);
	buf_release(&filter->headings[1]);
}
