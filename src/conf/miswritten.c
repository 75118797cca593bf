/* SPDX-License-Identifier: MIT */
/* Headers and lines in the form of other formats. */
#include "conf/miswritten.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/words.h"

#define SHOWN_MAX 40

const char *miswritten_header(const char *section, struct arena *arena)
{
	CLEANUP_BUF struct buf meant = BUF_INIT;
	struct list words = {0};

	if (!strpbrk(section, WORDS_SPACE))
		return NULL;
	words_split(section, WORDS_SPACE ":", arena, &words);
	if (!words.count)
		return NULL;
	for (size_t i = 0; i < words.count; i++)
		buf_printf(&meant, "%s%s",
			i == 0           ? ""
				: i == 1 ? ":"
					 : "-",
			words.items[i]);
	return arena_printf(arena, "[%s]: %s: write [%s]", section,
		strchr(section, ':') || words.count == 1
			? "no white space may stand in a header"
			: "a ':' stands between kind and name",
		meant.data);
}

const char *miswritten_line(
	const char *line, size_t size, size_t key_size, struct arena *arena)
{
	size_t shown = size > SHOWN_MAX ? str_cut(line, SHOWN_MAX) : size;
	size_t value = key_size;

	while (value < shown && strchr(" \t:", line[value]))
		value++;
	if (!key_size || value == key_size || value == shown || memchr(line, '=', size))
		return arena_printf(arena,
			"expected 'key = value' (a key has letters, digits, '_' and "
			"'-'), not '%.*s'; a further line of a value is indented",
			(int)shown, line);
	return arena_printf(arena,
		"expected 'key = value', not '%.*s': write '%.*s = %.*s', or indent it "
		"as a further line of a value",
		(int)shown, line, (int)key_size, line, (int)(shown - value),
		line + value);
}
