/* SPDX-License-Identifier: MIT */
/* What files of other programs hold: their lines, their keys. */
#include "conf/document.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/document_json.h"
#include "conf/document_lines.h"

const char *const document_formats[] = {
	"none", "json", "ini", "env", "properties", "lines", NULL};

enum document_format document_format_of(const char *path)
{
	const char *ending = path_ending(path);

	if (str_equal(path_base(path), ".env"))
		return DOCUMENT_ENV;
	for (int i = DOCUMENT_JSON; *ending && i < DOCUMENT_LINES; i++)
		if (str_equal(ending + 1, document_formats[i]))
			return (enum document_format)i;
	return DOCUMENT_NONE;
}

/* With a key: is it there? Without: is each line one of the format? */
static int read_lines(enum document_format format, const char *file, const char *text,
	size_t size, const char *key, struct err *err)
{
	struct lines lines;
	int rc = lines_begin(&lines, format, file, text, size, err);

	if (rc < 0)
		return -1;
	while ((rc = lines_next(&lines, err)) == 1)
		if (key && lines_is_key(&lines, key))
			return 1;
	return rc;
}

/* ---- both ---- */

static int read_document(enum document_format format, const char *file, const char *text,
	size_t size, const char *key, struct err *err)
{
	if (format == DOCUMENT_NONE)
		return 0;
	if (format == DOCUMENT_JSON)
		return document_json_read(file, text, size, key, err);
	return read_lines(format, file, text, size, key, err);
}

int document_check(enum document_format format, const char *file, const char *text,
	size_t size, struct err *err)
{
	return read_document(format, file, text, size, NULL, err);
}

int document_has(enum document_format format, const char *file, const char *text,
	size_t size, const char *key, struct err *err)
{
	return read_document(format, file, text, size, key, err);
}
