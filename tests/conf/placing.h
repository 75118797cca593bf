/* SPDX-License-Identifier: MIT */
/* A value put into its place in a text of a format. */
#ifndef TESTS_CONF_PLACING_H
#define TESTS_CONF_PLACING_H

#include "../unit.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/escape.h"

/* Renders "BEFORE${V}BEHIND" by hand; the result is what the value became. */
static inline int place(const char *escape, const char *before, const char *value,
	const char *behind, struct buf *ret, struct err *err)
{
	int format = escape_find(escape);
	const struct escape_next next = {behind, strlen(behind)};
	CLEANUP_BUF struct buf text = BUF_INIT;
	struct lexer lexer;
	size_t size;
	int rc;

	escape_begin(format, &lexer);
	escape_text(&lexer, before, strlen(before), &text);
	size = text.len;
	rc = escape_add(format, &lexer, value, &next, &text, err);
	buf_add(ret, text.data + size, text.len - size);
	escape_release(&lexer);
	return rc;
}

#endif
