/* SPDX-License-Identifier: MIT */
/* The migrations of one message. */
#include "db/adopt_names.h"

#include <stdarg.h>

#include "base/buf.h"
#include "base/mem.h"

void adopt_names_add(
	struct adopt_names *names, struct arena *arena, const char *format, ...)
{
	CLEANUP_BUF struct buf text = BUF_INIT;
	va_list args;

	if (names->count < ADOPT_NAMED) {
		va_start(args, format);
		buf_vprintf(&text, format, args);
		va_end(args);
		names->first[names->count] = arena_strdup(arena, text.data);
	}
	names->count++;
}
