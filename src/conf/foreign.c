/* SPDX-License-Identifier: MIT */
/* Variables as the templates of other tools write them. */
#include "conf/foreign.h"

#include <string.h>

#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define NAME_MIN 3 /* "%H%" is a part of a date */

/* The size of the name of capital letters that the text begins with; 0: there is none. */
static size_t capital_size(const char *text)
{
	size_t size = strspn(text, CAPITALS "0123456789_");

	return size >= NAME_MIN && strchr(CAPITALS, *text) ? size : 0;
}

/* "{{ .Env.NAME }}" and "{{ .NAME }}", of gomplate, dockerize and others; "{{-", too. */
static bool is_braced(const char *text, struct foreign *ret)
{
	const char *at = text + 2 + strspn(text + 2, "- ");
	const char *end;

	if (*at != '.')
		return false;
	ret->name = at + 1;
	ret->name_size = capital_size(ret->name);
	if (strncmp(at, ".Env.", 5) == 0) {
		ret->name = at + 5;
		ret->name_size = strcspn(ret->name, " -}|\n");
	}
	end = ret->name + ret->name_size;
	end += strspn(end, "- ");
	if (!ret->name_size || strncmp(end, "}}", 2) != 0)
		return false;
	ret->size = (size_t)(end + 2 - text);
	return true;
}

/* "%NAME%" and "@NAME@", of scripts that call sed(1), and of autoconf. */
static bool is_quoted(const char *text, struct foreign *ret)
{
	ret->name = text + 1;
	ret->name_size = capital_size(ret->name);
	ret->size = ret->name_size + 2;
	return ret->name_size && ret->name[ret->name_size] == *text;
}

bool foreign_find(const char *text, size_t size, struct foreign *ret)
{
	const char *end = text + size;
	struct foreign found = {0};

	for (; text < end; text++) {
		if (*text != '{' && *text != '%' && *text != '@')
			continue;
		found.text = text;
		if (*text == '{' ? text[1] == '{' && is_braced(text, &found)
				 : is_quoted(text, &found)) {
			*ret = found;
			return true;
		}
	}
	return false;
}
