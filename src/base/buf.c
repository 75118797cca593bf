/* SPDX-License-Identifier: MIT */
/* Growing byte strings. */
#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

char buf_empty[1];

void buf_reserve(struct buf *buf, size_t more)
{
	size_t need;
	size_t cap;
	char *data;

	if (more > SIZE_MAX / 4 - buf->len)
		mem_exhausted();
	need = buf->len + more + 1;
	if (need <= buf->cap)
		return;
	cap = buf->cap ? buf->cap * 2 : 64;
	if (cap < need)
		cap = need;
	/* Not realloc: it would leave a copy of a secret behind. */
	data = mem_resize(NULL, cap, 1);
	memcpy(data, buf->data, buf->len + 1);
	if (buf->cap) {
		mem_wipe(buf->data, buf->cap);
		free(buf->data);
	}
	buf->data = data;
	buf->cap = cap;
}

void buf_add(struct buf *buf, const void *data, size_t size)
{
	if (!size)
		return;
	buf_reserve(buf, size);
	memcpy(buf->data + buf->len, data, size);
	buf->len += size;
	buf->data[buf->len] = '\0';
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_putc(struct buf *buf, char c)
{
	if (buf->cap - buf->len < 2)
		buf_reserve(buf, 1);
	buf->data[buf->len++] = c;
	buf->data[buf->len] = '\0';
}

void buf_vprintf(struct buf *buf, const char *format, va_list args)
{
	va_list again;
	size_t room;
	int length;

	/* Mostly it fits, and need not be printed twice. */
	buf_reserve(buf, 1);
	room = buf->cap - buf->len;
	va_copy(again, args);
	length = vsnprintf(buf->data + buf->len, room, format, again);
	va_end(again);
	if (length < 0)
		mem_exhausted();
	if ((size_t)length < room) {
		buf->len += (size_t)length;
		return;
	}
	buf_reserve(buf, (size_t)length);
	/* The room was measured: it cannot be cut. */
	(void)vsnprintf(buf->data + buf->len, (size_t)length + 1, format, args);
	buf->len += (size_t)length;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_vprintf(buf, format, args);
	va_end(args);
}

void buf_add_cut(struct buf *buf, const char *text, size_t size, size_t max)
{
	bool cut = size > max;

	buf_add(buf, text, cut ? str_cut(text, max) : size);
	if (cut)
		buf_puts(buf, "…");
}

void buf_separate(struct buf *buf, const char *separator)
{
	if (buf->len > 0)
		buf_puts(buf, separator);
}

void buf_truncate(struct buf *buf, size_t len)
{
	if (len >= buf->len)
		return;
	mem_wipe(buf->data + len, buf->len - len);
	buf->len = len;
}

void buf_release(struct buf *buf)
{
	if (buf->cap) {
		mem_wipe(buf->data, buf->cap);
		free(buf->data);
	}
	buf->data = buf_empty;
	buf->len = 0;
	buf->cap = 0;
}
