/* SPDX-License-Identifier: MIT */
/* Lists of which the first few are named. */
#include "base/listed.h"

#include <stdarg.h>

#include "base/buf.h"

void listed_add(
	struct buf *to, size_t i, size_t count, size_t most, const char *format, ...)
{
	va_list args;

	if (i == most)
		buf_printf(to, " and %zu more", count - most);
	if (i >= most)
		return;
	if (i)
		buf_puts(to, ", ");
	va_start(args, format);
	buf_vprintf(to, format, args);
	va_end(args);
}
