/* SPDX-License-Identifier: MIT */
/*
 * A growing byte string. Always terminated by a NUL that `len` does not count, so
 * `data` is a C string where the content has no NUL. An empty buffer's `data` is "".
 *
 *	CLEANUP_BUF struct buf text = BUF_INIT;
 *	buf_printf(&text, "%d objects", n);
 *
 * Whatever a buffer held is wiped when it grows or goes away: values may be secrets.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len;
	size_t cap; /* 0: `data` is the shared empty string */
};

extern char buf_empty[1];
#define BUF_INIT \
	{ \
		.data = buf_empty \
	}
#define CLEANUP_BUF __attribute__((cleanup(buf_release)))

/* Makes room for `more` further bytes and the NUL. */
void buf_reserve(struct buf *buf, size_t more);
void buf_add(struct buf *buf, const void *data, size_t size);
void buf_puts(struct buf *buf, const char *text);
void buf_putc(struct buf *buf, char c);
__attribute__((format(printf, 2, 3))) void buf_printf(
	struct buf *buf, const char *format, ...);
__attribute__((format(printf, 2, 0))) void buf_vprintf(
	struct buf *buf, const char *format, va_list args);

/* Adds a text, of a long one the first `max` bytes, in whole characters, and "…". */
void buf_add_cut(struct buf *buf, const char *text, size_t size, size_t max);

/* Adds `separator` unless the buffer is empty: between the parts of a list. */
void buf_separate(struct buf *buf, const char *separator);

/* Cuts it to `len` bytes; what is shorter stays as it is. */
void buf_truncate(struct buf *buf, size_t len);
void buf_release(struct buf *buf);

#endif
