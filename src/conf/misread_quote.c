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

static int add_meant(char quote, struct err *err)
{
	return quote ? err_append(err, ", or, where they are meant, ${X:-%c}", quote)
		     : -1;
}

int misread_refuse_quotes(char quote, struct err *err)
{
	(void)err_config(err, /* always -1 */
		"the quotes would be part of the value: write it without them");
	return add_meant(quote, err);
}

int misread_refuse_item_quotes(const char *word, size_t size, char quote, struct err *err)
{
	(void)err_config(err, /* always -1 */
		"the quotes would be part of the item: write %.*s without them",
		(int)size, word);
	return add_meant(quote, err);
}
