/* SPDX-License-Identifier: MIT */
/* What files of other programs hold: their lines, their keys. */
#include "conf/document.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "conf/document_json.h"
#include "conf/document_lines.h"
#include "conf/document_keys.h"
#include "conf/field.h"

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

const char *document_no_format(const char *path, struct arena *arena)
{
	static const char *const others[][2] = {
		{".yaml", "YAML"}, {".yml", "YAML"}, {".toml", "TOML"}, {".xml", "XML"}};
	const char *ending = path_ending(path);

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strcasecmp(ending, others[i][0]) == 0)
			return arena_printf(arena,
				"'%s' is %s, whose single keys are neither found nor "
				"changed; make the whole file of a `template`, or "
				"write `format` if it is in another one",
				path, others[i][1]);
	return arena_printf(arena,
		"the ending of '%s' does not say its format; write `format`", path);
}

/* Is each line one of the format? With keys: up to the line by which all are found. */
static int read_lines(struct lines *lines, const struct list *keys,
	const struct document_keys *wanted, bool *found, struct err *err)
{
	size_t left = keys ? keys->count : 1;
	int rc;

	while (left && (rc = lines_next(lines, err)) != 0) {
		if (rc < 0)
			return -1;
		for (const struct document_key *known =
				keys ? document_keys_find(wanted, lines) : NULL;
			known; known = known->next) {
			size_t i = known->number;

			if (found[i] || !lines_is_key(lines, keys->items[i]))
				continue;
			found[i] = true;
			left--;
		}
	}
	return 0;
}

static int read_keys(
	struct lines *lines, const struct list *keys, struct buf *ret, struct err *err)
{
	CLEANUP_FREE bool *found = mem_zalloc(keys->count + 1);
	struct arena arena = {0};
	struct document_keys wanted = {
		.table = {.arena = &arena}, .format = lines->format};
	int rc;

	for (size_t i = 0; i < keys->count; i++)
		document_keys_add(&wanted, keys->items[i]);
	rc = read_lines(lines, keys, &wanted, found, err);
	arena_release(&arena);
	for (size_t i = 0; rc == 0 && i < keys->count; i++)
		if (!found[i])
			buf_printf(ret, "%s'%s'", ret->len ? ", " : "", keys->items[i]);
	return rc;
}

/* ---- both ---- */

static int read_document(enum document_format format, const char *file, const char *text,
	size_t size, const struct list *keys, struct buf *ret, struct err *err)
{
	struct lines lines;

	if (format == DOCUMENT_NONE)
		return 0;
	if (format == DOCUMENT_JSON)
		return document_json_missing(file, text, size, keys, ret, err);
	if (lines_begin(&lines, format, file, text, size, err) < 0)
		return -1;
	return keys ? read_keys(&lines, keys, ret, err)
		    : read_lines(&lines, NULL, NULL, NULL, err);
}

int document_check(enum document_format format, const char *file, const char *text,
	size_t size, struct err *err)
{
	return read_document(format, file, text, size, NULL, NULL, err);
}

int document_missing(enum document_format format, const char *file, const char *text,
	size_t size, const struct list *keys, struct buf *ret, struct err *err)
{
	return read_document(format, file, text, size, keys, ret, err);
}

/* ---- names ---- */

int document_check_key(enum document_format format, const char *key, struct err *err)
{
	const char *dot = strrchr(key, '.'), *last = dot ? dot + 1 : key;
	size_t size = strlen(key);

	if (format == DOCUMENT_ENV && !str_is_name(key, size))
		return err_config(err, "'%s' is no name of a variable", key);
	if (format == DOCUMENT_INI && *key == '[' && key[size - 1] == ']')
		return err_config(err,
			"'%s' is a section, not a key: write each of its keys, as in "
			"section.key",
			key);
	if (format == DOCUMENT_INI && strpbrk(last, "=:"))
		return err_config(err, "'%s' is no key: write it without its value", key);
	if (format != DOCUMENT_NONE && format != DOCUMENT_LINES && str_equal(last, "*"))
		return err_config(
			err, "'%s' is no key: there are no globs; write each one", key);
	return 0;
}
