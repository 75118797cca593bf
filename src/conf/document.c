/* SPDX-License-Identifier: MIT */
/* What files of other programs hold: their lines, their keys. */
#include "conf/document.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/path.h"
#include "base/place.h"
#include "base/str.h"

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

/* A part of the text. */
struct span {
	const char *data;
	size_t size;
};

static struct span trim(struct span span)
{
	while (span.size && str_is_space(span.data[0]))
		span = (struct span){span.data + 1, span.size - 1};
	while (span.size && str_is_space(span.data[span.size - 1]))
		span.size--;
	return span;
}

/* What is in front of the first of these bytes; all of it where there is none. */
static struct span before(struct span span, const char *bytes)
{
	size_t size = 0;

	while (size < span.size && !strchr(bytes, span.data[size]))
		size++;
	return trim((struct span){span.data, size});
}

static bool is(struct span span, const char *text)
{
	return span.size == strlen(text) && memcmp(span.data, text, span.size) == 0;
}

/* ---- lines ---- */

/* A document of lines, and the line at hand. */
struct lines {
	const char *file;
	struct span rest;
	int number;
	struct span line;    /* trimmed */
	struct span section; /* of ini */
	struct span key;     /* of the line, or empty */
};

static bool next_line(struct lines *lines)
{
	const char *end;
	size_t size = lines->rest.size;

	if (!size)
		return false;
	end = memchr(lines->rest.data, '\n', size);
	if (end)
		size = (size_t)(end - lines->rest.data) + 1;
	lines->line = trim((struct span){lines->rest.data, size});
	lines->rest = (struct span){lines->rest.data + size, lines->rest.size - size};
	lines->number++;
	lines->key = (struct span){0};
	return true;
}

static int raise(const struct lines *lines, const char *what, struct err *err)
{
	(void)err_config(err, "%s", what); /* always -1 */
	return err_at(err, (struct place){.file = lines->file, .line = lines->number});
}

static int read_ini(struct lines *lines, struct err *err)
{
	struct span line = lines->line;
	const char *end;

	if (!line.size || strchr("#;", line.data[0]))
		return 0;
	if (line.data[0] != '[') {
		lines->key = before(line, "=:");
		return lines->key.size ? 0 : raise(lines, "a value without a key", err);
	}
	end = memrchr(line.data, ']', line.size);
	if (!end)
		return raise(lines, "the section has no ']' at its end", err);
	lines->section =
		trim((struct span){line.data + 1, (size_t)(end - line.data) - 1});
	return 0;
}

/* A value in quotes goes on behind the end of its line. */
static void skip_quoted(struct lines *lines, struct span value)
{
	char quote = value.size ? value.data[0] : '\0';

	if (quote != '"' && quote != '\'')
		return;
	value = (struct span){value.data + 1, value.size - 1};
	while (!memchr(value.data, quote, value.size) && next_line(lines))
		value = lines->line;
}

static int read_env(struct lines *lines, struct err *err)
{
	struct span line = lines->line, key;

	if (!line.size || line.data[0] == '#')
		return 0;
	if (line.size > 7 && memcmp(line.data, "export", 6) == 0 &&
		str_is_space(line.data[6]))
		line = trim((struct span){line.data + 6, line.size - 6});
	key = before(line, "=");
	if (!str_is_name(key.data, key.size))
		return raise(lines, "the line is no NAME=value", err);
	if (key.size < line.size)
		skip_quoted(lines,
			trim((struct span){
				line.data + key.size + 1, line.size - key.size - 1}));
	lines->key = key;
	return 0;
}

/* An odd number of backslashes at its end: the next line goes on with this one. */
static bool is_continued(struct span line)
{
	size_t count = 0;

	while (count < line.size && line.data[line.size - 1 - count] == '\\')
		count++;
	return count % 2 == 1;
}

static int read_properties(struct lines *lines, struct err *err)
{
	struct span line = lines->line;
	size_t size = 0;

	(void)err;
	if (!line.size || strchr("#!", line.data[0]))
		return 0;
	while (size < line.size && !strchr("=: \t\f", line.data[size]))
		size += line.data[size] == '\\' && size + 1 < line.size ? 2 : 1;
	while (is_continued(lines->line) && next_line(lines))
		continue;
	lines->key = (struct span){line.data, size};
	return 0;
}

typedef int read_line(struct lines *lines, struct err *err);

static read_line *const readers[] = {
	[DOCUMENT_INI] = read_ini,
	[DOCUMENT_ENV] = read_env,
	[DOCUMENT_PROPERTIES] = read_properties,
};

/* ---- keys ---- */

/* Is it "section.key", where either may have dots? */
static bool is_ini_key(const struct lines *lines, const char *key)
{
	struct span section = lines->section, name = lines->key;
	size_t at = section.size ? section.size + 1 : 0;

	return strlen(key) == at + name.size && (!at || key[at - 1] == '.') &&
		strncasecmp(key, section.data ? section.data : "", section.size) == 0 &&
		strncasecmp(key + at, name.data, name.size) == 0;
}

/* A backslash in front of a character of the key means nothing more. */
static bool is_properties_key(struct span name, const char *key)
{
	for (size_t i = 0; i < name.size; i++) {
		if (name.data[i] == '\\' && i + 1 < name.size)
			i++;
		if (*key++ != name.data[i])
			return false;
	}
	return !*key;
}

static bool is_key(
	enum document_format format, const struct lines *lines, const char *key)
{
	if (!lines->key.size)
		return false;
	switch (format) {
	case DOCUMENT_INI:
		return is_ini_key(lines, key);
	case DOCUMENT_PROPERTIES:
		return is_properties_key(lines->key, key);
	default:
		return is(lines->key, key);
	}
}

/* With a key: is it there? Without: is each line one of the format? */
static int read_lines(enum document_format format, struct lines *lines, const char *key,
	struct err *err)
{
	size_t bom = str_bom_size(lines->rest.data, lines->rest.size);

	if (memchr(lines->rest.data, '\0', lines->rest.size))
		return raise(lines, "it holds a NUL byte", err);
	lines->rest = (struct span){lines->rest.data + bom, lines->rest.size - bom};
	while (next_line(lines)) {
		if (readers[format](lines, err) < 0)
			return -1;
		if (key && is_key(format, lines, key))
			return 1;
	}
	return 0;
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
	struct lines lines = {.file = file, .rest = {text, size}};

	if (format == DOCUMENT_NONE)
		return 0;
	if (format == DOCUMENT_JSON)
		return read_json(file, text, size, key, err);
	return read_lines(format, &lines, key, err);
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
