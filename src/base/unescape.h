/* SPDX-License-Identifier: MIT */
/* Undoing the escapes of formats, to find in a text what is escaped there. */
#ifndef BASE_UNESCAPE_H
#define BASE_UNESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum unescape {
	UNESCAPE_BACKSLASH, /* JSON, C, shells: \n \" \/ \x1b \u00e4 \033 */
	UNESCAPE_PERCENT,   /* %2F */
	UNESCAPE_FORM,      /* %2F, and + for a space */
	UNESCAPE_SHELL,     /* '\'' and '"'"' between single quotes */
	UNESCAPE_DOUBLED,   /* '' and "" (SQL, YAML, CSV) */
	UNESCAPE_XML,       /* &amp; &#39; &#x27; */
	UNESCAPE_SPACED, /* 5a 71 37, 5A:71:37 and 0x5a, 0x71; across lines of xxd, od */
};
#define UNESCAPE_COUNT 7

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

/*
 * Reads the \uXXXX that begins `text`, behind a backslash, or the two of a pair (RFC
 * 8259, 7). Returns how many bytes they have, or 0 where there is none. A code in U+D800
 * to U+DFFF is half of a pair, alone.
 */
size_t unescape_utf16(const char *text, size_t size, uint32_t *ret_code);

/* Appends the character as UTF-8; a value over U+10FFFF gives invalid UTF-8. */
void unescape_put(struct buf *ret, uint32_t code);

#endif
