/* SPDX-License-Identifier: MIT */
/* Undoing the escapes of formats, to find in a text what is escaped there. */
#ifndef BASE_UNESCAPE_H
#define BASE_UNESCAPE_H

#include <stdbool.h>
#include <stddef.h>

struct buf;

enum unescape {
	UNESCAPE_BACKSLASH, /* JSON, C, shells: \n \" \/ \x1b \u00e4 \033 */
	UNESCAPE_PERCENT,   /* %2F */
	UNESCAPE_FORM,      /* %2F, and + for a space */
	UNESCAPE_SHELL,     /* '\'' and '"'"' between single quotes */
	UNESCAPE_DOUBLED,   /* '' and "" (SQL, YAML, CSV) */
	UNESCAPE_XML,       /* &amp; &#39; &#x27; */
};
#define UNESCAPE_COUNT 6

/* The kinds of which `text` may have escapes: a set of 1 << UNESCAPE_…. */
unsigned unescape_kinds(const char *text, size_t size);

/*
 * Appends `text` with every escape of that kind undone; what only looks like one stays as
 * it is. `*ret_starts`, which the caller frees, has for each byte that was appended, and
 * for the end, the offset in `text` of what it was made from. Returns false and appends
 * nothing where there is no such escape.
 */
bool unescape(enum unescape how, const char *text, size_t size, struct buf *ret,
	size_t **ret_starts);

#endif
