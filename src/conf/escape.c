/* SPDX-License-Identifier: MIT */
/* Making values safe inside the quotes of a format. */
#include "conf/escape.h"

#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/path.h"
#include "base/str.h"

#define ENDINGS_MAX 4

static int add_json(const char *value, struct buf *ret, struct err *err)
{
	size_t size = strlen(value);

	if (str_utf8_valid(value, size) < size)
		return err_config(err, "a value that is not UTF-8 cannot stand in JSON");
	json_escape(ret, value, size);
	return 0;
}

/* Between single quotes one character alone is special: it becomes `instead`. */
static int replace_quote(const char *value, const char *instead, struct buf *ret)
{
	for (; *value; value++) {
		if (*value == '\'')
			buf_puts(ret, instead);
		else
			buf_putc(ret, *value);
	}
	return 0;
}

static int add_shell(const char *value, struct buf *ret, struct err *err)
{
	(void)err;
	return replace_quote(value, "'\\''", ret);
}

static int add_sql(const char *value, struct buf *ret, struct err *err)
{
	(void)err;
	return replace_quote(value, "''", ret);
}

/* A row an escape: name, function, where values are safe, endings that suggest it. */
#define ESCAPES(ROW) \
	ROW("none", NULL, "as it is", NULL) \
	ROW("json", add_json, "inside double quotes", ".json") \
	ROW("shell", add_shell, "inside single quotes", ".sh", ".bash") \
	ROW("sql", add_sql, "inside single quotes", ".sql")

#define NAME(name, ...)           name,
#define ROW(name, add, help, ...) {add, help, {__VA_ARGS__}},

const char *const escape_names[] = {ESCAPES(NAME) NULL};

static const struct {
	int (*add)(const char *value, struct buf *ret, struct err *err);
	const char *help;
	const char *endings[ENDINGS_MAX + 1];
} escapes[] = {ESCAPES(ROW)};

int escape_find(const char *name)
{
	for (int i = 0; escape_names[i]; i++)
		if (str_equal(escape_names[i], name))
			return i;
	return -1;
}

int escape_for_path(const char *path)
{
	const char *ending = path_ending(path);

	for (int i = 0; escape_names[i]; i++)
		for (size_t n = 0; escapes[i].endings[n]; n++)
			if (str_equal(escapes[i].endings[n], ending))
				return i;
	return 0;
}

int escape_add(int escape, const char *value, struct buf *ret, struct err *err)
{
	if (escapes[escape].add)
		return escapes[escape].add(value, ret, err);
	buf_puts(ret, value);
	return 0;
}

const char *escape_help(int escape)
{
	return escapes[escape].help;
}

const char *const *escape_endings(int escape)
{
	return escapes[escape].endings;
}
