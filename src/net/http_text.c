/* SPDX-License-Identifier: MIT */
/* Reading what HTTP has as text. */
#include "net/http_text.h"

#include <stdio.h>
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

void http_explain_status(const struct http_head *head, char ret[HTTP_TEXT_MAX])
{
	(void)snprintf(ret, HTTP_TEXT_MAX, "%s%s%sthe server%s%s answers with status %ld",
		*head->at ? "redirected to " : "", head->at, *head->at ? ": " : "",
		*head->proxy ? " or the proxy of " : "", head->proxy,
		head->status); /* fits */
}
