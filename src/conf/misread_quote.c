/* SPDX-License-Identifier: MIT */
/* Quotes around a value. */
#include <string.h>

#include "base/err.h"
#include "conf/misread_internal.h"

bool misread_is_quote(char c)
{
	return c == '"' || c == '\'';
}

bool misread_is_quoted(const char *text, size_t size)
{
	return size > 1 && misread_is_quote(*text) &&
		memchr(text + 1, *text, size - 1) == text + size - 1;
}

int misread_refuse_quotes(char quote, struct err *err)
{
	return err_config(err,
		"the quotes would be part of the value: write it without them, or, where "
		"they are meant, ${X:-%c}",
		quote);
}
