/* SPDX-License-Identifier: MIT */
/* Reading what HTTP has as text. */
#include "net/http_text.h"

#include <stdlib.h>
#include <strings.h>

#include "base/str.h"

uint64_t http_range_begin(const char *text)
{
	char *end;
	unsigned long long from;

	if (strncasecmp(text, "bytes ", 6) != 0 || !str_is_digit(text[6]))
		return UINT64_MAX;
	from = strtoull(text + 6, &end, 10);
	return *end == '-' ? from : UINT64_MAX;
}

bool http_is_tls(const char *url)
{
	return strncasecmp(url, "https://", 8) == 0;
}
