/* SPDX-License-Identifier: MIT */
/* Lines broken at a terminal's edge, between words. */
#include <string.h>
#include <sys/ioctl.h>

#include "base/buf.h"
#include "base/columns.h"
#include "base/log.h"
#include "base/log_internal.h"

#define COLUMNS_MIN 40 /* in less, nothing can be read */

int log_columns(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col < COLUMNS_MIN)
		return 0;
	return size.ws_col;
}

/* How many bytes the next character has, and how many columns it takes. */
static size_t next_size(const char *text, int *ret_columns)
{
	size_t size;

	if (*text != '\033')
		return columns_next(text, ret_columns);
	*ret_columns = 0;
	size = strcspn(text, "mKhl"); /* a sequence of our own ends in a letter */
	return size + (text[size] != '\0');
}

/* How many columns the word takes that begins there. */
static int word_columns(const char *text)
{
	int columns = 0;

	while (*text && *text != ' ' && *text != '\n') {
		int own;

		text += next_size(text, &own);
		columns += own;
	}
	return columns;
}

void log_wrap(struct buf *line, size_t from, int columns, int indent)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	const char *at;
	int column = 0;

	if (!columns)
		return;
	if (indent > columns / 2) /* behind a long name there is too little room */
		indent = LOG_INDENT;
	buf_puts(&text, line->data + from);
	buf_truncate(line, from);
	for (at = text.data; *at;) {
		int own;
		size_t size = next_size(at, &own);
		bool breaks = *at == ' ' && column > indent && at[1] != ' ' &&
			column + 1 + word_columns(at + 1) > columns;

		if (breaks)
			buf_printf(line, "\n%*s", indent, "");
		else
			buf_add(line, at, size);
		column = breaks ? indent : *at == '\n' ? 0 : column + own;
		at += size;
	}
}
