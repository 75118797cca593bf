/* SPDX-License-Identifier: MIT */
/* Writing JSON. */
#include "base/json.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/scan.h"
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

static void escape(struct buf *to, const char *text, size_t size, bool controls)
{
	for (size_t i = 0; i < size;) {
		size_t plain = scan_plain(text + i, size - i, "\"\\");
		uint32_t code;
		size_t n;

		buf_add(to, text + i, plain);
		i += plain;
		if (i == size)
			break;
		n = str_character(text + i, size - i, &code);
		/* JSON is UTF-8: a byte that is not becomes the replacement character. */
		if (n == 0)
			buf_puts(to, "\xef\xbf\xbd");
		else if (n == 1)
			escape_byte(to, text[i]);
		else if (controls && str_is_control(code))
			buf_printf(to, "\\u%04x", (unsigned)code);
		else
			buf_add(to, text + i, n);
		i += n ? n : 1;
	}
}

void json_escape(struct buf *to, const char *text, size_t size)
{
	escape(to, text, size, false);
}

void json_show(struct buf *to, const char *text, size_t size)
{
	for (size_t i = 0; i < size;) {
		size_t plain = scan_plain(text + i, size - i, "");
		uint32_t code;
		size_t n;

		buf_add(to, text + i, plain);
		i += plain;
		if (i == size)
			break;
		n = str_character(text + i, size - i, &code);
		/* Below a blank there is white space between the strings alone. */
		if (n > 0 && code >= ' ' && str_is_control(code))
			buf_printf(to, "\\u%04x", (unsigned)code);
		else
			buf_add(to, text + i, n ? n : 1);
		i += n ? n : 1;
	}
}

void json_next(struct buf *to)
{
	if (to->len && !strchr("{[:", to->data[to->len - 1]))
		buf_putc(to, ',');
}

void json_member(struct buf *to, const char *name, const char *text)
{
	json_string(to, name);
	buf_putc(to, ':');
	json_string(to, text);
}

void json_string(struct buf *to, const char *text)
{
	json_next(to);
	buf_putc(to, '"');
	escape(to, text, strlen(text), true);
	buf_putc(to, '"');
}
