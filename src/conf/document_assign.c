/* SPDX-License-Identifier: MIT */
/* Setting keys of a document to values from outside. */
#include "conf/document_assign.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/document_edit.h"
#include "conf/document_json.h"
#include "conf/document_lines.h"
#include "conf/escape_value.h"

/* ---- order ---- */

static int in_order(
	const void *a, const void *b, int (*compare)(const char *, const char *))
{
	const struct document_value *one = a, *other = b;
	int order = compare(one->section, other->section);

	if (order == 0)
		order = compare(one->key, other->key);
	return order ? order : strcmp(one->from, other->from);
}

static int by_name(const void *a, const void *b)
{
	return in_order(a, b, strcmp);
}

/* Names of ini are the same in any case. */
static int by_ini_name(const void *a, const void *b)
{
	return in_order(a, b, strcasecmp);
}

static bool is_same(enum document_format format, const struct document_value *one,
	const struct document_value *other)
{
	int (*compare)(const char *, const char *) =
		format == DOCUMENT_INI ? strcasecmp : strcmp;

	return compare(one->section, other->section) == 0 &&
		compare(one->key, other->key) == 0;
}

static int sort(enum document_format format, struct document_value *values, size_t count,
	struct err *err)
{
	if (count)
		qsort(values, count, sizeof *values,
			format == DOCUMENT_INI ? by_ini_name : by_name);
	for (size_t i = 1; i < count; i++)
		if (is_same(format, &values[i - 1], &values[i]))
			return err_config(err, "%s and %s both stand for the key '%s'",
				values[i - 1].from, values[i].from, values[i].key);
	return 0;
}

/* Without sections, they are the beginnings of keys. */
static int join_sections(enum document_format format, struct document_value *values,
	size_t count, struct arena *arena, struct err *err)
{
	for (size_t i = 0; format != DOCUMENT_INI && i < count; i++) {
		struct document_value *value = &values[i];

		if (!*value->section)
			continue;
		if (format == DOCUMENT_ENV)
			return err_config(err, "%s: a file of variables has no sections",
				value->from);
		value->key = arena_printf(arena, "%s.%s", value->section, value->key);
		value->section = "";
	}
	return 0;
}

/* ---- one value, as a piece of a document ---- */

static int write_value(
	enum document_format format, const char *value, struct buf *ret, struct err *err)
{
	switch (format) {
	case DOCUMENT_ENV:
		return escape_env(value, ret, err);
	case DOCUMENT_PROPERTIES:
		return escape_properties(value, ret, err);
	default:
		return escape_ini(value, ret, err);
	}
}

static bool is(struct span span, const char *text)
{
	return span.size == strlen(text) &&
		(!span.size || memcmp(span.data, text, span.size) == 0);
}

/* Would the piece, which ends in one line, be read as what was meant? */
static bool reads_back(enum document_format format, const struct document_value *value,
	const char *written, const char *piece)
{
	struct lines lines;
	DECLARE_ERR(ignored);
	int rc = lines_begin(&lines, format, "", piece, strlen(piece), &ignored);

	while (rc >= 0 && (rc = lines_next(&lines, &ignored)) == 1 && !lines.key.size)
		;
	return rc == 1 && !lines.rest.size && is(lines.section, value->section) &&
		is(lines.key, value->key) && is(lines.value, written) &&
		!strpbrk(value->section, "[]");
}

static int add_piece(enum document_format format, const struct document_value *value,
	const char *separator, bool head, struct buf *ret, struct err *err)
{
	CLEANUP_BUF struct buf written = BUF_INIT, name = BUF_INIT, line = BUF_INIT;
	const char *section = value->section;

	if (write_value(format, value->value, &written, err) < 0)
		return err_prefix(err, "%s", value->from);
	buf_printf(&name, "%s%s%s%s", *section ? "[" : "", section, *section ? "]\n" : "",
		value->key);
	buf_printf(&line, "%s%s%s\n", name.data, separator, written.data);
	if (!reads_back(format, value, written.data, line.data))
		return err_config(err, "%s: '%s%s%s' cannot be a key of such a file (%s)",
			value->from, section, *section ? "." : "", value->key,
			document_formats[format]);
	buf_puts(ret, line.data + (head ? 0 : *section ? strlen(section) + 3 : 0));
	return 0;
}

/* ---- all of them ---- */

/* What is between key and value in the first line that has both, or the usual. */
static const char *separator_of(
	enum document_format format, const char *text, size_t size, struct arena *arena)
{
	struct lines lines;
	DECLARE_ERR(later);
	int rc = lines_begin(&lines, format, "", text, size, &later);

	while (rc >= 0 && (rc = lines_next(&lines, &later)) == 1) {
		const char *end = lines.key.data + lines.key.size;
		const char *sign = lines.key.size ? strpbrk(end, "=:") : NULL;

		if (!sign || sign >= lines.value.data || format == DOCUMENT_ENV)
			continue;
		return arena_printf(arena, "%s%c%s", sign > end ? " " : "", *sign,
			sign + 1 < lines.value.data ? " " : "");
	}
	return format == DOCUMENT_INI ? " = " : "=";
}

static int assign_lines(enum document_format format, const char *file, const char *text,
	size_t size, const struct document_value *values, size_t count,
	struct arena *arena, struct buf *to, struct err *err)
{
	const char *separator = separator_of(format, text, size, arena);
	CLEANUP_BUF struct buf set = BUF_INIT;
	struct document_edit edit = {.set_name = "a variable"};

	for (size_t i = 0; i < count; i++) {
		bool head = i == 0 ||
			strcasecmp(values[i - 1].section, values[i].section) != 0;

		if (add_piece(format, &values[i], separator, head, &set, err) < 0)
			return -1;
	}
	edit.set = set.data;
	edit.set_size = set.len;
	return document_edit(format, file, text, size, &edit, arena, to, err);
}

int document_assign(enum document_format format, const char *file, const char *text,
	size_t size, struct document_value *values, size_t count, struct arena *arena,
	struct buf *to, struct err *err)
{
	if (join_sections(format, values, count, arena, err) < 0 ||
		sort(format, values, count, err) < 0)
		return -1;
	if (format == DOCUMENT_JSON)
		return document_json_assign(
			file, text, size, values, count, arena, to, err);
	return assign_lines(format, file, text, size, values, count, arena, to, err);
}
