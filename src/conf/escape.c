/* SPDX-License-Identifier: MIT */
/* Making values safe inside the quotes of a format. */
#include "conf/escape.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/path.h"
#include "base/str.h"

const char *const escape_names[] = {"none", "json", "shell", "sql", NULL};

static const struct {
	const char *ending;
	enum escape escape;
} endings[] = {
	{".json", ESCAPE_JSON},
	{".sh", ESCAPE_SHELL},
	{".bash", ESCAPE_SHELL},
	{".sql", ESCAPE_SQL},
};

bool escape_find(const char *name, enum escape *ret)
{
	for (int i = 0; escape_names[i]; i++) {
		if (str_equal(escape_names[i], name)) {
			*ret = (enum escape)i;
			return true;
		}
	}
	return false;
}

enum escape escape_for_path(const char *path)
{
	const char *ending = path_ending(path);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (str_equal(endings[i].ending, ending))
			return endings[i].escape;
	return ESCAPE_NONE;
}

/* Between single quotes one character alone is special: it becomes `instead`. */
static void escape_quote(const char *value, const char *instead, struct buf *ret)
{
	for (; *value; value++) {
		if (*value == '\'')
			buf_puts(ret, instead);
		else
			buf_putc(ret, *value);
	}
}

int escape_add(enum escape escape, const char *value, struct buf *ret, struct err *err)
{
	size_t size = strlen(value);

	switch (escape) {
	case ESCAPE_NONE:
		buf_add(ret, value, size);
		return 0;
	case ESCAPE_JSON:
		if (str_utf8_valid(value, size) < size)
			return err_config(
				err, "a value that is not UTF-8 cannot stand in JSON");
		json_escape(ret, value, size);
		return 0;
	case ESCAPE_SHELL:
		escape_quote(value, "'\\''", ret);
		return 0;
	case ESCAPE_SQL:
		escape_quote(value, "''", ret);
		return 0;
	}
	return err_config(err, "unknown escape %d", (int)escape);
}
