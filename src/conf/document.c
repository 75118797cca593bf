/* SPDX-License-Identifier: MIT */
/* What files of other programs hold: their lines, their keys. */
#include "conf/document.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/document_lines.h"

const char *const document_formats[] = {"none", "json", "ini", "env", "properties", NULL};

enum document_format document_format_of(const char *path)
{
	const char *ending = path_ending(path);

	if (str_equal(path_base(path), ".env"))
		return DOCUMENT_ENV;
	for (int i = DOCUMENT_JSON; *ending && document_formats[i]; i++)
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

/* ---- JSON ---- */

static bool json_has(const struct json *json, size_t token, const char *path);

/* Does the path begin with this name, which leads to the value at `token`? */
static bool leads_on(
	const struct json *json, size_t token, const struct buf *name, const char *path)
{
	const char *rest = path + name->len;

	if (strncmp(path, name->data, name->len) != 0)
		return false;
	return !*rest || (*rest == '.' && json_has(json, token, rest + 1));
}

/* A name may have dots: so each that fits is tried. */
static bool json_has(const struct json *json, size_t token, const char *path)
{
	const struct json_token *tokens = json->tokens;
	bool object = tokens[token].type == JSON_OBJECT;
	size_t number = 0;

	if (!object && tokens[token].type != JSON_ARRAY)
		return false;
	for (size_t i = token + 1; i < tokens[token].next; i = tokens[i].next) {
		CLEANUP_BUF struct buf name = BUF_INIT;

		if (object)
			json_decode(json, i, &name);
		else
			buf_printf(&name, "%zu", number++);
		if (name.len && leads_on(json, object ? i + 1 : i, &name, path))
			return true;
	}
	return false;
}

static int read_json(
	const char *file, const char *text, size_t size, const char *key, struct err *err)
{
	CLEANUP_JSON struct json json = JSON_INIT;

	if (json_read(&json, file, text, size, err) < 0)
		return -1;
	return key && json_has(&json, 0, key);
}

/* ---- both ---- */

static int read_document(enum document_format format, const char *file, const char *text,
	size_t size, const char *key, struct err *err)
{
	if (format == DOCUMENT_NONE)
		return 0;
	if (format == DOCUMENT_JSON)
		return read_json(file, text, size, key, err);
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
