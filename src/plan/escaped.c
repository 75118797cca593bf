/* SPDX-License-Identifier: MIT */
/* Texts for the formats of pictures and metrics. */
#include "plan/escaped.h"

#include <string.h>

#include "base/buf.h"
#include "base/str.h"

void escaped_add(struct buf *to, const char *text, const char *const (*pairs)[2])
{
	while (*text) {
		size_t i = 0;

		while (pairs[i][0] && !str_starts(text, pairs[i][0]))
			i++;
		if (pairs[i][0]) {
			buf_puts(to, pairs[i][1]);
			text += strlen(pairs[i][0]);
		} else {
			buf_putc(to, *text++);
		}
	}
}
