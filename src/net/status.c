/* SPDX-License-Identifier: MIT */
/* Statuses of HTTP. */
#include "net/status.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"

/* Three digits, of which the first one is 1 to 5 (RFC 9110, 15), with `end` behind. */
static bool is_status(const char *text, char end)
{
	return str_digits(text) == 3 && text[0] >= '1' && text[0] <= '5' &&
		text[3] == end;
}

int status_parse(const char *text, struct status_range *ret, struct err *err)
{
	struct status_range range = {0};

	if (text[0] >= '1' && text[0] <= '5' && str_equal(text + 1, "xx")) {
		range.from = (text[0] - '0') * 100L;
		range.to = range.from + 99;
	} else if (is_status(text, '\0')) {
		range.from = range.to = strtol(text, NULL, 10);
	} else if (is_status(text, '-') && is_status(text + 4, '\0')) {
		range.from = strtol(text, NULL, 10);
		range.to = strtol(text + 4, NULL, 10);
	}
	if (!range.from || range.to < range.from)
		return err_config(err,
			"'%s' is no status of HTTP and no range of them, as in 200, "
			"301-308 or 2xx",
			text);
	*ret = range;
	return 0;
}

bool status_is_in(long status, const struct status_range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (status >= ranges[i].from && status <= ranges[i].to)
			return true;
	return count == 0 && status >= 200 && status <= 399;
}

bool status_is_temporary(long status)
{
	return status == 408 || status == 429 || status == 500 || status == 502 ||
		status == 503 || status == 504;
}
