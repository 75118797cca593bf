/* SPDX-License-Identifier: MIT */
/* Writing JSON. */
#include "base/json.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"

static void escape_byte(struct buf *to, char c)
{
	static const char plain[] = "\"\\\b\f\n\r\t";
	static const char letter[] = "\"\\bfnrt";
	const char *at = c ? strchr(plain, c) : NULL;

	if (at) {
		buf_putc(to, '\\');
		buf_putc(to, letter[at - plain]);
	} else if ((unsigned char)c < 0x20 || c == 0x7f) {
		buf_printf(to, "\\u%04x", (unsigned)(unsigned char)c);
	} else {
		buf_putc(to, c);
	}
}

void json_escape(struct buf *to, const char *text, size_t size)
{
	/* JSON is UTF-8: a byte that is not becomes U+FFFD, the replacement character. */
	size_t good = str_utf8_valid(text, size);

	while (size > 0) {
		for (size_t i = 0; i < good; i++)
			escape_byte(to, text[i]);
		if (good == size)
			return;
		buf_puts(to, "\xef\xbf\xbd");
		text += good + 1;
		size -= good + 1;
		good = str_utf8_valid(text, size);
	}
}

void json_string(struct buf *to, const char *text)
{
	if (!text) {
		buf_puts(to, "null");
		return;
	}
	buf_putc(to, '"');
	json_escape(to, text, strlen(text));
	buf_putc(to, '"');
}
