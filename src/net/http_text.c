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

const char *http_proxy_variable(bool https)
{
	static const char *const names[2][4] = {
		{"http_proxy", "all_proxy", "ALL_PROXY"},
		{"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"},
	};

	for (size_t i = 0; i < 4 && names[https][i]; i++) {
		const char *value = getenv(names[https][i]);

		if (value && *value)
			return names[https][i];
	}
	return NULL;
}
